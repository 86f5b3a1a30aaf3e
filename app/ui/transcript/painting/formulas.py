"""Formulas as they can be painted: set by a process of their own, kept, and drawn in any colour.

The process is started by the first formula, ended when one takes too long (its cost doubles with
each level of nesting), and rests when nothing was asked for a while.
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

#: Formulas that are kept, and that may wait.
MOST = 4_000
MOST_WAITING = 500
#: Milliseconds for one formula, starting included; and after which an idle process is ended.
PATIENCE_MS = 6_000
REST_MS = 120_000


class FormulaCache(QObject):
    """All formulas of a window. What is wanted and not there yet comes later, or never."""

    #: Something that was wanted can be painted now, or it is known that it never can.
    came = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: OrderedDict[FormulaRequest, Formula | None] = OrderedDict()
        self._waiting: deque[FormulaRequest] = deque()
        self._running: FormulaRequest | None = None
        self._over = False
        self._process: QProcess | None = None
        self._patience = self._timer(PATIENCE_MS, self._give_up)
        self._rest = self._timer(REST_MS, self._end)

    def is_known(self, request: FormulaRequest) -> bool:
        """Whether it can be painted, or is known not to be."""
        return request in self._known

    def get(self, request: FormulaRequest) -> Formula | None:
        """The formula, if it is there."""
        formula = self._known.get(request)
        if formula is not None:
            self._known.move_to_end(request)
        return formula

    def want(self, request: FormulaRequest) -> None:
        """Ask for a formula; `came` tells when it is there."""
        if request in self._known or request == self._running or request in self._waiting:
            return
        if self._over:
            return
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(request)
            self._ask()

    @property
    def is_busy(self) -> bool:
        """Whether something is still to come."""
        return self._running is not None

    def end(self) -> None:
        """End the process, which would complain if it were cut off, and start no other."""
        self._over = True
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
        # It needs nothing of ours, least of all keys.
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
        self.came.emit()

    def _give_up(self) -> None:
        """The formula that was asked for can't be set."""
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
    """How far it reaches to the right of its origin, in pixels."""
    return (formula.left + formula.width) * scale


def scale_for(pixels: int) -> float:
    """How much larger a formula is in text of this size."""
    return pixels / SIZE
