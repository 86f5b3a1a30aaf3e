"""The charts of a sweep: what the swept value does to length, variety, likeness and cost."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.sweep_figures import Analysis, CellResult, Measure, measure_label
from app.ui.lab.charts import Chart
from app.ui.theme.theme import Theme


class SweepCharts(QWidget):
    """A chart for each measure that the sweep can have."""

    def __init__(self, theme: Theme, repeats: int) -> None:
        super().__init__()
        measures = [one for one in Measure if repeats > 1 or one is not Measure.SIMILARITY]
        self._charts = {one: Chart(theme, measure_label(one)) for one in measures}
        layout = QGridLayout(self)
        for number, chart in enumerate(self._charts.values()):
            layout.addWidget(chart, number // 2, number % 2)

    def show_cells(self, cells: Sequence[CellResult], analysis: Analysis) -> None:
        """Draw these, as far as they are complete."""
        for measure, chart in self._charts.items():
            chart.show_series(analysis.series(cells, measure))
