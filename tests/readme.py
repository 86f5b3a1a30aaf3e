"""Writes the README's table of parameters from the program's own: `python -m tests.readme`."""

from pathlib import Path

from app.domain.parameters.table import PARAMETERS

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- parameters -->\n", "<!-- /parameters -->"


def table() -> str:
    """The table as Markdown."""
    rows = ["| parameter | kind | takes | what it does |", "|---|---|---|---|"]
    for one in PARAMETERS:
        takes = one.range_text() or ", ".join(one.choices)
        words = one.help.replace("|", "\\|")
        rows.append(f"| `{one.name}` | {one.kind.value} | {takes} | {words} |")
    return "\n" + "\n".join(rows) + "\n\n"


def with_table(text: str) -> str:
    """The README with the table as it should be."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + table() + END + after


if __name__ == "__main__":
    README.write_text(with_table(README.read_text()))
