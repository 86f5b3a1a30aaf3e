"""Copies of conversations as they are in memory, written to a file of the person's choice."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.domain.chat.conversation import Conversation
from app.formats.full_message import FullMessage
from app.formats.table import FORMATS
from app.services.chat.conversations import Conversations, OpenConversation
from app.services.library.export import write_pieces

#: The format of copies: it keeps everything.
FORMAT = FORMATS[0]

#: A conversation with its messages.
Copy = tuple[Conversation, list[FullMessage]]


async def write_copy(
    conversations: Conversations, ids: Sequence[str], names: Mapping[str, str], path: Path
) -> None:
    """Write conversations to a file, which is replaced if it is there already.

    Messages that are not on the disk are included, and what came of a streaming reply. `names` are
    the providers' names by their ids. Raises InputError if the file can't be written, LibraryError
    and NotFoundError if a conversation can't be read.
    """
    copies = [_copy(conversations, conversations.open(id_), names) for id_ in ids]
    pieces = FORMAT.write(copies)
    await asyncio.to_thread(write_pieces, path, pieces, overwrite=True)


def _copy(conversations: Conversations, opened: OpenConversation, names: Mapping[str, str]) -> Copy:
    messages = [
        FullMessage(
            message,
            conversations.request(message.id),
            conversations.probabilities(message.id),
            names.get(message.provider, message.provider),
        )
        for message in opened.all_so_far()
    ]
    return opened.conversation, messages
