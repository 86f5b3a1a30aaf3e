"""The states of the main window in which its layout is checked, as a person comes to them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QEvent, QMimeData, QPoint
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget

from app.domain.chat.conversation import Message, Role, Status, Timings, ToolCall
from app.domain.errors import Remedy
from app.domain.events import Usage
from app.domain.ids import new_id
from app.domain.parameters.kinds import ParameterGroup
from app.domain.parameters.presets import SHIPPED
from app.domain.providers.providers import EMBEDDED
from app.services.program.core import Core
from app.ui.lab.side_panel import Face
from app.ui.parameters.explanation import Explanation
from app.ui.picker.picker import Picker
from app.ui.shell.main_window import MainWindow
from app.ui.shell.panes import Side
from tests.servers import Connection, answer, chunk
from tests.ui.conftest import until
from tests.ui.lab.lab_values import heat_of
from tests.ui.lab.test_side_panel import said_with_twenty

ANSWER = (
    "# 标题 and title\n\nA *text* in العربية and 🍊🌳, with `code`, a [link](https://example.org).\n\n"
    "- one\n- two\n\n> a quotation\n\n```python\n"
    "print('a line of code that is long enough to reach the edge of its block, and further on')\n"
    "```\n\n| tree | fruit | month of harvest |\n| --- | --- | --- |\n| loquat | yellow | May |\n"
)
QUESTION = "Tell me about 日本語 trees, العربية and 🍊."
TITLE = "A title that is long enough to be cut, 果樹, and longer than a narrow window is wide"
MODEL = "deepseek/deepseek-v4-pro"

#: Widths in pixels: all, and those of states that are rare or differ little between them.
ALL, ENDS, NARROW = (480, 900, 1280, 1920), (480, 1280), (480,)


def script(connection: Connection) -> None:
    """Answer a question by its last word, as a server does."""
    request = connection.request
    asked = request.body.decode(errors="replace") if request.method == "POST" else ""
    if "chat/completions" not in request.path:
        connection.head(404, "application/json")
        return
    if "logprobs" in asked:
        answer(said_with_twenty())(connection)
        return
    connection.head()
    thought = chunk(reasoning_content="They grow slowly, I think. " * 40)
    connection.send(thought if "Think." in asked else chunk(ANSWER[:150]))
    connection.stall()


@dataclass
class Room:
    """A main window, and a library with conversations to show in it."""

    core: Core
    main_window: MainWindow
    #: The ids of the conversations by their names here.
    ids: dict[str, str] = field(default_factory=dict)

    def conversation(self, name: str) -> str:
        """Return the id of the conversation with a name, made at its first use."""
        if name in self.ids:
            return self.ids[name]
        messages = {"talk": self._talk, "ends": self._ends}[name]
        held = self.core.conversations.create(provider="s", model=MODEL, title=f"{name}: {TITLE}")
        parent = None
        for message in messages():
            self.core.conversations.add_message(held, _under(message, parent))
            parent = message.id
        if name == "talk":
            last = held.path()[-1]
            self.core.chat.edit_answer(held, last.id, f"{ANSWER}\nA second version.")
        self.ids[name] = held.id
        return held.id

    async def rest(self) -> None:
        """Bring the window back to the talk at rest, without panel, bars and notices."""
        main_window = self.main_window
        held = main_window.in_view.conversation
        if held is not None and self.core.chat.is_answering(held.id):
            main_window.writing.stop()
            await until(lambda: not self.core.chat.is_answering(held.id))
        if main_window.editing.is_open():
            main_window.editing.discard()
        if "probabilities" in self.ids and heat_of(main_window).is_open:
            main_window.lab.toggle_heat()
        main_window.conversation.find_bar.dismiss()
        main_window.pane.composer.clear()
        main_window.pane.banner.hide()
        main_window.pane.toast.hide()
        main_window.pane.header.end_rename(keep=False)
        main_window.window.panes.close_drawer()
        main_window.window.panes.hide_side(Side.PANEL)
        self.core.settings.default_provider = "s"
        main_window.open_conversation(self.conversation("talk"))
        main_window.conversation.transcript.verticalScrollBar().setValue(0)

    def ask(self, text: str) -> None:
        """Ask in a new conversation."""
        self.main_window.new_conversation()
        self.main_window.pane.composer.put_text(text)
        self.main_window.pane.composer.send.click()

    def _talk(self) -> list[Message]:
        return [
            _said(Role.USER, QUESTION),
            _said(
                Role.ASSISTANT,
                ANSWER,
                reasoning="They grow slowly.",
                timings=Timings(0.8, 31.0, 12.0),
                usage=Usage(prompt_tokens=12, completion_tokens=1234),
                served_by="DeepInfra",
            ),
            _said(Role.USER, "A log:\n" + "2026-11-28 15:01:07 worker 3 harvested\n" * 30),
            _said(Role.ASSISTANT, ANSWER),
        ]

    def _ends(self) -> list[Message]:
        return [
            _said(Role.USER, QUESTION),
            _said(Role.ASSISTANT, "Once upon a", status=Status.STOPPED),
            _said(Role.USER, "Go on."),
            _said(
                Role.ASSISTANT,
                "It was",
                status=Status.INTERRUPTED,
                error="The connection to Scripted broke off. What came is kept.",
            ),
            _said(Role.USER, "Go on."),
            _said(
                Role.ASSISTANT,
                "",
                status=Status.FAILED,
                error="Scripted refused the key. Check it in the settings.",
                remedy=Remedy.KEY,
            ),
            _said(Role.USER, "Call."),
            _said(
                Role.ASSISTANT,
                "Let me look.",
                tool_calls=(ToolCall("1", "get_weather", '{"place": "Jávea", "days": 3}'),),
            ),
        ]


def _said(role: Role, text: str, **more: object) -> Message:
    return Message(new_id(), None, role, text, 1.0, provider="s", model=MODEL, **more)  # type: ignore[arg-type]


async def _talk(room: Room) -> None:
    transcript = room.main_window.conversation.transcript
    transcript.make_current(1)


async def _talk_end(room: Room) -> None:
    room.main_window.conversation.transcript.scroll_to_end()
    room.main_window.conversation.transcript.make_current(3)


async def _ends(room: Room) -> None:
    room.main_window.open_conversation(room.conversation("ends"))
    room.main_window.conversation.transcript.scroll_to_end()


async def _first_start(room: Room) -> None:
    room.core.settings.default_provider = EMBEDDED.id
    room.main_window.new_conversation()
    room.main_window.in_view.refresh()


async def _empty(room: Room) -> None:
    room.main_window.new_conversation()


async def _streaming(room: Room) -> None:
    room.ask(QUESTION)
    await until(lambda: "title" in _last_words(room))
    room.main_window.pane.composer.put_text("And then?")


async def _thinking(room: Room) -> None:
    room.ask("Think.")
    await until(lambda: "slowly" in _last_words(room, reasoning=True))


async def _queue(room: Room) -> None:
    await _streaming(room)
    for text in ("Then tell me, in as many words as it takes, how much water. " * 3, "果樹 🍊"):
        room.main_window.pane.composer.put_text(text)
        room.main_window.pane.composer.submit()


async def _paused_queue(room: Room) -> None:
    await _queue(room)
    room.main_window.writing.stop()
    held = room.main_window.in_view.id
    await until(lambda: not room.core.chat.is_answering(held))


async def _notices(room: Room) -> None:
    pane = room.main_window.pane
    pane.banner.show_words("Scripted refused the key. Check it in the settings; nothing was lost.")
    pane.banner.show_words("The library can't be written. New messages can't be kept.")
    pane.toast.show_words("“A title that is long, 果樹” is in Recently deleted", "Undo")


async def _find(room: Room) -> None:
    room.main_window.conversation.find()
    room.main_window.conversation.find_bar.put_words("tree")
    await asyncio.sleep(0.1)


async def _heat(room: Room) -> None:
    """The heat bar over an answer with probabilities, which the first call asks for."""
    await _with_probabilities(room)
    room.main_window.lab.toggle_heat()


async def _popover(room: Room) -> None:
    await _heat(room)
    heat = heat_of(room.main_window)
    heat.choose(room.main_window.in_view.path[-1].id, 3)
    room.main_window.conversation.transcript.heating.step(1)


async def _lab(room: Room) -> None:
    await _with_probabilities(room)
    room.main_window.lab.toggle_lab()
    for name, value in (("top_k", 9), ("top_p", 0.5), ("min_p", 0.5)):
        room.main_window.in_view.set_value(name, value)


async def _lab_without(room: Room) -> None:
    """The lab with nothing to show."""
    room.main_window.lab.toggle_lab()


async def _long_message(room: Room) -> None:
    room.main_window.pane.composer.put_text("A line of a long message.\n" * 40)


async def _folded(room: Room) -> None:
    message = room.main_window.pane.composer.field
    pasted = QMimeData()
    pasted.setText("A line of a long text.\n" * 300)
    message.insertPlainText("Why? ")
    message.insertFromMimeData(pasted)


async def _edit_question(room: Room) -> None:
    room.main_window.editing.edit(room.main_window.in_view.path[0].id)


async def _edit_answer(room: Room) -> None:
    room.main_window.editing.edit(room.main_window.in_view.path[1].id)


async def _rename(room: Room) -> None:
    room.main_window.pane.header.rename()


async def _sidebar(room: Room) -> None:
    room.main_window.window.panes.show_side(Side.SIDEBAR)


async def _panel(room: Room) -> None:
    """The panel as it is at first, with a preset."""
    room.main_window.window.panes.show_side(Side.PANEL)
    room.main_window.lab.side.show_face(Face.PARAMETERS)
    room.main_window.choices.presets.use(SHIPPED[2])


async def _values(room: Room) -> None:
    """Groups open, values set, two of them in conflict, one of them invalid."""
    await _panel(room)
    values = {
        "temperature": 0.7,
        "top_k": 40,
        "stop": ["\n\n"],
        "top_logprobs": 5,
        "reasoning": {"effort": "high", "max_tokens": 2000},
    }
    room.main_window.in_view.set_values(values)
    rows = room.main_window.choices.panel.rows
    rows.restore_folds(dict.fromkeys(ParameterGroup, True))
    number = rows.row("min_p").editor.control()
    assert isinstance(number, QLineEdit)
    number.setText("seven")


async def _not_supported(room: Room) -> None:
    await _panel(room)
    rows = room.main_window.choices.panel.rows
    rows.restore_folds(dict.fromkeys(ParameterGroup, True))
    room.main_window.in_view.choose_model("plain", "gpt")


async def _explanation(room: Room) -> QWidget:
    await _panel(room)
    room.main_window.choices.panel.rows.restore_folds({ParameterGroup.SAMPLING: True})
    lay_out()
    room.main_window.choices.panel.rows.row("temperature").info.click()
    (explanation,) = room.main_window.window.findChildren(Explanation)
    return explanation


async def _picker(room: Room) -> QWidget:
    room.main_window.choices.show_picker()
    (picker,) = room.main_window.window.findChildren(Picker)
    await until(picker.isVisible)
    return picker


async def _conversation_menu(room: Room) -> QWidget:
    button = room.main_window.pane.header.menu
    button.click()
    return _menu_of(button)


async def _message_menu(room: Room) -> QWidget:
    transcript = room.main_window.conversation.transcript
    transcript.open_message_menu(1)
    return _menu_of(transcript)


async def _presets_menu(room: Room) -> QWidget:
    await _panel(room)
    menu = room.main_window.choices.panel.preset.more.menu()
    menu.popup(room.main_window.window.mapToGlobal(QPoint(8, 8)))
    return menu


#: Brings the window into a state; returns another window than the main one if that is checked.
State = Callable[[Room], Awaitable[QWidget | None]]

#: Each state with the widths in which it is checked.
STATES: dict[str, tuple[State, tuple[int, ...]]] = {
    "talk": (_talk, ALL),
    "end of a talk": (_talk_end, ENDS),
    "answers that ended early": (_ends, ENDS),
    "first start": (_first_start, ALL),
    "empty": (_empty, ENDS),
    "streaming": (_streaming, ENDS),
    "reasoning": (_thinking, NARROW),
    "queue": (_queue, ENDS),
    "paused queue": (_paused_queue, NARROW),
    "notices": (_notices, ENDS),
    "find": (_find, ENDS),
    "heat": (_heat, ENDS),
    "popover": (_popover, ENDS),
    "lab": (_lab, ALL),
    "lab without an answer": (_lab_without, NARROW),
    "long message": (_long_message, ENDS),
    "folded text": (_folded, ENDS),
    "editing a question": (_edit_question, ENDS),
    "editing an answer": (_edit_answer, ENDS),
    "renaming": (_rename, ENDS),
    "sidebar": (_sidebar, ALL),
    "panel": (_panel, ALL),
    "values": (_values, ENDS),
    "not supported": (_not_supported, NARROW),
    "explanation": (_explanation, NARROW),
    "picker": (_picker, ENDS),
    "menu of the conversation": (_conversation_menu, NARROW),
    "menu of a message": (_message_menu, NARROW),
    "menu of presets": (_presets_menu, NARROW),
}


def lay_out() -> None:
    """Let Qt lay out all that has changed."""
    for _turn in range(3):
        QApplication.sendPostedEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)


async def _with_probabilities(room: Room) -> None:
    """Bring the answer with probabilities into view; ask for it the first time."""
    if "probabilities" in room.ids:
        room.main_window.open_conversation(room.ids["probabilities"])
        return
    room.main_window.new_conversation()
    room.main_window.in_view.set_values({"logprobs": True, "top_logprobs": 20})
    room.main_window.pane.composer.put_text("Probabilities")
    room.main_window.pane.composer.send.click()
    held = room.ids["probabilities"] = room.main_window.in_view.id
    await until(lambda: not room.core.chat.is_answering(held))


def _last_words(room: Room, *, reasoning: bool = False) -> str:
    held = room.main_window.in_view.conversation
    if held is None or held.reply is None:
        return ""
    reply = held.reply
    return str(reply.reasoning if reasoning else reply.text)


def _menu_of(owner: QWidget) -> QMenu:
    (menu,) = (menu for menu in owner.findChildren(QMenu) if menu.isVisible())
    return menu


def _under(message: Message, parent: str | None) -> Message:
    return replace(message, parent=parent)
