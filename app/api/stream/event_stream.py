"""Parser of server-sent events (HTML standard, section 9.2.6): bytes in, `data` payloads out.

It splits bytes, not text, because JSON may contain U+2028 and U+0085, at which text would split.
"""

from app.domain.errors import TooLarge
from app.domain.text.translation import _

#: Largest event in bytes.
MAX_EVENT_BYTES = 16 * 2**20

_BOM = b"\xef\xbb\xbf"
_CR = 0x0D
_LINE_ENDS = (b"\n", b"\r")


class EventStream:
    """Incremental parser of one stream. No I/O, no JSON."""

    def __init__(self, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self._max = max_event_bytes
        #: The unfinished last line. A bytearray grows in place, so that a line of many pieces
        #: takes linear time.
        self._line = bytearray()
        #: The `data` lines of the unfinished event; `_size` is their size in bytes.
        self._data: list[bytes] = []
        self._size = 0
        self._begun = False
        #: Whether the last piece ended in CR. A following LF belongs to the same line end.
        self._after_cr = False

    def feed(self, piece: bytes) -> list[bytes]:
        """Return the payloads of the events that this piece completes.

        Raises TooLarge if an event is too large, after all events before it have been returned.
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
        # bytes.splitlines() splits only at LF, CR and CRLF.
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
        """Return the last payload of a stream that ended without a blank line after it.

        The standard drops such an event, but some servers end without the blank line. If the
        payload is incomplete, its JSON can't be decoded.
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
            # A further byte for each line limits the number of empty lines, too.
            self._size += sum(map(len, data[held:])) + len(data) - held
        return payloads

    def _check_size(self) -> None:
        if self._size + len(self._line) > self._max:
            raise TooLarge(
                _("A part of the answer was too large. The answer so far is kept. Try again."),
                f"an event of more than {self._max} bytes",
            )
