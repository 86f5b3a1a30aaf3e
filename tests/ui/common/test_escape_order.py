"""Esc closes the innermost open part of the window, and that alone."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.ui.common.escape_order import EscapeOrder, Layer


class Part:
    """A part of the window that can be open."""

    def __init__(self, order: EscapeOrder, layer: Layer) -> None:
        self.is_open = True
        order.add(layer, lambda: self.is_open, self.close)

    def close(self) -> None:
        self.is_open = False


def test_the_layers_close_from_the_innermost_to_the_answer(qapp: QApplication) -> None:
    parent = QObject()
    order = EscapeOrder(parent)
    added = [Layer.ANSWER, Layer.DRAWER, Layer.BAR, Layer.POPOVER, Layer.EDIT]
    parts = {layer: Part(order, layer) for layer in added}
    for number, layer in enumerate(sorted(Layer), 1):
        order.press()
        assert not parts[layer].is_open
        assert sum(not part.is_open for part in parts.values()) == number
    order.press()


def test_of_one_layer_the_part_that_came_later_closes_first(qapp: QApplication) -> None:
    parent = QObject()
    order = EscapeOrder(parent)
    first, second = Part(order, Layer.BAR), Part(order, Layer.BAR)
    order.press()
    assert (first.is_open, second.is_open) == (True, False)
