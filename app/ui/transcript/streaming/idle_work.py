"""Work on visible messages that is done in small steps while the program is idle: parsing the rest
of a long message, syntax highlighting, and typesetting formulas."""

from PySide6.QtCore import QObject, QTimer, Signal

from app.ui.transcript.messages.column import MessageColumn
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.messages.strip_stack import StripStack
from app.ui.transcript.painting.formulas import FormulaCache
from app.ui.transcript.strips.code import CodeBlock, CodeStrip

#: Duration of one step of highlighting for each visible code block, in seconds.
SECONDS = 0.003
#: Pause between two steps, in milliseconds.
REST_MS = 20
#: Pause before a step while an answer is growing, in milliseconds.
GROWING_MS = 250


class IdleWork(QObject):
    """Does one step of work, then waits on a timer, so that input and painting come first."""

    #: Colours of code changed between a top and a bottom, in pixels of the column.
    coloured = Signal(int, int)
    #: More of this message was parsed and is shown now.
    parsed_more = Signal(MessageItem)
    #: A visible formula was typeset, and its strip laid out again.
    formulas_set = Signal()

    def __init__(self, column: MessageColumn, formulas: FormulaCache, parent: QObject) -> None:
        super().__init__(parent)
        self._column = column
        self._formulas = formulas
        formulas.answered.connect(self.go_on)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._work)

    def go_on(self, wait: int = REST_MS) -> None:
        """Schedule a step after `wait` milliseconds, or earlier if one is scheduled already."""
        if not self._rest.isActive() or wait < self._rest.interval():
            self._rest.start(wait)

    def _work(self) -> None:
        top, page = self._column.top(), self._column.page()
        for index, _place in self._column.between(top, top + page):
            item = self._column.items[index]
            if item.has_rest():
                self._column.hold_below(item)
                item.go_on()
                self.parsed_more.emit(item)
                self._rest.start()
                return
        self._colour(top, page)
        self._set_formulas(top, page)

    def _colour(self, top: int, page: int) -> None:
        more = False
        for index, place in self._column.between(top, top + page):
            item = self._column.items[index]
            changed: list[CodeStrip] = []
            for block in _code_between(item.stack, top - place, top + page - place):
                strips = block.colour(SECONDS)
                more = more or strips is not None
                changed += strips or ()
            if changed:
                stack = item.stack
                first, last = stack.strips.index(changed[0]), stack.strips.index(changed[-1])
                self.coloured.emit(place + stack.top_of(first), place + stack.top_of(last + 1))
        if more:
            self._rest.start()

    def _set_formulas(self, top: int, page: int) -> None:
        new = False
        for index, place in self._column.between(top, top + page):
            item = self._column.items[index]
            for strip in item.stack.between(top - place, top + page - place):
                if strip.formulas:
                    new = strip.lay_out_formulas() or new
                    for request in strip.formulas:
                        self._formulas.want(request)
        if new:
            self.formulas_set.emit()


def _code_between(stack: StripStack, top: float, bottom: float) -> list[CodeBlock]:
    """Return the code blocks between two heights of a message, in pixels from its top."""
    strips = (strip for strip in stack.between(top, bottom) if isinstance(strip, CodeStrip))
    return list({id(strip.block): strip.block for strip in strips}.values())
