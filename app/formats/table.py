"""The table of file formats for conversations. `loquat export --format` offers what is in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.text.translation import _
from app.formats.full_message import Conversations, Writer


def _write_json(conversations: Conversations) -> Iterator[bytes]:
    # Imported late: the command line's parser reads this table, and a writer's imports take long.
    from app.formats import loquat_json

    return loquat_json.pieces(conversations)


@dataclass(frozen=True, slots=True)
class Format:
    """A format that conversations can be written in."""

    #: The name on the command line.
    name: str
    #: The endings of its files, with the dot; the first is the usual ending.
    suffixes: tuple[str, ...]
    #: Says what a file of this format keeps of a conversation: a sentence.
    keeps: str
    write: Writer


FORMATS: tuple[Format, ...] = (
    Format(
        "json",
        (".json",),
        _("Everything stored about a chat, with all its branches."),
        _write_json,
    ),
)
BY_NAME = {format_.name: format_ for format_ in FORMATS}
