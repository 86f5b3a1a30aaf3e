"""The window of one sweep: its grid, the answer that is looked at, and what can be done with it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QTextCursor
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.chat.conversation import title_from
from app.domain.errors import LoquatError
from app.domain.sweep.plan import CellPosition, CellState
from app.domain.sweep.results import Analysis, CellResult
from app.domain.text.invisible_characters import mark_invisible
from app.domain.text.translation import _
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.services.sweep.export import ExportKind, SweepExport
from app.services.sweep.running_sweep import LiveCell, Sweep
from app.ui.common.run_guarded import run_guarded
from app.ui.lab.sweep.comparison import Comparison, Reference
from app.ui.lab.sweep.difference import show_difference
from app.ui.lab.sweep.grid import Grid
from app.ui.lab.sweep.plan_window import dollars
from app.ui.lab.sweep.reference import ReferenceChoice
from app.ui.lab.sweep.sentences import figures, name_of, place_words, state_words
from app.ui.lab.sweep.sweep_charts import SweepCharts
from app.ui.lab.sweep.table import FigureTable
from app.ui.theme.theme import Theme
from app.ui.theme.words import Words, put_tip

ENDED = (CellState.COMPLETE, CellState.STOPPED, CellState.FAILED, CellState.INTERRUPTED)
#: Characters of an answer that the pane shows.
LONGEST = 200_000


class SweepWindow(QWidget):
    """Follows a sweep as it runs; forgets it when it is closed."""

    #: An answer was kept: the conversation that has it is to be shown.
    kept = Signal(str)
    #: A Use: these parameters are wanted in the conversation.
    use_wanted = Signal(object)

    def __init__(
        self, core: Core, theme: Theme, held: OpenConversation, sweep: Sweep, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question = held.tree[sweep.plan.question].text if sweep.plan.question in held.tree else ""
        self.setWindowTitle(_("Sweep: {question}").format(question=title_from(question)))
        self.resize(1260, 720)
        self._core = core
        self._theme = theme
        self._held = held
        self.sweep = sweep
        self.comparison = Comparison(sweep, core.tasks, self)
        self.grid = Grid(sweep, theme, self.comparison)
        self._analysis = Analysis(sweep.plan)
        self.table = FigureTable(sweep.plan)
        self.charts = SweepCharts(theme, sweep.plan)
        self.table.chosen.connect(self.grid.go_to)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for page, words in (
            (self.grid, _("Answers")),
            (self.table, _("Figures")),
            (self.charts, _("Charts")),
        ):
            self.tabs.addTab(page, words)
        self.tabs.currentChanged.connect(self._show_figures)
        self._progress = Words()
        self._export = self._export_button()
        self._stop_all = _button(_("Stop all"), self._stop)
        self._resume = _button(_("Ask the rest"), self._go_on)
        self._head = Words()
        self._head.setObjectName("heading")
        self._head.setWordWrap(True)
        self._figures = Words()
        self._figures.setObjectName("muted")
        self._figures.setWordWrap(True)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setAccessibleName(_("The whole answer"))
        self.reference = ReferenceChoice(sweep, self.comparison, self.grid.current)
        self.reference.changed.connect(self._show_compared)
        self._keep = _button(_("Keep this"), self._keep_this)
        self._use = _button(_("Use these"), self._use_these)
        self._again = _button(_("Ask again"), self._ask_again)
        # Whose text the pane has, and how much of it.
        self._shown: tuple[CellPosition, int] | None = None
        self._length = 0
        self._says = Words()
        self._says.setObjectName("muted")
        self._says.setWordWrap(True)
        self._arrange()
        self.grid.selectionModel().currentChanged.connect(self._show_cell)
        self.grid.drawn.connect(self._take_frame)
        self.comparison.made.connect(self._take_compared)
        sweep.changed.connect(self._take_change)
        sweep.finished.connect(self._show_progress)
        self.grid.go_to(CellPosition(0, 0, 0))
        self._show_progress()

    def _export_button(self) -> QPushButton:
        button = QPushButton(_("Export…"))
        button.setAutoDefault(False)
        menu = QMenu(button)
        for words, kind in (
            (_("Report as a web page (HTML)…"), ExportKind.HTML),
            (_("Report as Markdown…"), ExportKind.MARKDOWN),
            (_("Figures as a table (CSV)…"), ExportKind.CSV),
            (_("Everything as JSON…"), ExportKind.JSON),
        ):
            menu.addAction(words).triggered.connect(partial(self._choose_file, kind))
        button.setMenu(menu)
        return button

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
        buttons = QHBoxLayout()
        for button in (self._keep, self._use, self._again):
            buttons.addWidget(button)
        beside.addLayout(buttons)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.tabs)
        split.addWidget(pane)
        split.setStretchFactor(0, 1)
        split.setSizes([840, 380])
        pane.setMinimumWidth(260)
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
        one = self.grid.current()
        if one is not None and one.place in places:
            self._show_cell()

    def _show_progress(self) -> None:
        sweep = self.sweep
        ended = sweep.count(*ENDED)
        cost = sum(one.answer.cost or 0 for one in sweep.cells if one.answer is not None)
        words = _("{n} of {all} answered").format(n=ended, all=len(sweep.cells))
        failed = sweep.count(CellState.FAILED, CellState.INTERRUPTED)
        if failed:
            words += " · " + _("{n} failed").format(n=failed)
        if cost:
            words += f" · {dollars(cost)}"
        self._progress.setText(words)
        running = self._core.sweeping.is_running(sweep)
        self._stop_all.setVisible(running)
        self._resume.setVisible(not running and sweep.is_resumable)
        self._show_figures()
        self._show_cell()

    def _show_figures(self) -> None:
        """Fill the page in view: none that nobody looks at."""
        page = self.tabs.currentWidget()
        if page is self.grid:
            return
        cells = [
            CellResult(one.cell, one.state, one.answer, one.mean_logprob)
            for one in self.sweep.cells
        ]
        if page is self.table:
            self.table.show_cells(cells, self._analysis, self._shares())
        else:
            self.charts.show_cells(cells, self._analysis)

    def _shares(self) -> dict[CellPosition, float] | None:
        """How different each answer is that has been compared; None where none is to be."""
        if self.comparison.reference is Reference.NOTHING:
            return None
        found = ((one.place, self.comparison.of(one)) for one in self.sweep.cells)
        return {place: compared.share for place, compared in found if compared is not None}

    def _show_cell(self) -> None:
        one = self.grid.current()
        if one is None:
            return
        self._head.setText(" · ".join(place_words(self.sweep.plan, one)) or _("Answer"))
        compared = self.comparison.of(one)
        share = None if compared is None else compared.share
        facts = [*figures(one, share)]
        if words := state_words(one):
            facts.insert(0, words)
        self._figures.setText(" · ".join(facts))
        self._show_text(one)
        self._text.setAccessibleDescription(name_of(self.sweep.plan, one, share))
        reason = self._core.sweeping.why_not_keep(self._held, self.sweep, one.place)
        self._keep.setEnabled(not reason)
        put_tip(self._keep, reason)
        streaming = one.state is CellState.STREAMING
        self._again.setText(_("Stop this") if streaming else _("Ask again"))
        self._again.setEnabled(streaming or one.state in ENDED)

    def _show_text(self, one: LiveCell) -> None:
        """Add what has come since, or put another answer in its place."""
        grows = one.reply is not None and self._shown == (one.place, id(one.reply))
        if one.reply is not None and grows:
            new = one.reply.text_since(self._length)
            if new and self._length < LONGEST:
                cursor = QTextCursor(self._text.document())
                cursor.movePosition(QTextCursor.MoveOperation.End)
                cursor.insertText(mark_invisible(new))
            self._length = one.reply.text_length
            return
        compared = self.comparison.of(one)
        wanted = (one.place, id(compared or one.reply or one.answer))
        if wanted != self._shown:
            place = self._text.verticalScrollBar().value() if self._is_at(one.place) else 0
            self._shown, self._length = wanted, len(one.text)
            if compared is None:
                self._text.setPlainText(mark_invisible(one.text[:LONGEST]))
            else:
                show_difference(self._text, compared.pieces, self._theme.colours)
            self._text.verticalScrollBar().setValue(place)

    def _take_compared(self, place: CellPosition) -> None:
        if self.tabs.currentWidget() is self.table:
            self._show_figures()
        if (one := self._current()) is not None and one.place == place:
            self._show_cell()

    def _show_compared(self) -> None:
        self._shown = None
        self.grid.viewport().update()
        self._show_figures()
        self._show_cell()

    def _is_at(self, place: CellPosition) -> bool:
        return self._shown is not None and self._shown[0] == place

    # What the person wants.

    def _current(self) -> LiveCell | None:
        return self.grid.current()

    def _stop(self) -> None:
        self._core.sweeping.stop(self.sweep)

    def _go_on(self) -> None:
        self._try(lambda: self._core.sweeping.resume(self.sweep))
        self._show_progress()

    def _ask_again(self) -> None:
        one = self._current()
        if one is None:
            return
        if one.state is CellState.STREAMING:
            self._core.sweeping.stop_cell(self.sweep, one.place)
        else:
            self._try(lambda: self._core.sweeping.retry(self.sweep, one.place))
        self._show_progress()

    def _keep_this(self) -> None:
        one = self._current()
        if one is not None and self._try(
            lambda: self._core.sweeping.keep(self._held, self.sweep, one.place)
        ):
            self._says.setText(_("Kept as a branch of the conversation."))
            self.kept.emit(self._held.id)

    def _use_these(self) -> None:
        if (one := self._current()) is not None:
            self.use_wanted.emit(self._core.sweeping.use(self.sweep, one.place))
            self._says.setText(_("The conversation asks with these parameters now."))

    def _choose_file(self, kind: ExportKind, _checked: bool = False) -> None:
        dialog = QFileDialog(self, _("Export the sweep"), f"sweep.{kind.value}")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(kind.value)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.export(kind, Path(path)))
        dialog.open()

    def export(self, kind: ExportKind, path: Path) -> None:
        """Write the sweep to a file; the dialog has asked whether to overwrite one."""
        say = self._says.setText
        run_guarded(
            self._core, "sweep: export", lambda wrong: say(str(wrong)), self._write, kind, path
        )

    async def _write(self, kind: ExportKind, path: Path) -> None:
        export = SweepExport(self._core.sweeping, self._core.conversations)
        await export.write(self.sweep, kind, path, overwrite=True)
        self._says.setText(_("Written to {path}").format(path=path))

    def _try(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except LoquatError as wrong:
            self._says.setText(str(wrong))
            return False
        return True

    def closeEvent(self, event: QCloseEvent) -> None:
        # Nobody waits for what is being compared.
        self.comparison.compare(Reference.NOTHING)
        self.sweep.changed.disconnect(self._take_change)
        self.sweep.finished.disconnect(self._show_progress)
        self._core.sweeping.release(self.sweep)
        super().closeEvent(event)


def _button(words: str, slot: Callable[[], None]) -> QPushButton:
    button = QPushButton(words)
    button.setAutoDefault(False)
    button.clicked.connect(slot)
    return button
