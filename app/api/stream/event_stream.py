"""Server-sent events, bytes in and payloads out; bytes, since JSON may hold U+2028 and U+0085 raw.

The format is that of the HTML standard, section 9.2.6, of which only `data` matters here.
"""

from app.domain.errors import TooLarge
from app.domain.text.translation import _

MAX_EVENT_BYTES = 16 * 2**20

_BOM = b"\xef\xbb\xbf"
_CR = 0x0D
_LINE_ENDS = (b"\n", b"\r")


class EventStream:
    """Cuts a stream of bytes into the payloads of its events. No I/O, no JSON."""

    def __init__(self, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self._max = max_event_bytes
        #: The last line as far as it has come. A bytearray grows in place, so that a line of
        #: many pieces costs its length and not its square.
        self._line = bytearray()
        #: The lines of the event's payload so far, and their size.
        self._data: list[bytes] = []
        self._size = 0
        self._begun = False
        #: The last piece ended in CR: an LF at the start of the next belongs to it.
        self._after_cr = False

    def feed(self, piece: bytes) -> list[bytes]:
        """Return the payloads that this piece completes.

        Raises TooLarge where an event exceeds its bound, once all before it have been returned.
        """
        self._check_size()
        if self._after_cr and piece:
            self._after_cr = False
            piece = piece.removeprefix(b"\n")
        if b"\n" not in piece and b"\r" not in piece:
            self._line += piece
            self._check_size()
            return []
        if self._line:
            piece = bytes(self._line) + piece
            self._line.clear()
        # Of bytes, splitlines() cuts at LF, CR and CRLF and nowhere else.
        lines = piece.splitlines()
        if not piece.endswith(_LINE_ENDS):
            self._line += lines.pop()
        self._after_cr = piece[-1] == _CR
        if not self._begun:
            self._begun = True
            lines[0] = lines[0].removeprefix(_BOM)
        payloads = self._payloads(lines)
        if not payloads:
            self._check_size()
        return payloads

    def finish(self) -> list[bytes]:
        """Return the last payload of a stream that ended without the blank line after it.

        The standard drops such an event, but some servers end so, and what is half a payload
        shows when it is decoded.
        """
        if not self._line and not self._data:
            return []
        self._after_cr = False
        return self.feed(b"\n\n")

    def _payloads(self, lines: list[bytes]) -> list[bytes]:
        payloads: list[bytes] = []
        data = self._data
        held = len(data)
        for line in lines:
            if line[:6] == b"data: ":
                data.append(line[6:])
            elif not line:
                if len(data) == 1:
                    payloads.append(data[0])
                    data.clear()
                elif data:
                    payloads.append(b"\n".join(data))
                    data.clear()
            elif line[:5] == b"data:":
                data.append(line[5:])
            elif line == b"data":
                data.append(b"")
        if payloads:
            held = self._size = 0
        if data:
            # One more for each line, so that empty ones are bounded too.
            self._size += sum(map(len, data[held:])) + len(data) - held
        return payloads

    def _check_size(self) -> None:
        if self._size + len(self._line) > self._max:
            raise TooLarge(
                _("One piece of the answer was larger than any should be. What came is kept."),
                f"an event of more than {self._max} bytes",
            )
