"""The toast stands above the composer, and covers neither the end of what is read nor a button."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Message, Role
from app.services.program.core import Core
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import Surroundings
from tests.ui.conftest import OnLoop, keep, until

TEXT = "A loquat tree grows to five or ten metres.\n\n" * 30


def place_of(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def test_the_toast_leaves_free_what_is_read_and_what_is_clicked(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        window = Window(theme, {})
        keep(qtbot, window)
        main_window = MainWindow(core, theme, window)
        window.resize(480, 720)
        window.show()
        pane, transcript = window.pane, main_window.conversation.transcript
        pane.show_page(empty=False)
        path = [Message("a", None, Role.ASSISTANT, TEXT, 0.0)]
        transcript.show_path(path, lambda _message: Surroundings())
        pane.toast.show_words("Deleted “A title”", "Undo")
        toast, composer = place_of(pane.toast, window), place_of(pane.composer, window)
        assert composer.top() - 8 <= toast.bottom() + 1 <= composer.top()
        corner = transcript.viewport().mapTo(window, QPoint(0, 0))
        texts = [
            place.translated(corner)
            for name, place in transcript.painted_rectangles().items()
            if name.endswith("text")
        ]
        assert texts
        assert not any(toast.intersects(place) for place in texts)
        pane.composer.put_text("\n" * 6)
        await until(
            lambda: place_of(pane.toast, window).bottom() < place_of(pane.composer, window).top()
        )
        transcript.scroll_by(-400)
        button = transcript.to_end_button
        assert button.isVisible()
        button.setGeometry(8, button.y(), transcript.width() - 16, button.height())
        assert not place_of(pane.toast, window).intersects(place_of(button, window))
        pane.toast.show_words("Loquat " * 40)
        assert place_of(pane.toast, window).left() >= 0
        assert place_of(pane.toast, window).right() < window.width()
        await core.close()

    on_loop(work)
