"""How much of a message has been parsed: what streams at once, what is long a part at a time."""

from collections.abc import Sequence

from app.domain.chat.conversation import Message, Status
from app.domain.chat.reply import Reply
from app.markup.blocks import Block
from app.markup.open_text import OpenText, new_open_text

#: Characters and lines of an answer that are parsed before its first frame, and with each step
#: after it. Parsing takes 2 to 6 µs a character and up to 60 µs a line.
AT_ONCE = (40_000, 1_000)
STEP = (8_000, 200)


class ParsedBlocks:
    """The blocks of a message's text as far as it was read."""

    def __init__(self) -> None:
        self._open_text: OpenText | None = None
        self._fed = 0
        self._until = 0
        #: Whether more was read than what is read at first.
        self.went_on = False

    @property
    def blocks(self) -> Sequence[Block]:
        """The blocks of what was read."""
        return self._parser.blocks

    def has_rest(self, message: Message, reply: Reply | None) -> bool:
        """Whether some of the text has not been read."""
        return reply is None and self._fed < len(message.text)

    def read_on(self, message: Message) -> None:
        """Have the next `read` go a step further."""
        self._until = far(message.text, self._fed, *STEP)
        self.went_on = True

    def read_all(self, message: Message) -> None:
        """Have the next `read` go to the end."""
        self._until = len(message.text)
        self.went_on = True

    def read(self, message: Message, reply: Reply | None) -> int:
        """Take what is new of a message that may be growing; return the first block that
        changed."""
        if reply is None and self._fed > len(message.text):
            self._open_text, self._fed = None, 0
        self._until = max(self._until, far(message.text, 0, *AT_ONCE))
        if reply is not None:
            new = reply.text_since(self._fed)
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
    """How far so many characters or lines go from a place on, whichever ends first."""
    end = min(len(text), start + characters)
    if text.count("\n", start, end) <= lines:
        return end
    for _line in range(lines):
        start = text.find("\n", start) + 1
    return start
