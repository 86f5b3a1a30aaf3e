"""The table of actions on a message: address, words, icon, and when each applies.

`ui/conversation/message_actions.py` carries them out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.chat.conversation import Message, Role, Status
from app.domain.errors import Remedy, UseValue
from app.domain.parameters.table import BY_NAME
from app.domain.text.translation import _


class MessageActionId(StrEnum):
    """The address that a click, a menu or a screen reader reports for an action."""

    RETRY = "loquat:retry"
    HELP = "loquat:help"
    USE_VALUE = "loquat:use-value"
    PREVIOUS = "loquat:previous"
    NEXT = "loquat:next"
    COPY = "loquat:copy"
    EDIT = "loquat:edit"
    ANSWER_OTHERWISE = "loquat:answer-otherwise"
    REGENERATE = "loquat:regenerate"
    CONTINUE = "loquat:continue"
    BRANCH = "loquat:branch"
    SWEEP = "loquat:sweep"
    REQUEST = "loquat:request"
    DELETE = "loquat:delete"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What surrounds a message in its conversation: its branch among its siblings' branches (from
    1), whether it is the last message, and the words for what is being waited for."""

    branch: int = 1
    branches: int = 1
    #: Whether no message follows.
    last: bool = False
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class MessageAction:
    """A row of the table.

    `words` is the name for tooltips, menus and screen readers, and may depend on the message. An
    action without an icon is a link behind the words on how the message ended. `applies` says
    whether a message offers the action. While an answer is under way, only the actions with
    `while_answering` are done.
    """

    id: MessageActionId
    words: str | Callable[[Message], str]
    applies: Callable[[Message, Surroundings], bool]
    icon: str = ""
    while_answering: bool = False

    def name(self, message: Message) -> str:
        """The words for one message."""
        return self.words if isinstance(self.words, str) else self.words(message)


@dataclass(frozen=True, slots=True)
class Button:
    """Button under a message: its name, its icon, and the address that a click on it reports.

    A button with an empty `href` is a label that can't be clicked.
    """

    href: str
    name: str
    glyph: str = ""


#: Words of the link beside Retry, by the remedy for a failure.
_HELP = {
    Remedy.KEY: _("Give a key"),
    Remedy.CREDIT: _("Add credit"),
    Remedy.MODEL: _("Choose another model"),
    Remedy.ADDRESS: _("Check the provider"),
}


def can_retry(message: Message) -> bool:
    """Return whether an answer failed, was interrupted or is empty, so that Retry is offered."""
    return message.status in {Status.FAILED, Status.INTERRUPTED} or message.is_empty


def _always(_message: Message, _around: Surroundings) -> bool:
    return True


def _has_branches(_message: Message, around: Surroundings) -> bool:
    return around.branches > 1


def _is_question(message: Message, _around: Surroundings) -> bool:
    return message.role is Role.USER


def _is_tool(message: Message, _around: Surroundings) -> bool:
    return message.role is Role.TOOL


def _is_answer(message: Message, _around: Surroundings) -> bool:
    return message.role not in {Role.USER, Role.TOOL}


def _goes_on(message: Message, around: Surroundings) -> bool:
    return _is_answer(message, around) and message.can_go_on and around.last


def _failed(message: Message, _around: Surroundings) -> bool:
    return can_retry(message)


def _has_remedy(message: Message, _around: Surroundings) -> bool:
    return can_retry(message) and isinstance(message.remedy, Remedy) and message.remedy in _HELP


def _has_value_to_use(message: Message, _around: Surroundings) -> bool:
    use = message.remedy
    return can_retry(message) and isinstance(use, UseValue) and use.parameter in BY_NAME


def _use_words(message: Message) -> str:
    use = message.remedy
    value = BY_NAME[use.parameter].format(use.value) if isinstance(use, UseValue) else ""
    return _("Use {value}").format(value=value)


def _help_words(message: Message) -> str:
    return _HELP.get(message.remedy, "") if isinstance(message.remedy, Remedy) else ""


_Id = MessageActionId
#: In the order in which a message offers them.
MESSAGE_ACTIONS = {
    action.id: action
    for action in (
        MessageAction(_Id.RETRY, _("Retry"), _failed),
        MessageAction(_Id.HELP, _help_words, _has_remedy, while_answering=True),
        MessageAction(_Id.USE_VALUE, _use_words, _has_value_to_use),
        MessageAction(_Id.PREVIOUS, _("Previous branch"), _has_branches, "left"),
        MessageAction(_Id.NEXT, _("Next branch"), _has_branches, "right"),
        MessageAction(_Id.COPY, _("Copy"), _always, "copy", while_answering=True),
        MessageAction(_Id.EDIT, _("Edit and ask again"), _is_question, "rename"),
        MessageAction(_Id.ANSWER_OTHERWISE, _("Answer otherwise"), _is_tool, "rename"),
        MessageAction(_Id.REGENERATE, _("Regenerate"), _is_answer, "again"),
        MessageAction(_Id.CONTINUE, _("Continue"), _goes_on, "continue"),
        MessageAction(
            _Id.BRANCH, _("New branch from here"), _is_answer, "branch", while_answering=True
        ),
        MessageAction(_Id.SWEEP, _("Sweep parameters"), _is_answer, "grid", while_answering=True),
        MessageAction(
            _Id.REQUEST, _("Show the request"), _is_answer, "request", while_answering=True
        ),
        MessageAction(_Id.DELETE, _("Delete from here on"), _always, "delete"),
    )
}


def links_of(message: Message, around: Surroundings) -> list[Button]:
    """Return the buttons that are links behind the sentence on how a message ended."""
    return [button for button in offered(message, around) if not button.glyph]


def icons_of(message: Message, around: Surroundings) -> list[Button]:
    """Return the icons below a finished message, in order, with the number of its branch."""
    buttons = [button for button in offered(message, around) if button.glyph]
    for place, button in enumerate(buttons):
        if button.href == MessageActionId.NEXT:
            buttons.insert(place, Button("", f"{around.branch}/{around.branches}"))
            break
    return buttons


def offered(message: Message, around: Surroundings) -> list[Button]:
    """Return the actions for a message's menu and for screen readers; none while it streams."""
    if message.status is Status.STREAMING:
        return []
    return [
        Button(action.id, action.name(message), action.icon)
        for action in MESSAGE_ACTIONS.values()
        if action.applies(message, around)
    ]
