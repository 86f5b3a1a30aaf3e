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
    """Branches at a token, and asks for the probabilities that they need."""

    def __init__(self, chat: Chat, providers: Providers) -> None:
        self._chat = chat
        self._providers = providers

    def why_not(self, opened: OpenConversation, fork: BranchPoint) -> str:
        """Why a branch can't begin at a fork: a sentence; empty where it can."""
        if self._chat.is_answering(opened.id):
            return _("This conversation is being answered. Stop the answer first.")
        provider = self._providers.get(opened.conversation.provider)
        return why_no_prefill(provider.kind) or why_no_branch(fork)

    def begin(self, opened: OpenConversation, fork: BranchPoint) -> asyncio.Task[Any] | None:
        """Begin a branch; the answer stays as it is, beside it. Nothing is asked for where the
        alternative is what ends an answer. Raises ValueError where `why_not` says why."""
        if reason := self.why_not(opened, fork):
            raise ValueError(reason)
        return self._chat.begin_branch(opened, fork.message.id, prefix_at(fork))

    def asking(self, provider: Provider, model: Model) -> tuple[Mapping[str, Any], str]:
        """The parameters that ask for probabilities, with as many alternatives as there may be;
        or nothing, and why they can't be had."""
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
