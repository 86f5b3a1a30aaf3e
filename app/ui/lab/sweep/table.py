"""The figures page of a sweep: a table with a row for each answer, which any column sorts."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from app.domain.sweep.plan import CellPosition, CellState, Plan
from app.domain.sweep.results import Analysis, AnswerFigures, CellResult
from app.domain.text.translation import _
from app.ui.lab.sweep.charts import tick

_PLACE = Qt.ItemDataRole.UserRole


class _Number(QTableWidgetItem):
    """Table item that sorts as a number, unknown numbers first. Estimates have a ≈."""

    def __init__(self, value: float | None, *, estimated: bool = False) -> None:
        words = tick(value)
        super().__init__(f"≈ {words}" if estimated and value else words)
        self._value = value
        self.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def __lt__(self, other: QTableWidgetItem) -> bool:
        theirs = other._value if isinstance(other, _Number) else None
        if self._value is None or theirs is None:
            return self._value is None and theirs is not None
        return self._value < theirs


#: The columns: a name, and a function from an answer's figures to its number.
_COLUMNS: tuple[tuple[str, Callable[[AnswerFigures], float | None]], ...] = (
    (_("Words"), lambda figures: float(figures.words)),
    (_("Tokens"), lambda figures: None if figures.tokens is None else float(figures.tokens)),
    (_("Speed (tok/s)"), lambda figures: figures.tokens_per_second),
    (_("Cost ($)"), lambda figures: None if figures.cost is None else float(figures.cost)),
    (_("Mean log p (nats)"), lambda figures: figures.mean_logprob),
    (_("Geometric mean p"), lambda figures: figures.geometric_mean),
    (_("Distinct words (share)"), lambda figures: figures.distinct_1),
    (_("Distinct word pairs (share)"), lambda figures: figures.distinct_2),
)


#: Index in `_COLUMNS` of the column whose numbers may be estimates.
_COST = 3
_STATES = {
    CellState.WAITING: _("waiting"),
    CellState.STREAMING: _("streaming"),
    CellState.COMPLETE: _("complete"),
    CellState.STOPPED: _("stopped"),
    CellState.FAILED: _("failed"),
    CellState.INTERRUPTED: _("interrupted"),
}


#: Index of the column with the difference from the reference.
_DIFFERENT = len(_COLUMNS) + 2


class FigureTable(QTableWidget):
    """Table of the figures of all answers. Its last column, the difference from the reference, is
    hidden while nothing is compared."""

    #: The CellPosition of the answer whose row was selected.
    chosen = Signal(object)

    def __init__(self, plan: Plan) -> None:
        axes = [axis.title for axis in (plan.columns, plan.rows) if axis is not None]
        names = [
            " · ".join(axes) or _("Answer"),
            _("State"),
            *(name for name, _number in _COLUMNS),
            _("Difference (share)"),
        ]
        super().__init__(0, len(names))
        self.setAccessibleName(_("Table"))
        self.setHorizontalHeaderLabels(names)
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setHighlightSections(False)
        self.itemSelectionChanged.connect(self._tell)

    def show_cells(
        self,
        cells: Sequence[CellResult],
        analysis: Analysis,
        shares: Mapping[CellPosition, float] | None = None,
    ) -> None:
        """Show the figures of cells. `shares` has the changed share of compared answers, 0 to 1, by
        place; None hides the column. The sorting stays."""
        self.setSortingEnabled(False)
        self.setRowCount(len(cells))
        for row, cell in enumerate(cells):
            label = QTableWidgetItem(cell.cell.label or _("Answer"))
            label.setData(_PLACE, cell.cell.place)
            self.setItem(row, 0, label)
            self.setItem(row, 1, QTableWidgetItem(_STATES[cell.state]))
            figures = analysis.figures(cell)
            for column, (_name, number) in enumerate(_COLUMNS, 2):
                value = None if figures is None else number(figures)
                estimated = column - 2 == _COST and figures is not None and figures.cost_estimated
                self.setItem(row, column, _Number(value, estimated=estimated))
            self.setItem(row, _DIFFERENT, _Number((shares or {}).get(cell.cell.place)))
        self.setColumnHidden(_DIFFERENT, shares is None)
        self.setSortingEnabled(True)

    def _tell(self) -> None:
        items = self.selectedItems()
        label = self.item(items[0].row(), 0) if items else None
        if label is not None:
            self.chosen.emit(CellPosition(*label.data(_PLACE)))
