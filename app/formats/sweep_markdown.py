"""A sweep as a Markdown report. Charts are tables with bars, which every viewer shows.

Texts of models are in code blocks with fences longer than any fence in the text, so that no part
of them is read as Markdown or HTML.
"""

import re
from collections.abc import Iterator, Sequence

from app.domain.sweep.results import SweepResults
from app.domain.text.surrogates import mend
from app.domain.text.translation import _
from app.formats.charts_svg import number_text
from app.formats.sweep_report import (
    Chart,
    charts_of,
    facts_of,
    figure_names,
    figure_texts,
    name_of,
)
from app.formats.sweep_rows import SweepRow, rows_of

#: Greatest length of a bar, in block characters.
BAR = 20
_BACKTICKS = re.compile(r"`+")
_MARKS = re.compile(r"([\\`*_{}\[\]<>()#+\-!|~&$:@])")


def pieces(results: SweepResults) -> Iterator[bytes]:
    """Yield the file in pieces of UTF-8, each of one cell at most."""
    yield from (mend(piece).encode() for piece in _pieces(results))


def _pieces(results: SweepResults) -> Iterator[str]:
    yield f"# {escaped(results.title or _('Sweep'))}\n\n"
    yield f"## {_('Question')}\n\n{fenced(results.question)}"
    if results.plan.system:
        yield f"## {_('System prompt')}\n\n{fenced(results.plan.system)}"
    yield f"## {_('Settings')}\n\n"
    yield from _table((_("Setting"), _("Value")), facts_of(results))
    for chart in charts_of(results):
        yield f"## {escaped(f'{chart.title} ({chart.unit})')}\n\n"
        yield from _bars(chart)
    rows = rows_of(results)
    yield f"## {_('Table')}\n\n"
    yield from _table(
        (_("Answer"), *figure_names()), [(name_of(row), *figure_texts(row)) for row in rows]
    )
    yield f"## {_('Answers')}\n\n"
    for row in rows:
        yield _answer(row)


def escaped(text: str) -> str:
    """Escape a text for Markdown and put it on one line."""
    line = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return _MARKS.sub(r"\\\1", line)


def fenced(text: str) -> str:
    """Return a text as a fenced code block."""
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    shown = text.replace("\0", "\ufffd")
    return f"{fence}text\n{shown}\n{fence}\n\n"


def _answer(row: SweepRow) -> str:
    head = f"### {escaped(name_of(row))}\n\n"
    answer = row.result.answer
    if answer is None:
        return f"{head}{_('Not asked.')}\n\n"
    said = "".join(f"{escaped(words)}\n\n" for words in (answer.error, answer.note) if words)
    thoughts = f"{_('Reasoning')}:\n\n{fenced(answer.reasoning)}" if answer.reasoning else ""
    return f"{head}{said}{thoughts}{fenced(answer.text)}"


def _bars(chart: Chart) -> Iterator[str]:
    values = [abs(dot.value) for line in chart.lines for dot in line.dots if dot.value is not None]
    greatest = max(values, default=0.0)
    named = any(line.name for line in chart.lines)
    rows: list[tuple[str, ...]] = []
    for line in chart.lines:
        for mark, dot in zip(chart.marks, line.dots, strict=True):
            if dot.value is None:
                continue
            length = round(BAR * abs(dot.value) / greatest) if greatest else 0
            where = (line.name, mark) if named else (mark,)
            rows.append((*where, number_text(dot.value), "█" * length))
    mean = _("Mean ({unit})").format(unit=chart.unit)
    heads = (chart.across, mean, _("Bar"))
    yield from _table((chart.series, *heads) if named else heads, rows)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(map(escaped, heads))} |\n"
    yield f"|{' --- |' * len(heads)}\n"
    for row in rows:
        yield f"| {' | '.join(map(escaped, row))} |\n"
    yield "\n"
