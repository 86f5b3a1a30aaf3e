"""The table of actions on a message: address, words, icon, menu group, and when each applies.

`ui/conversation/message_actions.py` carries them out.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto

from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.endings import parts_of_ending
from app.domain.errors import Remedy, UseValue
from app.domain.parameters.table import BY_NAME
from app.domain.text.translation import _, ngettext
from app.ui.common.actions import ActionId
from app.ui.common.keys import key_of

#: Address of the button that opens the menu of a message.
MORE = "loquat:more"


class MessageActionId(StrEnum):
    """The address that a click, a menu or a screen reader reports for an action."""

    RETRY = "loquat:retry"
    HELP = "loquat:help"
    USE_VALUE = "loquat:use-value"
    DETAILS = "loquat:details"
    PREVIOUS = "loquat:previous"
    NEXT = "loquat:next"
    COPY = "loquat:copy"
    REGENERATE = "loquat:regenerate"
    EDIT = "loquat:edit"
    EDIT_RESULT = "loquat:edit-result"
    CONTINUE = "loquat:continue"
    BRANCH = "loquat:branch"
    PARAMETERS = "loquat:parameters"
    SWEEP = "loquat:sweep"
    SEED_CHECK = "loquat:seed-check"
    REQUEST = "loquat:request"
    DELETE = "loquat:delete"


class MenuGroup(Enum):
    """The group of a message's menu that an action stands in; separators are between groups."""

    FAILURE = auto()
    VERSION = auto()
    MESSAGE = auto()
    ONWARD = auto()
    LAB = auto()
    DELETE = auto()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The place of a message in its conversation: its branch among its siblings' branches (from
    1), whether it is the last message, and the words for what is being waited for."""

    branch: int = 1
    branches: int = 1
    #: Whether no message follows.
    last: bool = False
    waiting: str = ""


def _always(_message: Message, _around: Surroundings) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class MessageAction:
    """A row of the table.

    `words` is the name for tooltips, menus and screen readers, and may depend on the message. The
    actions of MenuGroup.FAILURE are buttons below the words on how the message failed. A `primary`
    action has a button with an `icon` under the message; so have the versions. All actions are in
    the menu. `applies` says whether a
    message offers the action, `enabled` whether it can be done now: an action that applies and is
    not enabled is shown greyed. While an answer is under way, only the actions with
    `while_answering` are done. `key` is the action of the window that does the same with the last
    message, or with the message in focus if `focused_key` is set.
    """

    id: MessageActionId
    words: str | Callable[[Message], str]
    applies: Callable[[Message, Surroundings], bool]
    group: MenuGroup
    icon: str = ""
    primary: bool = False
    while_answering: bool = False
    enabled: Callable[[Message, Surroundings], bool] = _always
    key: ActionId | None = None
    focused_key: bool = False

    def name(self, message: Message) -> str:
        """The words for one message."""
        return self.words if isinstance(self.words, str) else self.words(message)

    def key_words(self, around: Surroundings) -> str:
        """The key that does the action with a message, in words; empty if none does."""
        works = self.key is not None and (self.focused_key or around.last)
        return key_of(self.key) if self.key is not None and works else ""


@dataclass(frozen=True, slots=True)
class Button:
    """Button of a message: its name, its icon, and the address that a click on it reports.

    A button with an empty `href` is a label that can't be clicked. A button that is not `enabled`
    is greyed. `key` is the key that does the same, in words.
    """

    href: str
    name: str
    glyph: str = ""
    enabled: bool = True
    key: str = ""

    @property
    def tip(self) -> str:
        """The tooltip: the name, and the key in brackets."""
        return _("{words} ({key})").format(words=self.name, key=self.key) if self.key else self.name


#: The button that opens the menu of a message.
MENU_BUTTON = Button(MORE, _("More"), "more")

#: Words of the button beside Retry, by the remedy for a failure.
_HELP = {
    Remedy.KEY: _("Add a key…"),
    Remedy.CREDIT: _("Add credit"),
    Remedy.MODEL: _("Choose another model…"),
    Remedy.ADDRESS: _("Check the provider…"),
}
#: Remedies without which another try fails again.
_NEEDED = {Remedy.KEY, Remedy.CREDIT}


def can_retry(message: Message) -> bool:
    """Return whether an answer failed, was interrupted or is empty, so that Retry is offered."""
    return message.status in {Status.FAILED, Status.INTERRUPTED} or message.is_empty


def _has_versions(_message: Message, around: Surroundings) -> bool:
    return around.branches > 1


def _has_version_before(_message: Message, around: Surroundings) -> bool:
    return around.branch > 1


def _has_version_after(_message: Message, around: Surroundings) -> bool:
    return around.branch < around.branches


def _can_be_edited(message: Message, _around: Surroundings) -> bool:
    # The results of an answer's calls belong to the calls, so that such an answer can't be changed.
    answer = message.role is Role.ASSISTANT and bool(message.text) and not message.tool_calls
    return message.role is Role.USER or answer


def _is_tool(message: Message, _around: Surroundings) -> bool:
    return message.role is Role.TOOL


def _is_answer(message: Message, _around: Surroundings) -> bool:
    return message.role not in {Role.USER, Role.TOOL}


def _was_asked_for(message: Message, around: Surroundings) -> bool:
    return _is_answer(message, around) and not message.edited


def _goes_on(message: Message, around: Surroundings) -> bool:
    return _is_answer(message, around) and message.can_go_on and around.last


def _failed(message: Message, _around: Surroundings) -> bool:
    return can_retry(message)


def _has_remedy(message: Message, _around: Surroundings) -> bool:
    return can_retry(message) and isinstance(message.remedy, Remedy) and message.remedy in _HELP


def _has_details(message: Message, _around: Surroundings) -> bool:
    return can_retry(message) and bool(parts_of_ending(message).details)


def _has_value_to_use(message: Message, _around: Surroundings) -> bool:
    use = message.remedy
    return can_retry(message) and isinstance(use, UseValue) and use.parameter in BY_NAME


def _use_words(message: Message) -> str:
    use = message.remedy
    value = BY_NAME[use.parameter].format(use.value) if isinstance(use, UseValue) else ""
    return _("Use {value}").format(value=value)


def _help_words(message: Message) -> str:
    return _HELP.get(message.remedy, "") if isinstance(message.remedy, Remedy) else ""


_Id, _Group = MessageActionId, MenuGroup
#: In the order of the menu. The primary actions are in the order of their buttons.
MESSAGE_ACTIONS = {
    action.id: action
    for action in (
        MessageAction(_Id.RETRY, _("Retry"), _failed, _Group.FAILURE),
        MessageAction(_Id.HELP, _help_words, _has_remedy, _Group.FAILURE, while_answering=True),
        MessageAction(_Id.USE_VALUE, _use_words, _has_value_to_use, _Group.FAILURE),
        MessageAction(
            _Id.DETAILS, _("Details"), _has_details, _Group.FAILURE, while_answering=True
        ),
        MessageAction(
            _Id.PREVIOUS,
            _("Previous version"),
            _has_versions,
            _Group.VERSION,
            "left",
            enabled=_has_version_before,
            key=ActionId.VERSION_BEFORE,
            focused_key=True,
        ),
        MessageAction(
            _Id.NEXT,
            _("Next version"),
            _has_versions,
            _Group.VERSION,
            "right",
            enabled=_has_version_after,
            key=ActionId.VERSION_AFTER,
            focused_key=True,
        ),
        MessageAction(
            _Id.COPY,
            _("Copy"),
            _always,
            _Group.MESSAGE,
            "copy",
            primary=True,
            while_answering=True,
            key=ActionId.COPY,
            focused_key=True,
        ),
        MessageAction(
            _Id.REGENERATE,
            _("Regenerate"),
            _is_answer,
            _Group.MESSAGE,
            "again",
            primary=True,
            key=ActionId.REGENERATE,
        ),
        MessageAction(_Id.EDIT, _("Edit"), _can_be_edited, _Group.MESSAGE, "rename", primary=True),
        MessageAction(
            _Id.EDIT_RESULT, _("Edit result"), _is_tool, _Group.MESSAGE, "rename", primary=True
        ),
        MessageAction(_Id.CONTINUE, _("Continue"), _goes_on, _Group.ONWARD),
        MessageAction(
            _Id.BRANCH,
            _("Branch from here"),
            _is_answer,
            _Group.ONWARD,
            while_answering=True,
        ),
        MessageAction(
            _Id.PARAMETERS,
            _("Use these parameters"),
            _was_asked_for,
            _Group.LAB,
            while_answering=True,
        ),
        MessageAction(
            _Id.SWEEP,
            _("Sweep"),
            _is_answer,
            _Group.LAB,
            while_answering=True,
            key=ActionId.SWEEP,
        ),
        MessageAction(
            _Id.SEED_CHECK,
            _("Seed check"),
            _is_answer,
            _Group.LAB,
            while_answering=True,
            key=ActionId.SEED_CHECK,
        ),
        MessageAction(
            _Id.REQUEST,
            _("Show request"),
            _was_asked_for,
            _Group.LAB,
            while_answering=True,
        ),
        MessageAction(_Id.DELETE, _("Delete"), _always, _Group.DELETE),
    )
}


#: The actions with a button below the message, in order.
_PRIMARY = tuple(action for action in MESSAGE_ACTIONS.values() if action.primary)


def delete_words(count: int) -> str:
    """Return the name of the deletion of a message that takes `count` messages, itself included."""
    return (
        _("Delete")
        if count < 2
        else ngettext("Delete {n} message", "Delete {n} messages", count).format(n=count)
    )


def failure_buttons(message: Message, around: Surroundings) -> list[Button]:
    """Return the buttons below the words on how a message failed, from left to right: first what
    has to be done before another try can succeed."""
    offers = [button for button in offered(message, around) if group_of(button) is _Group.FAILURE]
    if needs_remedy(message):
        offers.sort(key=lambda button: button.href != _Id.HELP)
    return offers


def needs_remedy(message: Message) -> bool:
    """Return whether another try would fail again unless the remedy is used first."""
    return can_retry(message) and isinstance(message.remedy, Remedy) and message.remedy in _NEEDED


def icons_of(message: Message, around: Surroundings) -> list[Button]:
    """Return the buttons below a message from left to right: its versions, the primary actions, and
    the button that opens its menu. The versions of a question are at the right, where its bubble
    is, and those of a streaming answer can't be changed.
    """
    versions = version_buttons(message, around)
    if message.status is Status.STREAMING:
        return [replace(button, enabled=False) for button in versions]
    # An answer of which nothing came has Retry, and nothing to be copied.
    nothing = can_retry(message) and not message.text
    primary = () if nothing else _PRIMARY
    others = [
        *(_button(row, message, around) for row in primary if row.applies(message, around)),
        MENU_BUTTON,
    ]
    return [*others, *versions] if message.role is Role.USER else [*versions, *others]


def version_buttons(message: Message, around: Surroundings) -> list[Button]:
    """Return the arrows between the versions of a message with their number between them; nothing
    for a message with one version."""
    if around.branches < 2:
        return []
    before, after = (
        _button(MESSAGE_ACTIONS[id_], message, around)
        for id_ in (MessageActionId.PREVIOUS, MessageActionId.NEXT)
    )
    return [before, Button("", f"{around.branch}/{around.branches}"), after]


def offered(message: Message, around: Surroundings) -> list[Button]:
    """Return the actions for a message's menu and for screen readers; none while it streams."""
    if message.status is Status.STREAMING:
        return []
    return [
        _button(action, message, around)
        for action in MESSAGE_ACTIONS.values()
        if action.applies(message, around)
    ]


def _button(action: MessageAction, message: Message, around: Surroundings) -> Button:
    return Button(
        action.id,
        action.name(message),
        action.icon,
        action.enabled(message, around),
        action.key_words(around),
    )


def group_of(button: Button) -> MenuGroup:
    """Return the group of the menu that an action's button stands in."""
    return MESSAGE_ACTIONS[MessageActionId(button.href)].group


def is_of_versions(button: Button) -> bool:
    """Return whether a button is part of a message's switch between versions."""
    return button.href in {"", MessageActionId.PREVIOUS, MessageActionId.NEXT}
