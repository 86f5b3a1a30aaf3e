"""Texts to measure with: the same for every run, and mixed as answers are."""

import random

from app.domain.chat.conversation import Message, Role

_TEXT = """the loquat tree grows in warm places and bears fruit early in the year before all
others when rain has fallen 木の実 ثمرة"""
_WORDS = _TEXT.split()


def mixed_answer(characters: int) -> str:
    """Markdown of every kind: headings, marks, lists, code, a table, a quote, mathematics."""
    dice = random.Random(1)
    parts: list[str] = []
    length, number = 0, 0
    while length < characters:
        number += 1
        part = "".join(
            (
                f"## Part {number}\n\n{_words(dice, 50)} **{_words(dice, 3)}**, "
                f"*{_words(dice, 2)}*, `code_{number}`, [a link](https://example.org/{number}) "
                f"and $x_{{{number}}} = a^2$.\n\n",
                f"- {_words(dice, 12)}\n- {_words(dice, 14)}\n  - {_words(dice, 6)}\n\n",
                "```python\n",
                *(
                    f"def function_{number}_{line}(x: int) -> int:\n    return x * {line}\n"
                    for line in range(8)
                ),
                "```\n\n| a | b | c |\n|:--|:-:|--:|\n",
                *(f"| {_words(dice, 2)} | {_words(dice, 1)} | {row} |\n" for row in range(5)),
                f"\n> {_words(dice, 20)}\n\n{_words(dice, 80)}\n\n",
            )
        )
        parts.append(part)
        length += len(part)
    return "".join(parts)[:characters]


def messages(count: int) -> list[Message]:
    """A path of messages of about 500 characters, question and answer in turn."""
    dice = random.Random(2)
    path: list[Message] = []
    for number in range(count):
        role = Role.ASSISTANT if number % 2 else Role.USER
        parent = path[-1].id if path else None
        text = f"{_words(dice, 80)} **{number}**"[:500]
        path.append(Message(f"m{number}", parent, role, text, float(number)))
    return path


def _words(dice: random.Random, count: int) -> str:
    return " ".join(dice.choice(_WORDS) for _word in range(count))
