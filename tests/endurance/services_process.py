"""A process with the services and no window: asks a question and, while the answer streams, keeps
drafts, rewrites and queued messages. `kills.py` runs it and kills it.

    python -m tests.endurance.services_process DIRECTORY QUESTION

After each call that keeps something, a line with the JSON of the setting's name and value is
written.
"""

import asyncio
import itertools
import json
import sys
from pathlib import Path

from app.services.program.core import Core


async def _use(directory: Path, question: str) -> None:
    core = Core(directory)
    provider = core.providers.default()
    opened = core.conversations.create(provider=provider.id, model="m")
    answering = core.chat.send(opened, question)
    asked = opened.path()[0].id
    # A queued message takes the place of the draft of its own conversation.
    beside = core.conversations.create(provider=provider.id, model="m").id
    for number in itertools.count():
        core.drafts.put_text(beside, f"{number} draft")
        _tell(f"draft {beside}", f"{number} draft")
        core.drafts.put_rewrite(asked, f"{number} rewrite")
        _tell(f"edit {asked}", f"{number} rewrite")
        if number % 10 == 0:
            core.queue.add(opened, f"{number} queued")
            waiting = core.queue.messages(opened)
            _tell(f"queue {opened.id}", [[one.id, one.text] for one in waiting])
        if answering.done():
            return
        await asyncio.sleep(0.02)


def _tell(name: str, value: object) -> None:
    print(json.dumps([name, value]), flush=True)


if __name__ == "__main__":
    asyncio.run(_use(Path(sys.argv[1]), sys.argv[2]))
