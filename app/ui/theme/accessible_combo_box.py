"""The accessibility interface of our combo boxes. Qt 6.11's own one does not give their name on
Unix."""

from PySide6.QtCore import QItemSelection, QObject
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget

from app.ui.theme.controls import ComboBox

#: The accessible actions that open the list.
OPENING = (QAccessibleActionInterface.showMenuAction(), QAccessibleActionInterface.pressAction())


class AccessibleComboBox(QAccessibleWidget):
    """Tells screen readers a combo box's name, its current text as the value, and its list and line
    edit as children. On Unix Qt 6.11 gives the text in place of the name."""

    def __init__(self, box: ComboBox) -> None:
        super().__init__(box, QAccessible.Role.ComboBox)
        self._box = box
        box.view().selectionModel().selectionChanged.connect(self._take_selection)

    def text(self, part: QAccessible.Text) -> str:
        if part == QAccessible.Text.Name and self._box.accessibleName():
            return self._box.accessibleName()
        return self._box.currentText() if part == QAccessible.Text.Value else super().text(part)

    def childCount(self) -> int:
        return len(self._children())

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        children = self._children()
        if not 0 <= index < len(children):
            return None
        return QAccessible.queryAccessibleInterface(children[index])

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        children = self._children()
        return children.index(child.object()) if child.object() in children else -1

    def actionNames(self) -> list[str]:
        return [*OPENING, *super().actionNames()]

    def doAction(self, name: str) -> None:
        if name in OPENING:
            self._box.showPopup()
        else:
            super().doAction(name)

    def _take_selection(self, selected: QItemSelection) -> None:
        """Choose the row that a screen reader has selected in the list."""
        # While the list is open, the arrow keys and the mouse select rows without choosing them;
        # only a screen reader selects rows of a closed list.
        rows = [index.row() for index in selected.indexes()]
        if rows and rows[0] != self._box.currentIndex() and not self._box.view().isVisible():
            self._box.setCurrentIndex(rows[0])
            self._box.activated.emit(rows[0])

    def _children(self) -> list[QObject]:
        field = self._box.lineEdit()
        return [self._box.view(), field] if field is not None else [self._box.view()]
