"""Makes the two kinds of buttons that most windows have.

They are apart from `controls`, whose classes the first frame does not need and would load.
"""

from collections.abc import Callable

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QPushButton, QToolButton

from app.ui.theme.icons import icon
from app.ui.theme.words import put_tip

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


def icon_button(glyph: str, words: str, slot: Slot) -> QToolButton:
    """Make a tool button with an icon by its name in `theme.icons`.

    `words` are the tooltip, such as "Close (Esc)"; without the key in brackets they are also the
    accessible name.
    """
    button = QToolButton()
    button.setIcon(icon(glyph))
    put_tip(button, words)
    button.setAccessibleName(words.split(" (", maxsplit=1)[0])
    button.clicked.connect(slot)
    return button
