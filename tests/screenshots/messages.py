"""A message in its states: at rest, under the pointer, in keyboard focus, with its menu and its
versions, and being edited."""

from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu

from app.domain.chat.conversation import Message, Role, Timings
from app.domain.events import Usage
from app.domain.ids import new_id
from tests.screenshots.studio import SIZES, Studio
from tests.screenshots.texts import ARABIC, CHINESE, MARKDOWN

#: Sizes of the window, the second of which is the narrowest.
WIDE, NARROW = SIZES[0], (480, 720)


def discuss(studio: Studio) -> list[Message]:
    """Make a conversation with versions, bring it into view, and return its path."""
    conversations = studio.core.conversations
    held = conversations.create(provider="scripted", model="deepseek/deepseek-v4-pro", title="Tea")

    def add(role: Role, text: str, parent: str | None) -> Message:
        message = Message(
            new_id(),
            parent,
            role,
            text,
            1.0,
            provider="scripted",
            model="deepseek/deepseek-v4-pro",
            served_by="DeepInfra",
            usage=Usage(prompt_tokens=12, completion_tokens=1234),
            timings=Timings(0.8, 31.0),
        )
        conversations.add_message(held, message)
        return message

    first = add(Role.USER, "Which tea has the most caffeine? " + CHINESE, None)
    add(Role.ASSISTANT, "Matcha, by the cup.", first.id)
    add(Role.USER, "Which teas have caffeine? 🍵", None)
    second = add(Role.USER, "Which tea has the least caffeine?", None)
    answer = add(Role.ASSISTANT, "Hojicha is **roasted**, and has little. " + ARABIC, second.id)
    studio.core.chat.edit_answer(held, answer.id, "Hojicha: it is roasted. 🍵\n\n- so is *bancha*")
    third = add(Role.USER, "Show me all that Markdown can do.", held.conversation.current)
    add(Role.ASSISTANT, MARKDOWN[:700], third.id)
    studio.main_window.open_conversation(held.id)
    return studio.main_window.in_view.path


def point_at(studio: Studio, place: QPoint) -> None:
    """Move the pointer to a point of the transcript's viewport."""
    viewport, none = studio.main_window.conversation.transcript.viewport(), Qt.MouseButton.NoButton
    kind, keys = QEvent.Type.MouseMove, Qt.KeyboardModifier.NoModifier
    point = QPointF(place)
    event = QMouseEvent(kind, point, QPointF(viewport.mapToGlobal(place)), none, none, keys)
    QApplication.sendEvent(viewport, event)


async def draw_messages(studio: Studio, directory: Path) -> None:
    """Go through the states of a message, at two widths."""
    before = studio.main_window.in_view.id
    discuss(studio)
    for size, name in ((WIDE, "wide"), (NARROW, "narrow")):
        studio.window.resize(*size)
        await draw_at_rest(studio, directory, name)
        await draw_edits(studio, directory, name)
    studio.window.resize(*WIDE)
    studio.main_window.open_conversation(before)
    await studio.settle()


async def draw_at_rest(studio: Studio, directory: Path, name: str) -> None:
    """At rest, under the pointer, in focus, and with the menu."""
    transcript = studio.main_window.conversation.transcript
    studio.window.pane.composer.field.setFocus()
    transcript.verticalScrollBar().setValue(0)
    await studio.settle()
    studio.shoot(directory, f"50-message-rest-{name}", studio.window)
    for number in (0, 1, 3):
        transcript.show_offset(number, 0)
        place = transcript.rectangle_of(number)
        point_at(studio, QPoint(place.left() + 200, place.top() + 40))
        studio.shoot(directory, f"51-message-hover-{number}-{name}", studio.window)
    transcript.pointing.forget()
    transcript.verticalScrollBar().setValue(0)
    studio.window.activateWindow()
    transcript.setFocus()
    transcript.make_current(1)
    for _step in range(2):
        transcript.focus.step(backwards=False)
    await studio.settle()
    studio.shoot(directory, f"52-message-focus-{name}", studio.window)
    transcript.open_message_menu(1)
    menu = transcript.findChild(QMenu)
    assert isinstance(menu, QMenu)
    studio.shoot(directory, f"53-message-menu-{name}", menu)
    menu.close()
    transcript.open_message_menu(3)
    (menu,) = (one for one in transcript.findChildren(QMenu) if one.isVisible())
    assert isinstance(menu, QMenu)
    studio.shoot(directory, f"53-message-menu-last-{name}", menu)
    menu.close()


async def draw_edits(studio: Studio, directory: Path, name: str) -> None:
    """A question and an answer while they are edited, and a long text."""
    transcript, editing = studio.main_window.conversation.transcript, studio.main_window.editing
    transcript.verticalScrollBar().setValue(0)
    for number, kind in enumerate(("question", "answer")):
        editing.edit(transcript.items()[number].id)
        assert editing.editor is not None
        if kind == "answer":
            editing.editor.put_text(editing.editor.text() + "\n- and so is *kukicha*")
        await studio.settle()
        studio.shoot(directory, f"54-edit-{kind}-{name}", studio.window)
    editing.edit(transcript.items()[3].id)
    await studio.settle()
    studio.shoot(directory, f"55-edit-long-{name}", studio.window)
    editing.discard()
    editing.edit(transcript.items()[1].id)
    editing.discard()
