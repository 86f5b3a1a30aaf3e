"""Makes the push buttons of dialogs.

They are apart from `controls`, whose classes the first frame does not need and would load.
"""

from collections.abc import Callable

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QPushButton

#: The function that a click calls, or the signal that it emits.
Slot = Callable[[], object] | SignalInstance


def dialog_button(words: str, slot: Slot) -> QPushButton:
    """Make a push button of a dialog that is not pressed by Enter in another widget.

    Qt otherwise presses the first button of a dialog on Enter, in a text field as well.
    """
    button = QPushButton(words)
    button.setAutoDefault(False)
    button.clicked.connect(slot)
    return button
