"""Another way for an answer from one of its tokens on: a branch that begins with another token."""

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

#: What asks for probabilities; the second has as many alternatives as there may be.
_ASKING = ("logprobs", "top_logprobs")


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
        switch, count = _ASKING
        if switch in refused:
            return {}, refused[switch]
        values: dict[str, Any] = {switch: True}
        if count not in refused:
            values[count] = int(BY_NAME[count].high or 0)
        return values, ""
