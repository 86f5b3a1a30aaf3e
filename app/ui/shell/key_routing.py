"""Sets up where the keys of the main window go: event filters that follow the focus."""

import os

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.services.program.input_method import InputMethod, wanted_input_method
from app.ui.common.composition_order import CompositionOrder
from app.ui.common.layout_keys import LayoutKeys
from app.ui.shell.focus_return import FocusReturn
from app.ui.shell.typing import Typing


def route_keys(window: QWidget, field: QPlainTextEdit) -> None:
    """Send what is typed in a window to its message field unless another text field has the focus,
    and give the focus back to where it was."""
    Typing(window, field)
    FocusReturn(window, field)
    LayoutKeys(window)
    # The application has chosen already, so that a wish for Fcitx is one for Qt's IBus plugin now.
    if wanted_input_method(os.environ) is InputMethod.IBUS:
        CompositionOrder(window)
