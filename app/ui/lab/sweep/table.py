"""The answers of a sweep as a list of figures, which any column sorts."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from app.domain.sweep.plan import CellPosition, CellState, Plan
from app.domain.sweep.results import Analysis, AnswerFigures, CellResult
from app.domain.text.translation import _
from app.ui.lab.sweep.charts import tick

_PLACE = Qt.ItemDataRole.UserRole


class _Number(QTableWidgetItem):
    """A number that is compared as such; what isn't known comes first."""

    def __init__(self, value: float | None) -> None:
        super().__init__(tick(value))
        self._value = value
        self.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def __lt__(self, other: QTableWidgetItem) -> bool:
        theirs = other._value if isinstance(other, _Number) else None
        if self._value is None or theirs is None:
            return self._value is None and theirs is not None
        return self._value < theirs


#: A column's name, and its number of an answer.
_COLUMNS: tuple[tuple[str, Callable[[AnswerFigures], float | None]], ...] = (
    (_("Words"), lambda one: float(one.words)),
    (_("Tokens"), lambda one: None if one.tokens is None else float(one.tokens)),
    (_("Tok/s"), lambda one: one.tokens_per_second),
    (_("Cost in $"), lambda one: None if one.cost is None else float(one.cost)),
    (_("Mean log p"), lambda one: one.mean_logprob),
    (_("Distinct words"), lambda one: one.distinct_1),
    (_("Distinct pairs"), lambda one: one.distinct_2),
)


_STATES = {
    CellState.WAITING: _("waiting"),
    CellState.STREAMING: _("streaming"),
    CellState.COMPLETE: _("complete"),
    CellState.STOPPED: _("stopped"),
    CellState.FAILED: _("failed"),
    CellState.INTERRUPTED: _("interrupted"),
}


#: The column that tells how different an answer is from another.
_DIFFERENT = len(_COLUMNS) + 2


class FigureTable(QTableWidget):
    """Tells which answer is looked at."""

    chosen = Signal(object)

    def __init__(self, plan: Plan) -> None:
        axes = [axis.title for axis in (plan.columns, plan.rows) if axis is not None]
        names = [
            " · ".join(axes) or _("Answer"),
            _("State"),
            *(name for name, _number in _COLUMNS),
            _("Difference"),
        ]
        super().__init__(0, len(names))
        self.setAccessibleName(_("Figures"))
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
        """Show the figures of these, and how different each is from what it is compared with,
        0 to 1; without any the column is hidden. The order that was chosen stays."""
        self.setSortingEnabled(False)
        self.setRowCount(len(cells))
        for row, one in enumerate(cells):
            label = QTableWidgetItem(one.cell.label or _("Answer"))
            label.setData(_PLACE, one.cell.place)
            self.setItem(row, 0, label)
            self.setItem(row, 1, QTableWidgetItem(_STATES[one.state]))
            figures = analysis.figures(one)
            for column, (_name, number) in enumerate(_COLUMNS, 2):
                self.setItem(row, column, _Number(None if figures is None else number(figures)))
            self.setItem(row, _DIFFERENT, _Number((shares or {}).get(one.cell.place)))
        self.setColumnHidden(_DIFFERENT, shares is None)
        self.setSortingEnabled(True)

    def _tell(self) -> None:
        items = self.selectedItems()
        label = self.item(items[0].row(), 0) if items else None
        if label is not None:
            self.chosen.emit(CellPosition(*label.data(_PLACE)))
