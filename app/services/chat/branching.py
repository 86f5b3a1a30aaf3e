"""Branches that begin at a token of an answer, and the request for probabilities that they need."""

import asyncio
from collections.abc import Mapping
from typing import Any

from app.api.dialects.prefill import why_no_prefill
from app.domain.chat.fork import BranchPoint, prefix_at, why_no_branch
from app.domain.parameters.table import BY_NAME
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider
from app.domain.text.translation import _
from app.services.chat.chat import Chat
from app.services.chat.conversations import OpenConversation
from app.services.providers.providers import Providers

#: The parameter that asks for probabilities, and the number of alternatives of each token.
ASKING, ALTERNATIVES = "logprobs", "top_logprobs"


class Branching:
    """Begins branches at a token, and names the parameters that make them possible."""

    def __init__(self, chat: Chat, providers: Providers) -> None:
        self._chat = chat
        self._providers = providers

    def why_not(self, opened: OpenConversation, fork: BranchPoint) -> str:
        """Return a sentence why no branch can begin at this point; empty if one can."""
        if self._chat.is_answering(opened.id):
            return _("An answer is streaming in this chat. Stop it first.")
        provider = self._providers.get(opened.conversation.provider)
        return why_no_prefill(provider.kind) or why_no_branch(fork)

    def begin(self, opened: OpenConversation, fork: BranchPoint) -> asyncio.Task[Any] | None:
        """Begin a branch beside the answer, which stays, and return its task.

        None if the chosen alternative is the token that ends an answer: nothing is requested then.
        Raises ValueError with the sentence of `why_not`.
        """
        if reason := self.why_not(opened, fork):
            raise ValueError(reason)
        return self._chat.begin_branch(opened, fork.message.id, prefix_at(fork))

    def asking(self, provider: Provider, model: Model) -> tuple[Mapping[str, Any], str]:
        """Return the parameters that ask for probabilities, with the greatest number of
        alternatives; or none, and a sentence why this model gives no probabilities."""
        refused = self._providers.not_taken(provider, model)
        if ASKING in refused:
            return {}, refused[ASKING]
        values: dict[str, Any] = {ASKING: True}
        if ALTERNATIVES not in refused:
            values[ALTERNATIVES] = int(BY_NAME[ALTERNATIVES].high or 0)
        return values, ""

    def with_asking(
        self, provider: Provider, model: Model, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return values that ask for probabilities as well, where the model gives them. Values
        that say whether to ask, such as a preset's, stay as they are."""
        if ASKING in values:
            return dict(values)
        asking, _reason = self.asking(provider, model)
        return {**asking, **values}
