"""The choice of the reference that the answers of a sweep are compared with."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from app.domain.text.translation import _
from app.services.sweep.running_sweep import LiveCell, Sweep
from app.ui.common.flow_layout import FlowLayout
from app.ui.lab.sweep.comparison import Comparison, Reference, references
from app.ui.theme.buttons import dialog_button
from app.ui.theme.controls import ComboBox


class ReferenceChoice(QWidget):
    """Combo box of the references, and a button that makes the current answer the reference."""

    #: The reference was changed.
    changed = Signal()

    def __init__(
        self, sweep: Sweep, comparison: Comparison, current: Callable[[], LiveCell | None]
    ) -> None:
        """`current` returns the cell with the keyboard cursor; None if there is none."""
        super().__init__()
        self._comparison = comparison
        self._current = current
        self.list = ComboBox()
        self.list.setAccessibleName(_("Compare with"))
        for reference, words in references(sweep.plan):
            self.list.addItem(words, reference.value)
        self.list.currentIndexChanged.connect(self._take)
        this = dialog_button(_("Compare with this"), self._take_current)
        this.setAccessibleName(_("Compare the other answers with this one"))
        # In a narrow pane the button stands below the list.
        layout = FlowLayout(8)
        self.setLayout(layout)
        layout.addWidget(self.list)
        layout.addWidget(this)

    def choose(self, reference: Reference) -> None:
        """Choose a reference of the list."""
        self.list.setCurrentIndex(self.list.findData(reference.value))

    def _take(self) -> None:
        self._comparison.compare(Reference(self.list.currentData()))
        self.changed.emit()

    def _take_current(self) -> None:
        cell = self._current()
        if cell is None:
            return
        self._comparison.compare(Reference.CHOSEN, cell.place)
        words = _("Compare with {answer}").format(answer=cell.cell.label or _("this answer"))
        with QSignalBlocker(self.list):
            place = self.list.findData(Reference.CHOSEN.value)
            if place < 0:
                place = self.list.count()
                self.list.addItem("", Reference.CHOSEN.value)
            self.list.setItemText(place, words)
            self.list.setCurrentIndex(place)
        self.changed.emit()
