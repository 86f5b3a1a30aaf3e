"""Button with the number of an answer's tokens that the parameters would drop; it goes to them."""

import numpy
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.text.translation import _
from app.ui.lab.what_if.answer_sentences import cut_words
from app.ui.lab.what_if.quiet_lines import Offer
from app.ui.lab.what_if.strip_image import Flags
from app.ui.theme.words import put_tip


class Survival(Offer):
    """Sentence with the number of dropped tokens; if there are any, a button that goes to the next
    one."""

    #: The place of a token in the answer.
    place_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Next ›"), parent)
        self._cut = numpy.zeros(0, numpy.int64)
        self._place = 0
        put_tip(
            self.button,
            _(
                "With these parameters such a token could not have come after the text before it. "
                "Red dashes below the chart mark them. Click to go to the next one."
            ),
        )
        self.wanted.connect(self._go_on)

    def show_cut(self, cut: Flags, may_be: int = 0, *, certain: bool = True) -> None:
        """Take for each token of an answer whether it is cut, surely if `certain`, else likely;
        `may_be` other tokens may be cut, too."""
        self._cut = numpy.flatnonzero(cut)
        words = cut_words(len(self._cut), may_be, len(cut), certain=certain)
        self.say(words, button=bool(len(self._cut)))

    def show_place(self, place: int) -> None:
        """Take which token is looked at."""
        self._place = place

    def _go_on(self) -> None:
        """After the last comes the first."""
        later = self._cut[self._cut > self._place]
        if len(self._cut):
            self.place_wanted.emit(int(later[0] if len(later) else self._cut[0]))
