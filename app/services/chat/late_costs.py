"""Asks the provider afterwards (OpenRouter: GET /generation) for the cost of an answer that ended
without a usage chunk, since it is billed all the same."""

import asyncio
import logging
from dataclasses import replace
from decimal import Decimal

from app.api.endpoints import openrouter_generation as generations
from app.api.http.client import Client
from app.domain.chat.conversation import Status
from app.domain.chat.reply import Reply
from app.domain.errors import ProviderError
from app.domain.events import Served, Usage
from app.domain.providers.providers import Provider
from app.services.chat.conversations import Conversations, OpenConversation
from app.services.chat.delivery import Sleep
from app.services.providers.providers import Target
from app.services.tasks import Tasks

log = logging.getLogger(__name__)

#: Seconds to wait before each request for the cost: the provider counts some time later.
PAUSES = (1.0, 3.0, 8.0, 20.0, 60.0)


class Costs:
    """Late requests for costs, one task an answer; each result amends its message."""

    def __init__(
        self,
        conversations: Conversations,
        client: Client,
        tasks: Tasks,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._conversations = conversations
        self._client = client
        self._tasks = tasks
        self._sleep = sleep

    def ask(
        self, opened: OpenConversation, reply: Reply, provider: Provider, target: Target
    ) -> None:
        """Start a task that finds the cost of an ended answer; does nothing if the cost is known or
        the provider has no endpoint for it. Network failures are logged and tried again."""
        known = reply.usage is not None and reply.usage.cost is not None
        if not known and reply.served.id and generations.can_be_asked(provider.kind):
            work = self._find_out(opened, reply, provider, target)
            self._tasks.spawn(work, f"cost of {reply.id}")

    async def _find_out(
        self, opened: OpenConversation, reply: Reply, provider: Provider, target: Target
    ) -> None:
        for pause in PAUSES:
            await self._sleep(pause)
            try:
                found = await generations.counted(
                    self._client, target.base_url, target.key, provider.kind, reply.served.id
                )
            except ProviderError as failure:
                # The provider may know the cost some seconds later.
                log.info("no cost yet: %s", failure.detail)
                continue
            if found is not None and self._put(opened, reply, *found):
                return

    def _put(self, opened: OpenConversation, reply: Reply, usage: Usage, served: Served) -> bool:
        """Add a cost to its answer; False while that can't be done yet."""
        # It may have been closed and opened again meanwhile.
        opened = self._conversations.opened(opened.id) or opened
        if usage.cost is None or reply.id not in opened.tree:
            return usage.cost is None
        message = opened.tree[reply.id]
        if message.status is Status.STREAMING:
            # It goes on, and knows nothing yet of what came before.
            return False
        before = message.cost
        if message.generation == reply.served.id and message.cost_estimated:
            before = reply.cost_before
        amended = replace(message, cost=(before or Decimal(0)) + usage.cost, cost_estimated=False)
        if message.generation == reply.served.id:
            by = served.provider or message.served_by
            amended = replace(amended, usage=usage, served_by=by)
        self._conversations.amend_answer(opened, amended)
        return True
