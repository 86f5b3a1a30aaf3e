"""The table of actions: words, icon and keys of everything that a key or a button of a window does.

Menus, key bindings, tooltips, accessible names and the README's list of keys are made from it. What
an action does is declared by its owner (`handlers` of `MainWindow`, `ConversationView`, `Writing`
…), which `ui/shell/action_binding.py` connects. Actions on one message have a table of their own in
`ui/transcript/actions.py`, since they depend on the message.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.text.translation import _


class Scope(StrEnum):
    """The part of the window in which an action's keys work, as the README names it."""

    WINDOW = "anywhere"
    COMPOSER = "message field"
    CONVERSATIONS = "list of chats"
    TRANSCRIPT = "messages"
    MESSAGE = "button of a message"
    FIND = "find bar"
    FRAME = "find bar, heat map bar, alternatives, title, drawer"
    VALUE = "slider or number field"
    BARS = "candidates in the lab"
    MODELS = "model search"
    HOSTS = "hosts and routing"
    PRESETS = "list of presets"
    TOOL_ANSWER = "tool result"


class ActionId(StrEnum):
    """The unchanging name of an action, which code and tests use."""

    NEW_CONVERSATION = "new-conversation"
    TOGGLE_SIDEBAR = "toggle-sidebar"
    TOGGLE_PARAMETERS = "toggle-parameters"
    CHOOSE_MODEL = "choose-model"
    SETTINGS = "settings"
    REGENERATE = "regenerate"
    STOP = "stop"
    FIND = "find"
    FIND_NEXT = "find-next"
    WRITE = "write"
    RENAME = "rename"
    UNDO = "undo"
    RECENTLY_DELETED = "recently-deleted"
    MESSAGE_ABOVE = "message-above"
    MESSAGE_BELOW = "message-below"
    VERSION_BEFORE = "version-before"
    VERSION_AFTER = "version-after"
    HEAT_MAP = "heat-map"
    WHAT_IF = "what-if"
    SWEEP = "sweep"
    SEED_CHECK = "seed-check"
    CONVERSATION_MENU = "conversation-menu"
    DELETE_IN_VIEW = "delete-in-view"
    QUIT = "quit"

    SEND = "send"
    SEND_ALWAYS = "send-always"
    NEW_LINE = "new-line"
    QUEUE = "queue"
    DELETE_CONVERSATION = "delete-conversation"

    SCROLL_UP = "scroll-up"
    SCROLL_DOWN = "scroll-down"
    PAGE_UP = "page-up"
    PAGE_DOWN = "page-down"
    TO_BEGINNING = "to-beginning"
    TO_END = "to-end"
    COPY = "copy"
    SELECT_ALL = "select-all"
    SELECT_LEFT = "select-left"
    SELECT_RIGHT = "select-right"
    SELECT_WORD_LEFT = "select-word-left"
    SELECT_WORD_RIGHT = "select-word-right"
    SELECT_LINE_UP = "select-line-up"
    SELECT_LINE_DOWN = "select-line-down"
    TOKEN_BEFORE = "token-before"  # noqa: S105 - no password
    TOKEN_AFTER = "token-after"  # noqa: S105 - no password
    ALTERNATIVES = "alternatives"

    PRESS_BUTTON = "press-button"

    MATCH_BEFORE = "match-before"
    MATCH_AFTER = "match-after"
    CLOSE = "close"

    DECREASE = "decrease"
    INCREASE = "increase"
    DECREASE_FINELY = "decrease-finely"
    INCREASE_FINELY = "increase-finely"
    DECREASE_COARSELY = "decrease-coarsely"
    INCREASE_COARSELY = "increase-coarsely"
    GO_TO_TOKEN = "go-to-token"  # noqa: S105 - no password

    ALONG_MODELS = "along-models"
    FAVOURITE = "favourite"
    HOST_UP = "host-up"
    HOST_DOWN = "host-down"
    RENAME_PRESET = "rename-preset"
    DELETE_PRESET = "delete-preset"
    RESTORE_PRESET = "restore-preset"
    ANSWER_TOOL = "answer-tool"


@dataclass(frozen=True, slots=True)
class Action:
    """A row of the table.

    `words` is the name in menus, in tooltips and for screen readers. `keys` is a list of sequences
    as `QKeySequence.listFromString` reads it, or empty; tooltips show the first one. `help` says
    more than `words` where those are too short for a list of keys. `icon` is a name of
    `theme.icons`. A `destructive` action deletes something, ends the program or costs money: a key
    that is held does it once, since the repeated events of the key are ignored.
    """

    id: ActionId
    words: str
    keys: str
    help: str = ""
    icon: str = ""
    destructive: bool = False

    @property
    def sentence(self) -> str:
        """The help, or the words where there is none."""
        return self.help or self.words


#: In the order of the README's list. Where two rows fit a key event equally well, the first wins.
ACTIONS_BY_SCOPE: Mapping[Scope, Sequence[Action]] = {
    Scope.WINDOW: (
        Action(ActionId.NEW_CONVERSATION, _("New chat"), "Ctrl+N", icon="new_chat"),
        Action(
            ActionId.CHOOSE_MODEL,
            _("Choose a model"),
            "Ctrl+M",
            _("Choose a model"),
            icon="down",
        ),
        Action(
            ActionId.REGENERATE,
            _("Regenerate"),
            "Ctrl+R",
            _("Regenerate the last answer; the old version is kept"),
            icon="again",
            destructive=True,
        ),
        Action(ActionId.STOP, _("Stop"), "Esc", _("Stop the answer"), icon="stop"),
        Action(ActionId.WRITE, _("Message"), "Ctrl+L", _("Go to the message field")),
        Action(ActionId.RENAME, _("Rename"), "F2", _("Rename the chat"), icon="rename"),
        Action(
            ActionId.UNDO,
            _("Undo"),
            "Ctrl+Z",
            _("Undo the last edit in the focused field, or the last deletion"),
        ),
        Action(ActionId.RECENTLY_DELETED, _("Recently deleted"), "", icon="history"),
        Action(ActionId.FIND, _("Find"), "Ctrl+F", _("Find in the chat")),
        Action(ActionId.FIND_NEXT, _("Find next"), "F3"),
        Action(
            ActionId.MESSAGE_ABOVE,
            _("Previous message"),
            "Alt+Up",
            _("Go to the previous or next message"),
        ),
        Action(
            ActionId.MESSAGE_BELOW,
            _("Next message"),
            "Alt+Down",
            _("Go to the previous or next message"),
        ),
        Action(
            ActionId.VERSION_BEFORE,
            _("Previous version"),
            "Alt+Left",
            _("Show another version of the focused message, or of the last one with versions"),
            icon="left",
        ),
        Action(
            ActionId.VERSION_AFTER,
            _("Next version"),
            "Alt+Right",
            _("Show another version of the focused message, or of the last one with versions"),
            icon="right",
        ),
        Action(ActionId.HEAT_MAP, _("Heat map"), "Ctrl+H"),
        Action(ActionId.WHAT_IF, _("Lab"), "Ctrl+J", _("Show or hide the lab")),
        Action(ActionId.SWEEP, _("Sweep"), "Ctrl+G"),
        Action(ActionId.SEED_CHECK, _("Seed check"), "Ctrl+Shift+G"),
        Action(ActionId.CONVERSATION_MENU, _("Chat menu"), "", icon="more"),
        Action(
            ActionId.DELETE_IN_VIEW,
            _("Delete"),
            "Ctrl+Shift+Backspace",
            _("Delete the chat (can be undone)"),
            icon="delete",
            destructive=True,
        ),
        Action(
            ActionId.TOGGLE_SIDEBAR,
            _("Sidebar"),
            "Ctrl+B",
            _("Show or hide the sidebar"),
            icon="sidebar",
        ),
        Action(
            ActionId.TOGGLE_PARAMETERS,
            _("Parameters"),
            "Ctrl+.",
            _("Show or hide the parameters"),
            icon="sliders",
        ),
        Action(ActionId.SETTINGS, _("Settings"), "Ctrl+,", icon="settings"),
        Action(ActionId.QUIT, _("Quit"), "Ctrl+Q", destructive=True),
    ),
    Scope.COMPOSER: (
        Action(
            ActionId.SEND,
            _("Send"),
            "Return",
            _("Send, or start a new line (a setting)"),
            icon="send",
        ),
        Action(ActionId.SEND_ALWAYS, _("Send"), "Ctrl+Return", _("Send"), icon="send"),
        Action(ActionId.NEW_LINE, _("New line"), "Shift+Return", _("Start a new line")),
        Action(ActionId.QUEUE, _("Queue"), "", _("Send when the answer is finished")),
    ),
    Scope.CONVERSATIONS: (
        Action(
            ActionId.DELETE_CONVERSATION,
            _("Delete"),
            "Del",
            _("Delete (can be undone)"),
            icon="delete",
            destructive=True,
        ),
    ),
    Scope.TRANSCRIPT: (
        Action(ActionId.SCROLL_UP, _("Scroll up"), "Up", _("Scroll")),
        Action(ActionId.SCROLL_DOWN, _("Scroll down"), "Down", _("Scroll")),
        Action(ActionId.PAGE_UP, _("Page up"), "PgUp", _("Scroll")),
        Action(ActionId.PAGE_DOWN, _("Page down"), "PgDown", _("Scroll")),
        Action(ActionId.TO_BEGINNING, _("To the beginning"), "Home", _("Scroll")),
        Action(ActionId.TO_END, _("To the end"), "End", _("Scroll"), icon="to_end"),
        Action(
            ActionId.SELECT_LEFT,
            _("Select to the left"),
            "Shift+Left",
            _("Select by characters and lines"),
        ),
        Action(
            ActionId.SELECT_RIGHT,
            _("Select to the right"),
            "Shift+Right",
            _("Select by characters and lines"),
        ),
        Action(
            ActionId.SELECT_LINE_UP,
            _("Select the line above"),
            "Shift+Up",
            _("Select by characters and lines"),
        ),
        Action(
            ActionId.SELECT_LINE_DOWN,
            _("Select the line below"),
            "Shift+Down",
            _("Select by characters and lines"),
        ),
        Action(
            ActionId.SELECT_WORD_LEFT,
            _("Select the word to the left"),
            "Ctrl+Shift+Left",
            _("Select by words"),
        ),
        Action(
            ActionId.SELECT_WORD_RIGHT,
            _("Select the word to the right"),
            "Ctrl+Shift+Right",
            _("Select by words"),
        ),
        Action(ActionId.SELECT_ALL, _("Select all"), "Ctrl+A"),
        Action(
            ActionId.COPY,
            _("Copy"),
            "Ctrl+C",
            _("Copy what is selected, or the message"),
            icon="copy",
        ),
        Action(
            ActionId.TOKEN_BEFORE,
            _("Previous token"),
            "Left",
            _("In the heat map: go to the previous or next token"),
        ),
        Action(
            ActionId.TOKEN_AFTER,
            _("Next token"),
            "Right",
            _("In the heat map: go to the previous or next token"),
        ),
        Action(
            ActionId.ALTERNATIVES,
            _("Alternatives"),
            "Return",
            _("In the heat map: go to the token's alternatives"),
        ),
    ),
    Scope.MESSAGE: (
        Action(
            ActionId.PRESS_BUTTON,
            _("Press"),
            "Return; Space",
            _("Press (Tab goes through the buttons of the focused message)"),
        ),
    ),
    Scope.FIND: (
        Action(
            ActionId.MATCH_BEFORE,
            _("Previous"),
            "Shift+Return",
            _("Go to the previous match"),
            icon="up",
        ),
        Action(ActionId.MATCH_AFTER, _("Next"), "Return", _("Go to the next match"), icon="down"),
    ),
    Scope.FRAME: (Action(ActionId.CLOSE, _("Close"), "Esc", icon="close"),),
    Scope.VALUE: (
        Action(
            ActionId.DECREASE,
            _("One step down"),
            "Down; Left",
            _("Change by one step (in a field, ← and → move the cursor)"),
        ),
        Action(
            ActionId.INCREASE,
            _("One step up"),
            "Up; Right",
            _("Change by one step (in a field, ← and → move the cursor)"),
        ),
        Action(
            ActionId.DECREASE_FINELY,
            _("Fine step down"),
            "Shift+Down; Shift+Left",
            _("Change by a fine step"),
        ),
        Action(
            ActionId.INCREASE_FINELY,
            _("Fine step up"),
            "Shift+Up; Shift+Right",
            _("Change by a fine step"),
        ),
        Action(
            ActionId.DECREASE_COARSELY,
            _("Ten steps down"),
            "PgDown; Ctrl+Down; Ctrl+Left",
            _("Change by ten steps"),
        ),
        Action(
            ActionId.INCREASE_COARSELY,
            _("Ten steps up"),
            "PgUp; Ctrl+Up; Ctrl+Right",
            _("Change by ten steps"),
        ),
    ),
    Scope.BARS: (Action(ActionId.GO_TO_TOKEN, _("Continue with this token"), "Return"),),
    Scope.MODELS: (
        Action(ActionId.ALONG_MODELS, _("Move in the list"), "Up; Down; PgUp; PgDown"),
        Action(
            ActionId.FAVOURITE,
            _("Favourite"),
            "Ctrl+D",
            _("Add to or remove from favourites"),
            icon="star",
        ),
    ),
    Scope.HOSTS: (
        Action(ActionId.HOST_UP, _("Host up"), "Alt+Up", _("Move the host in the order")),
        Action(ActionId.HOST_DOWN, _("Host down"), "Alt+Down", _("Move the host in the order")),
    ),
    Scope.PRESETS: (
        Action(ActionId.RENAME_PRESET, _("Rename"), "F2", icon="rename"),
        Action(ActionId.DELETE_PRESET, _("Delete"), "Del", icon="delete", destructive=True),
        Action(ActionId.RESTORE_PRESET, _("Undo"), "Ctrl+Z", _("Undo the deletion")),
    ),
    Scope.TOOL_ANSWER: (
        Action(ActionId.ANSWER_TOOL, _("Use result"), "Ctrl+Return", _("Use this result")),
    ),
}
ACTIONS: Mapping[ActionId, Action] = {
    action.id: action for rows in ACTIONS_BY_SCOPE.values() for action in rows
}

#: Actions of the window → the functions that do them. Each owner declares its own.
Handlers = Mapping[ActionId, Callable[[], object]]
