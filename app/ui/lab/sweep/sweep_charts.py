"""The charts of a sweep: what the swept value does to length, variety, likeness and cost."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.sweep.plan import Plan
from app.domain.sweep.results import Analysis, CellResult, Measure, measure_label
from app.domain.text.translation import _
from app.ui.lab.sweep.charts import LineChart
from app.ui.theme.theme import Theme
from app.ui.theme.words import Words


class SweepCharts(QWidget):
    """A chart for each measure that the sweep can have."""

    def __init__(self, theme: Theme, plan: Plan) -> None:
        super().__init__()
        alone = plan.repeats < 2
        measures = [one for one in Measure if not (alone and one is Measure.SIMILARITY)]
        self._charts = {one: LineChart(theme, measure_label(one)) for one in measures}
        layout = QGridLayout(self)
        axes = Words(axes_words(plan))
        axes.setObjectName("muted")
        layout.addWidget(axes, 0, 0, 1, 2)
        for number, chart in enumerate(self._charts.values()):
            layout.addWidget(chart, 1 + number // 2, number % 2)
            layout.setRowStretch(1 + number // 2, 1)

    def show_cells(self, cells: Sequence[CellResult], analysis: Analysis) -> None:
        """Draw these, as far as they are complete."""
        for measure, chart in self._charts.items():
            chart.show_series(analysis.series(cells, measure))


def axes_words(plan: Plan) -> str:
    """What the charts have along them, what their lines are, and what their strokes."""
    said = []
    if plan.columns is not None:
        said.append(_("Along: {axis}").format(axis=plan.columns.title))
    if plan.rows is not None:
        said.append(_("A line for each: {axis}").format(axis=plan.rows.title))
    if plan.repeats > 1:
        said.append(_("from the least to the greatest of {n} repeats").format(n=plan.repeats))
    return " · ".join(said)
