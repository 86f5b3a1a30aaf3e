"""The charts page of a sweep: how the measures of the answers depend on the axes."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from app.domain.sweep.plan import Plan
from app.domain.sweep.results import Analysis, CellResult, Measure, axis_name, measure_label
from app.domain.text.translation import _
from app.ui.lab.sweep.charts import LineChart
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel


class SweepCharts(QScrollArea):
    """Line charts of a sweep, one for each measure of its answers. The chart of similarity compares
    repeats, and is left out if there are none. A low window scrolls them."""

    def __init__(self, theme: Theme, plan: Plan) -> None:
        super().__init__()
        alone = plan.repeats < 2
        measures = [measure for measure in Measure if not (alone and measure is Measure.SIMILARITY)]
        across = "" if plan.columns is None else axis_name(plan.columns)
        self._charts = {
            measure: LineChart(theme, measure_label(measure), across) for measure in measures
        }
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        contents = QWidget()
        layout = QGridLayout(contents)
        axes = PlainLabel(axes_words(plan))
        axes.setObjectName("muted")
        layout.addWidget(axes, 0, 0, 1, 2)
        for number, chart in enumerate(self._charts.values()):
            layout.addWidget(chart, 1 + number // 2, number % 2)
            layout.setRowStretch(1 + number // 2, 1)
        self.setWidget(contents)

    def show_cells(self, cells: Sequence[CellResult], analysis: Analysis) -> None:
        """Show the measures of the complete cells."""
        for measure, chart in self._charts.items():
            chart.show_series(analysis.series(cells, measure))


def axes_words(plan: Plan) -> str:
    """Return a line about the charts: the horizontal axis, the lines, and the vertical strokes."""
    parts = []
    if plan.columns is not None:
        parts.append(_("Along: {axis}").format(axis=axis_name(plan.columns)))
    if plan.rows is not None:
        parts.append(_("A line for each: {axis}").format(axis=axis_name(plan.rows)))
    if plan.repeats > 1:
        parts.append(_("Dot: mean of {n} repeats, line: lowest to highest").format(n=plan.repeats))
    return " · ".join(parts)
