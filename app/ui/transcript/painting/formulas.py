"""Cache of typeset formulas, and the child process that typesets them.

The process (`app.markup.typesetter`) is started with the first formula, killed when a formula
takes too long, since the time doubles with each level of nesting, and ended when it was idle for a
while.
"""

import sys
from collections import OrderedDict, deque
from collections.abc import Callable

import msgspec
from PySide6.QtCore import (
    QObject,
    QProcess,
    QProcessEnvironment,
    QTimer,
    Signal,
)

from app.markup.typesetting import SIZE, Formula, FormulaRequest

#: Largest number of formulas in the cache. The least recently used are dropped.
MOST = 4_000
#: Longest queue of formulas. Requests beyond it are dropped, and repeated by whoever needs them.
MOST_WAITING = 500
#: Time limit for one formula in milliseconds, including the start of the process.
PATIENCE_MS = 6_000
#: Time in milliseconds after which an idle process is ended.
REST_MS = 120_000


class FormulaCache(QObject):
    """The typeset formulas of a window, by request.

    Also remembers which formulas can't be typeset, so that they are requested only once.
    """

    #: A requested formula was typeset, or turned out to be impossible to typeset.
    answered = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: OrderedDict[FormulaRequest, Formula | None] = OrderedDict()
        self._waiting: deque[FormulaRequest] = deque()
        self._running: FormulaRequest | None = None
        self._ended = False
        self._process: QProcess | None = None
        self._patience = self._timer(PATIENCE_MS, self._give_up)
        self._rest = self._timer(REST_MS, self._end)

    def is_known(self, request: FormulaRequest) -> bool:
        """Return whether a request has been answered, by a formula or by a failure."""
        return request in self._known

    def get(self, request: FormulaRequest) -> Formula | None:
        """Return the formula; None if it isn't typeset yet or can't be."""
        formula = self._known.get(request)
        if formula is not None:
            self._known.move_to_end(request)
        return formula

    def want(self, request: FormulaRequest) -> None:
        """Request a formula, unless it is known or requested already; `answered` is emitted later.

        Dropped if MOST_WAITING formulas are waiting, or after `end`.
        """
        if request in self._known or request == self._running or request in self._waiting:
            return
        if self._ended:
            return
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(request)
            self._ask()

    @property
    def is_busy(self) -> bool:
        """Whether a formula is being typeset."""
        return self._running is not None

    def end(self) -> None:
        """End the process for good. Qt would warn if it still ran when the window is destroyed."""
        self._ended = True
        self._waiting.clear()
        self._running = None
        self._patience.stop()
        self._end()

    def _timer(self, milliseconds: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(then)
        return timer

    def _ask(self) -> None:
        if self._running is not None or not self._waiting:
            return
        self._running = self._waiting.popleft()
        process = self._process = self._process or self._started()
        process.write(msgspec.json.encode(self._running) + b"\n")
        self._patience.start()

    def _started(self) -> QProcess:
        process = QProcess(self)
        process.setProgram(sys.executable)
        process.setArguments(["-P", "-m", "app.markup.typesetter"])
        # An empty environment, so that the process sees no API keys.
        process.setProcessEnvironment(QProcessEnvironment())
        process.setStandardErrorFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._give_up)
        process.errorOccurred.connect(self._give_up)
        process.start()
        return process

    def _read(self) -> None:
        process = self._process
        while process is not None and process.canReadLine():
            line = bytes(process.readLine().data())
            self._take(msgspec.json.decode(line, type=Formula | None))

    def _take(self, formula: Formula | None) -> None:
        self._patience.stop()
        if self._running is not None:
            self._known[self._running] = formula
            self._running = None
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        self._rest.start()
        self._ask()
        self.answered.emit()

    def _give_up(self) -> None:
        """End the process, and record that the current formula can't be typeset."""
        self._end()
        if self._running is not None:
            self._take(None)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(1_000)
            process.deleteLater()


def width_of(formula: Formula, scale: float) -> float:
    """Return how far a formula extends to the right of its origin, in pixels."""
    return (formula.left + formula.width) * scale


def scale_for(pixels: int) -> float:
    """Return the factor by which formulas are scaled in text of a font size in pixels."""
    return pixels / SIZE
