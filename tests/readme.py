"""Writes the README's tables from the program's own: `python -m tests.readme`."""

from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path

from app.domain.parameters.table import PARAMETERS
from app.ui.common.actions import ACTIONS_BY_SCOPE
from app.ui.common.keys import key_words

README = Path(__file__).parents[1] / "README.md"


def parameters() -> str:
    """Return the table of parameters as Markdown."""
    rows = ["| parameter | kind | takes | what it does |", "|---|---|---|---|"]
    for one in PARAMETERS:
        takes = one.range_text() or ", ".join(one.choices)
        words = one.help.replace("|", "\\|")
        rows.append(f"| `{one.name}` | {one.kind.value} | {takes} | {words} |")
    return "\n".join(rows)


def keys() -> str:
    """Return the table of keys as Markdown. Neighbours that do alike share a row."""
    rows = ["| where | keys | what they do |", "|---|---|---|"]
    for scope, actions in ACTIONS_BY_SCOPE.items():
        where: str = scope
        with_keys = [action for action in actions if action.keys]
        for sentence, alike in groupby(with_keys, lambda action: action.sentence):
            pressed = [key_words(each) for action in alike for each in action.keys.split("; ")]
            rows.append(f"| {where} | {', '.join(pressed)} | {sentence} |")
            where = ""
    return "\n".join(rows)


#: Names of the README's marks → what stands between `<!-- name -->` and `<!-- /name -->`.
TABLES: Mapping[str, Callable[[], str]] = {"parameters": parameters, "keys": keys}


def with_tables(text: str) -> str:
    """Return the README with its tables as they should be. Raises ValueError without a mark."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        first, last = text.index(begin) + len(begin), text.index(end)
        text = f"{text[:first]}\n{table()}\n\n{text[last:]}"
    return text


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text()))
