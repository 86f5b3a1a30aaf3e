"""Parsed blocks of one message: at once while it streams, in steps if it is long and finished."""

from collections.abc import Sequence

from app.domain.chat.conversation import Message, Status
from app.domain.chat.reply import Reply
from app.markup.blocks import Block
from app.markup.open_text import OpenText, new_open_text

#: Characters and lines of an answer that are parsed before its first frame, and in each later
#: step. Parsing takes 2 to 6 µs per character and up to 60 µs per line.
AT_ONCE = (40_000, 1_000)
STEP = (8_000, 200)


#: Characters of Markdown's inline marks and fences.
_MARKS = "*_~`"


class ParsedBlocks:
    """Markdown blocks of the part of a message's text that has been parsed so far."""

    def __init__(self) -> None:
        self._open_text: OpenText | None = None
        self._fed = 0
        self._until = 0
        #: Whether more than the first part (AT_ONCE) was parsed.
        self.parsed_more = False

    @property
    def blocks(self) -> Sequence[Block]:
        """The blocks parsed so far."""
        return self._parser.blocks

    def has_rest(self, message: Message, reply: Reply | None) -> bool:
        """Return whether some of a finished message's text is not parsed yet."""
        return reply is None and self._fed < len(message.text)

    def read_on(self, message: Message) -> None:
        """Let the next `read` parse one more step of the text."""
        self._until = far(message.text, self._fed, *STEP)
        self.parsed_more = True

    def read_all(self, message: Message) -> None:
        """Let the next `read` parse the text to its end."""
        self._until = len(message.text)
        self.parsed_more = True

    def read(self, message: Message, reply: Reply | None) -> int:
        """Parse the next part of the text; return the index of the first block that changed.

        `reply` is the growing answer while it streams: all its new text is parsed, but for marks
        at its end. If it is None, the text of `message` is parsed up to AT_ONCE, or as far as
        `read_on` or `read_all` set.
        """
        if reply is None and self._fed > len(message.text):
            self._open_text, self._fed = None, 0
        self._until = max(self._until, far(message.text, 0, *AT_ONCE))
        if reply is not None:
            # What marks at the end are depends on the next character: the first * of a closing **
            # would be the end of emphasis.
            new = reply.text_since(self._fed)
            new = new[: len(new.rstrip(_MARKS))]
        else:
            new = message.text[self._fed : max(self._fed, self._until)]
        self._parser.feed(new)
        self._fed += len(new)
        done = reply is None and message.status is not Status.STREAMING
        if done and not self.has_rest(message, reply):
            self._parser.finish()
        change = self._parser.update()
        return min((change.first, *change.reopened))

    @property
    def _parser(self) -> OpenText:
        if self._open_text is None:
            self._open_text = new_open_text()
        return self._open_text


def far(text: str, start: int, characters: int, lines: int) -> int:
    """Return the offset in `text` that is `characters` or `lines` after `start`, whichever is
    nearer."""
    end = min(len(text), start + characters)
    if text.count("\n", start, end) <= lines:
        return end
    for _line in range(lines):
        start = text.find("\n", start) + 1
    return start
