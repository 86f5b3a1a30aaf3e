"""The window of one sweep: the grid of answers, tables and charts, and the whole current answer."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.chat.titles import excerpt_of
from app.domain.errors import LoquatError
from app.domain.sweep.plan import CellPosition, CellState
from app.domain.sweep.results import Analysis, CellResult
from app.domain.text.invisible_characters import mark_invisible
from app.domain.text.translation import _
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.services.sweep.export import ExportKind, SweepExport
from app.services.sweep.running_sweep import LiveCell, Sweep
from app.ui.common.exact_text import ExactField
from app.ui.common.flow_layout import FlowLayout
from app.ui.common.run_guarded import run_guarded
from app.ui.lab.sweep.comparison import Comparison, Reference
from app.ui.lab.sweep.difference import show_difference
from app.ui.lab.sweep.grid import SweepGrid
from app.ui.lab.sweep.plan_window import spent_words
from app.ui.lab.sweep.reference import ReferenceChoice
from app.ui.lab.sweep.sentences import figures, name_of, place_words, state_words
from app.ui.lab.sweep.sweep_charts import SweepCharts
from app.ui.lab.sweep.table import FigureTable
from app.ui.theme.buttons import dialog_button
from app.ui.theme.menu import Menu, MenuButton
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel, put_tip

ENDED = (CellState.COMPLETE, CellState.STOPPED, CellState.FAILED, CellState.INTERRUPTED)
#: Most characters of an answer in the text pane.
LONGEST = 200_000
#: Width in pixels at 100 % text below which the answer stands below the grid.
NARROW = 720


class SweepWindow(QWidget):
    """Shows a sweep while it runs and afterwards. Closing the window lets the program forget the
    sweep, unless it is still running."""

    #: An answer was kept as a branch: the id of the conversation that now has it.
    kept = Signal(str)
    #: The parameters and model of a cell (a Use) are wanted in the conversation.
    use_wanted = Signal(object)

    def __init__(
        self,
        core: Core,
        theme: Theme,
        conversation: OpenConversation,
        sweep: Sweep,
        parent: QWidget,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question, tree = sweep.plan.question, conversation.tree
        title = excerpt_of(tree[question].text if question in tree else "")
        self.setWindowTitle(_("Sweep: {question}").format(question=title))
        self.setMinimumSize(400, 400)
        self.resize(1260, 720)
        self._core = core
        self._theme = theme
        self._conversation = conversation
        self.sweep = sweep
        self.comparison = Comparison(sweep, core.tasks, self)
        self.grid = SweepGrid(sweep, theme, self.comparison)
        self._analysis = Analysis(sweep.plan)
        self.table = FigureTable(sweep.plan)
        self.charts = SweepCharts(theme, sweep.plan)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for page, words in (
            (self.grid, _("Answers")),
            (self.table, _("Table")),
            (self.charts, _("Charts")),
        ):
            self.tabs.addTab(page, words)
        self._progress = PlainLabel()
        self._export = self._export_button()
        self._stop_all = dialog_button(_("Stop all"), self._stop)
        self._resume = dialog_button(_("Run the rest"), self._go_on)
        self._head, self._figures = _wrapping("heading"), _wrapping("muted")
        self._text = ExactField()
        self._text.setReadOnly(True)
        self._text.setAccessibleName(_("The whole answer"))
        self.reference = ReferenceChoice(sweep, self.comparison, self.grid.current)
        self._keep = dialog_button(_("Keep as branch"), self._keep_this)
        self._use = dialog_button(_("Use these parameters"), self._use_these)
        self._again = dialog_button(_("Regenerate"), self._ask_again)
        # Cell and version in the text pane, and the number of its characters that are shown.
        self._shown: tuple[CellPosition, int] | None = None
        self._length = 0
        self._says = _wrapping("muted")
        self._arrange()
        self._connect()
        self.grid.go_to(CellPosition(0, 0, 0))
        self._show_progress()

    def _connect(self) -> None:
        self.table.chosen.connect(self.grid.go_to)
        self.tabs.currentChanged.connect(self._show_figures)
        self.reference.changed.connect(self._show_compared)
        self.grid.selectionModel().currentChanged.connect(self._show_cell)
        self.grid.drawn.connect(self._take_frame)
        self.comparison.made.connect(self._take_compared)
        self.sweep.changed.connect(self._take_change)
        self.sweep.finished.connect(self._show_progress)

    def _export_button(self) -> QPushButton:
        button = MenuButton(_("Export…"))
        button.setAutoDefault(False)
        menu = Menu(button)
        for words, kind in (
            (_("Report as a web page (HTML)…"), ExportKind.HTML),
            (_("Report as Markdown…"), ExportKind.MARKDOWN),
            (_("Table (CSV)…"), ExportKind.CSV),
            (_("Everything as JSON…"), ExportKind.JSON),
        ):
            menu.addAction(words).triggered.connect(partial(self._choose_file, kind))
        button.setMenu(menu)
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # In a narrow window the answer stands below the grid.
        narrow = self.width() < self._theme.scaled(NARROW)
        self._split.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._progress, 1)
        top.addWidget(self._resume)
        top.addWidget(self._stop_all)
        top.addWidget(self._export)
        pane = QWidget()
        beside = QVBoxLayout(pane)
        beside.setContentsMargins(12, 0, 0, 0)
        for widget in (self._head, self._figures):
            beside.addWidget(widget)
        beside.addWidget(self.reference)
        beside.addWidget(self._text, 1)
        beside.addWidget(self._says)
        buttons = FlowLayout(8)
        for button in (self._keep, self._use, self._again):
            buttons.addWidget(button)
        beside.addLayout(buttons)
        split = self._split
        split.setChildrenCollapsible(False)
        split.addWidget(self.tabs)
        scrolled = QScrollArea()
        scrolled.setFrameShape(QScrollArea.Shape.NoFrame)
        scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scrolled.setWidgetResizable(True)
        scrolled.setWidget(pane)
        split.addWidget(scrolled)
        split.setStretchFactor(0, 1)
        split.setSizes([840, 380])
        scrolled.setMinimumWidth(260)
        self._text.setMinimumHeight(self._theme.scaled(80))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addLayout(top)
        layout.addWidget(split, 1)
        self.grid.setFocus()

    # Showing.

    def _take_change(self, place: CellPosition) -> None:
        self.grid.note(place)
        if self.sweep.at(place).state in ENDED:
            self._show_progress()

    def _take_frame(self, places: set[CellPosition]) -> None:
        cell = self.grid.current()
        if cell is not None and cell.place in places:
            self._show_cell()

    def _show_progress(self) -> None:
        sweep = self.sweep
        ended = sweep.count(*ENDED)
        words = _("{n} of {all} answered").format(n=ended, all=len(sweep.cells))
        failed = sweep.count(CellState.FAILED, CellState.INTERRUPTED)
        if failed:
            words += " · " + _("{n} failed").format(n=failed)
        if cost := spent_words([cell.answer for cell in sweep.cells if cell.answer is not None]):
            words += f" · {cost}"
        self._progress.setText(words)
        running = self._core.sweeping.is_running(sweep)
        self._stop_all.setVisible(running)
        self._resume.setVisible(not running and sweep.is_resumable)
        self._show_figures()
        self._show_cell()

    def _show_figures(self) -> None:
        """Fill the table or the charts, if that page is in view."""
        page = self.tabs.currentWidget()
        if page is self.grid:
            return
        cells = [
            CellResult(cell.cell, cell.state, cell.answer, cell.mean_logprob)
            for cell in self.sweep.cells
        ]
        if page is self.table:
            self.table.show_cells(cells, self._analysis, self._shares())
        else:
            self.charts.show_cells(cells, self._analysis)

    def _shares(self) -> dict[CellPosition, float] | None:
        """Return the changed share of each answer compared so far; None if nothing is compared."""
        if self.comparison.reference is Reference.NOTHING:
            return None
        differences = ((cell.place, self.comparison.of(cell)) for cell in self.sweep.cells)
        return {
            place: difference.share for place, difference in differences if difference is not None
        }

    def _show_cell(self) -> None:
        cell = self.grid.current()
        if cell is None:
            return
        self._head.setText(" · ".join(place_words(self.sweep.plan, cell)) or _("Answer"))
        compared = self.comparison.of(cell)
        share = None if compared is None else compared.share
        facts = [*figures(cell, share)]
        if words := state_words(cell):
            facts.insert(0, words)
        self._figures.setText(" · ".join(facts))
        self._show_text(cell)
        self._text.setAccessibleDescription(name_of(self.sweep.plan, cell, share))
        reason = self._core.sweeping.why_not_keep(self._conversation, self.sweep, cell.place)
        self._keep.setEnabled(not reason)
        put_tip(self._keep, reason)
        streaming = cell.state is CellState.STREAMING
        self._again.setText(_("Stop") if streaming else _("Regenerate"))
        self._again.setEnabled(streaming or cell.state in ENDED)

    def _show_text(self, cell: LiveCell) -> None:
        """Append the new text of a growing answer, or show another answer."""
        grows = cell.reply is not None and self._shown == (cell.place, id(cell.reply))
        if cell.reply is not None and grows:
            new = cell.reply.text_since(self._length)
            if new and self._length < LONGEST:
                cursor = QTextCursor(self._text.document())
                cursor.movePosition(QTextCursor.MoveOperation.End)
                cursor.insertText(mark_invisible(new))
            self._length = cell.reply.text_length
            return
        compared = self.comparison.of(cell)
        wanted = (cell.place, id(compared or cell.reply or cell.answer))
        if wanted != self._shown:
            place = self._text.verticalScrollBar().value() if self._is_at(cell.place) else 0
            self._shown, self._length = wanted, len(cell.text)
            if compared is None:
                self._text.put_text(mark_invisible(cell.text[:LONGEST]))
            else:
                show_difference(self._text, compared.pieces, self._theme.colours)
            self._text.verticalScrollBar().setValue(place)

    def _take_compared(self, place: CellPosition) -> None:
        if self.tabs.currentWidget() is self.table:
            self._show_figures()
        if (cell := self._current()) is not None and cell.place == place:
            self._show_cell()

    def _show_compared(self) -> None:
        self._shown = None
        self.grid.viewport().update()
        self._show_figures()
        self._show_cell()

    def _is_at(self, place: CellPosition) -> bool:
        return self._shown is not None and self._shown[0] == place

    # Buttons.

    def _current(self) -> LiveCell | None:
        return self.grid.current()

    def _stop(self) -> None:
        self._core.sweeping.stop(self.sweep)

    def _go_on(self) -> None:
        self._try(lambda: self._core.sweeping.resume(self.sweep))
        self._show_progress()

    def _ask_again(self) -> None:
        cell = self._current()
        if cell is None:
            return
        if cell.state is CellState.STREAMING:
            self._core.sweeping.stop_cell(self.sweep, cell.place)
        else:
            self._try(lambda: self._core.sweeping.retry(self.sweep, cell.place))
        self._show_progress()

    def _keep_this(self) -> None:
        cell = self._current()
        if cell is not None and self._try(
            lambda: self._core.sweeping.keep(self._conversation, self.sweep, cell.place)
        ):
            self._says.setText(_("Kept as a branch of the chat."))
            self.kept.emit(self._conversation.id)

    def _use_these(self) -> None:
        if (cell := self._current()) is not None:
            self.use_wanted.emit(self._core.sweeping.use(self.sweep, cell.place))
            self._says.setText(_("The chat now uses these parameters."))

    def _choose_file(self, kind: ExportKind, _checked: bool = False) -> None:
        dialog = QFileDialog(self, _("Export the sweep"), f"sweep.{kind.value}")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(kind.value)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.export(kind, Path(path)))
        dialog.open()

    def export(self, kind: ExportKind, path: Path) -> None:
        """Write the sweep to a file, over an existing one: the file dialog has asked. Failures are
        shown in the window."""
        say = self._says.setText
        run_guarded(
            self._core, "sweep: export", lambda failure: say(str(failure)), self._write, kind, path
        )

    async def _write(self, kind: ExportKind, path: Path) -> None:
        export = SweepExport(self._core.sweeping, self._core.conversations)
        await export.write(self.sweep, kind, path, overwrite=True)
        self._says.setText(_("Exported to {path}").format(path=path))

    def _try(self, act: Callable[[], object]) -> bool:
        """Call `act` and return True; show its LoquatError and return False."""
        try:
            act()
        except LoquatError as failure:
            self._says.setText(str(failure))
            return False
        return True

    def closeEvent(self, event: QCloseEvent) -> None:
        # Drops the comparisons that are queued.
        self.comparison.compare(Reference.NOTHING)
        self.sweep.changed.disconnect(self._take_change)
        self.sweep.finished.disconnect(self._show_progress)
        self._core.sweeping.release(self.sweep)
        super().closeEvent(event)


def _wrapping(name: str) -> PlainLabel:
    """Make a label that wraps, with the style sheet's rule for `name`."""
    label = PlainLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    return label
