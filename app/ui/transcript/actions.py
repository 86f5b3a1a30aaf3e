"""The actions that a message offers: their addresses, names and icons, and when each applies."""

from dataclasses import dataclass

from app.domain.chat.conversation import Message, Role, Status
from app.domain.errors import Remedy
from app.domain.text.translation import _

RETRY = "loquat:retry"


FOLD = "loquat:fold"


COPY = "loquat:copy"


REGENERATE = "loquat:regenerate"


PREVIOUS = "loquat:previous"


NEXT = "loquat:next"


EDIT = "loquat:edit"


BRANCH = "loquat:branch"


REQUEST = "loquat:request"


CONTINUE = "loquat:continue"


DELETE = "loquat:delete"


SWEEP = "loquat:sweep"


HELP = "loquat:help"


#: Words of the link beside Retry, by the remedy for a failure.
_HELP = {
    Remedy.KEY: _("Give a key"),
    Remedy.CREDIT: _("Add credit"),
    Remedy.MODEL: _("Choose another model"),
    Remedy.ADDRESS: _("Check the provider"),
}


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
class Action:
    """Button under a message: its name, its icon, and the address that a click on it reports.

    An action with an empty `href` is a label that can't be clicked.
    """

    href: str
    name: str
    glyph: str = ""


def can_retry(message: Message) -> bool:
    """Return whether an answer failed or was interrupted, so that Retry is offered."""
    return message.status in {Status.FAILED, Status.INTERRUPTED}


def actions_of(message: Message, around: Surroundings) -> list[Action]:
    """Return the buttons below a finished message, in order, without Retry."""
    actions = []
    if around.branches > 1:
        number = f"{around.branch}/{around.branches}"
        actions += [
            Action(PREVIOUS, _("Previous branch"), "left"),
            Action("", number),
            Action(NEXT, _("Next branch"), "right"),
        ]
    goes_on = message.can_go_on and around.last
    actions.append(Action(COPY, _("Copy"), "copy"))
    if message.role is Role.USER:
        actions.append(Action(EDIT, _("Edit and ask again"), "rename"))
    elif message.role is Role.TOOL:
        actions.append(Action(EDIT, _("Answer otherwise"), "rename"))
    else:
        actions += [
            Action(REGENERATE, _("Regenerate"), "again"),
            *([Action(CONTINUE, _("Continue"), "continue")] if goes_on else []),
            Action(BRANCH, _("New branch from here"), "branch"),
            Action(SWEEP, _("Sweep parameters"), "grid"),
            Action(REQUEST, _("Show the request"), "info"),
        ]
    actions.append(Action(DELETE, _("Delete from here on"), "delete"))
    return actions


def offered(message: Message, around: Surroundings) -> list[Action]:
    """Return the actions for a message's menu and for screen readers; none while it streams."""
    if message.status is Status.STREAMING:
        return []
    ways = [Action(RETRY, _("Retry"))] if can_retry(message) else []
    if ways and message.remedy in _HELP:
        ways.append(Action(HELP, _HELP[message.remedy]))
    return ways + [one for one in actions_of(message, around) if one.href]
