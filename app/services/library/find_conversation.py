"""Finds a conversation by the beginning of its id, as it is typed on the command line."""

from app.domain.chat.conversation import Conversation
from app.domain.errors import InputError, NotFoundError
from app.domain.text.translation import _
from app.store.library import Library

SHORTEST_BEGINNING = 6


def find_conversation(library: Library, text: str) -> Conversation:
    """Return the conversation with this id, or the only conversation whose id begins with it.

    Raises NotFoundError if there is none, InputError if there are several.
    """
    wanted = text.strip()
    try:
        return library.conversation(wanted)
    except NotFoundError as missing:
        long_enough = len(wanted) >= SHORTEST_BEGINNING
        found = [one for one in library.conversations() if one.id.startswith(wanted)]
        if len(found) == 1 and long_enough:
            return found[0]
        if len(found) > 1 and long_enough:
            raise InputError(
                _("{count} chats have an id that begins with “{id}”. Enter more of it.").format(
                    count=len(found), id=wanted
                )
            ) from missing
        raise NotFoundError(
            _("There is no chat “{id}”. `loquat chats` lists all chats.").format(id=wanted[:80])
        ) from missing
