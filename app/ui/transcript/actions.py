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


#: What may help after a failure, as a link beside Retry.
_HELP = {
    Remedy.KEY: _("Give a key"),
    Remedy.CREDIT: _("Add credit"),
    Remedy.MODEL: _("Choose another model"),
    Remedy.ADDRESS: _("Check the provider"),
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a message shows of its place: its number among branches, what is awaited."""

    branch: int = 1
    branches: int = 1
    #: Whether nothing has been said after it.
    last: bool = False
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something to click under a message: an icon or a word, and where a click leads."""

    href: str
    name: str
    glyph: str = ""


def can_retry(message: Message) -> bool:
    """Whether an answer went wrong, so that one asks again."""
    return message.status in {Status.FAILED, Status.INTERRUPTED}


def actions_of(message: Message, around: Surroundings) -> list[Action]:
    """What can be done with a message that has its final form, Retry apart."""
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
    """What can be done with a message now, each with a name."""
    if message.status is Status.STREAMING:
        return []
    ways = [Action(RETRY, _("Retry"))] if can_retry(message) else []
    if ways and message.remedy in _HELP:
        ways.append(Action(HELP, _HELP[message.remedy]))
    return ways + [one for one in actions_of(message, around) if one.href]
