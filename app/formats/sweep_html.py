"""A sweep as an HTML report: one file without scripts or external files, all texts escaped.

Its Content-Security-Policy forbids everything except its own styles, so that a text that evaded
the escaping could still load and run nothing.
"""

from collections.abc import Iterator
from html import escape

from app.domain.sweep.results import SweepResults
from app.domain.text.translation import _
from app.formats.charts_svg import chart, legend
from app.formats.sweep_report import (
    charts_of,
    facts_of,
    figure_names,
    figure_texts,
    name_of,
    spread_words,
)
from app.formats.sweep_rows import SweepRow, rows_of

_STYLE = """
:root { color-scheme: light dark; --line: #8885; --soft: #8881; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3 { font-size: 1rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--soft); padding: .75rem;
      border-radius: 6px; font: inherit; unicode-bidi: isolate; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .5rem; text-align: start;
         vertical-align: top; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dd { margin: 0; overflow-wrap: anywhere; }
svg.chart { max-width: 100%; height: auto; display: block; }
svg text { font: 12px system-ui, sans-serif; fill: currentColor; }
svg text.name { font-weight: 600; font-size: 13px; }
svg .grid { stroke: currentColor; stroke-opacity: .18; }
ul.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1rem; padding: 0; }
.mark { display: inline-block; width: .8em; height: .8em; border-radius: 50%; margin-inline-end: .4em; }
.said { opacity: .75; }
"""  # noqa: E501 - a line of CSS
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def pieces(results: SweepResults) -> Iterator[bytes]:
    """Yield the file in pieces of UTF-8, each of one cell at most."""
    yield from (piece.encode() for piece in _pieces(results))


def _pieces(results: SweepResults) -> Iterator[str]:
    title = results.title or _("Sweep")
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{safe(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<h1 dir="auto">{safe(title)}</h1>\n<h2>{_("Question")}</h2>\n{_text(results.question)}'
    )
    if results.plan.system:
        yield f"<h2>{_('System prompt')}</h2>\n{_text(results.plan.system)}"
    facts = "".join(
        f'<dt>{safe(name)}</dt><dd dir="auto">{safe(value)}</dd>'
        for name, value in facts_of(results)
    )
    yield f"<h2>{_('Settings')}</h2>\n<dl>{facts}</dl>\n"
    if charts := charts_of(results):
        yield f"<h2>{_('Charts')}</h2>\n"
        for one in charts:
            drawn = chart(one.title, one.across, one.marks, one.lines, one.unit)
            yield drawn + legend(one.lines) + "\n"
        if words := spread_words(results.plan):
            yield f'<p class="said">{safe(words)}</p>\n'
    rows = rows_of(results)
    yield f"<h2>{_('Table')}</h2>\n<table>\n<thead><tr><th scope='col'>{_('Answer')}</th>"
    yield "".join(f"<th scope='col'>{safe(one)}</th>" for one in figure_names())
    yield "</tr></thead>\n<tbody>\n"
    for row in rows:
        cells = "".join(f"<td>{safe(one)}</td>" for one in figure_texts(row))
        yield f"<tr><th scope='row' dir='auto'>{safe(name_of(row))}</th>{cells}</tr>\n"
    yield f"</tbody>\n</table>\n<h2>{_('Answers')}</h2>\n"
    for row in rows:
        yield _answer(row)
    yield "</body>\n</html>\n"


def _answer(row: SweepRow) -> str:
    head = f'<h3 dir="auto">{safe(name_of(row))}</h3>\n'
    answer = row.result.answer
    if answer is None:
        return f'{head}<p class="said">{_("Not asked.")}</p>\n'
    said = "".join(
        f'<p class="said" dir="auto">{safe(words)}</p>\n'
        for words in (answer.error, answer.note)
        if words
    )
    thoughts = ""
    if answer.reasoning:
        thoughts = (
            f"<details><summary>{_('Reasoning')}</summary>{_text(answer.reasoning)}</details>\n"
        )
    return f"{head}{said}{thoughts}{_text(answer.text)}"


def _text(text: str) -> str:
    return f'<pre dir="auto">{safe(text)}</pre>\n'


def safe(text: str) -> str:
    """Escape a text for HTML elements and quoted attributes. Control characters, which HTML must
    not have, become replacement characters."""
    return escape("".join(map(_character, text)))


def _character(one: str) -> str:
    code = ord(one)
    if (code < 32 and one not in "\t\n\r") or 127 <= code < 160 or 0xD800 <= code < 0xE000:
        return "\ufffd"
    return one
