"""Scroll position in a conversation that holds at any width, font size and folding."""

from dataclasses import dataclass

#: Values of `TextSpot.part` for the parts of a message that are no Markdown blocks: the line above
#: it, the reasoning, and what stands below it.
HEAD_PART, REASONING_PART, FOOT_PART = -1, -2, -3


@dataclass(frozen=True, slots=True)
class TextSpot:
    """Vertical position in a message, told by its words.

    `part` is the index of a top-level Markdown block (0 for a message of the person's), or one of
    the values above. `offset` is a character of the part's displayed text, and `down` the distance
    in pixels below the top of that character's line, negative above it.
    """

    part: int = HEAD_PART
    offset: int = 0
    down: int = 0


@dataclass(frozen=True, slots=True)
class ReadingPlace:
    """The message (its id) and the spot in it at the top of the window.

    `seen` is the id of the last finished message when the conversation was left, empty for none.
    """

    message: str
    spot: TextSpot = TextSpot()
    seen: str = ""
