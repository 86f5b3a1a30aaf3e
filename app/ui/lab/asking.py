"""The request for probabilities in words: it is offered, made already, or not supported."""

from dataclasses import dataclass

from app.domain.text.translation import _


@dataclass(frozen=True, slots=True)
class Asking:
    """State of the request for probabilities in the conversation in view."""

    #: Whether the next answer is asked for with its probabilities.
    asked: bool = False
    #: The reason why the model gives no probabilities; empty if it may.
    reason: str = ""
    #: Whether an answer is under way.
    answering: bool = False

    @property
    def offered(self) -> bool:
        """Whether there is a button that asks for probabilities."""
        return not self.asked and not self.reason

    def lab_words(self) -> str:
        """Return a sentence for the lab while no answer in view has probabilities."""
        if self.asked and self.answering:
            return _("Waiting for the answer. Its tokens are shown here when it is complete.")
        if self.asked:
            return _("The next answer comes with probabilities. Its tokens are shown here.")
        if self.reason:
            return _("The lab needs probabilities of tokens. {reason}").format(reason=self.reason)
        return _(
            "No answer here has probabilities yet. With them the lab shows how the parameters "
            "change the choice of each token."
        )

    def heat_words(self) -> str:
        """Return a sentence for the heat map while no answer in view has probabilities."""
        if self.asked and self.answering:
            return _("Waiting for the answer. The heat map appears when it is complete.")
        if self.asked:
            return _("The next answer comes with probabilities.")
        return self.reason or _("No answer here has probabilities yet.")
