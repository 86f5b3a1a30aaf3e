"""Sweeps as files: nothing is lost, and nothing of what a model wrote is more than text."""

import csv
import io
import json
import math
import unicodedata
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.domain.chat.conversation import Message, Role
from app.domain.errors import InputError
from app.domain.events import Usage
from app.domain.parameters.presets import Preset
from app.domain.sweep.axis_ticks import ticks_between
from app.domain.sweep.plan import (
    CellState,
    ModelAxis,
    ModelChoice,
    ParameterAxis,
    Plan,
    PresetAxis,
    Seeds,
    cells_of,
)
from app.domain.sweep.results import CellResult, SweepResults
from app.domain.text.surrogates import mend
from app.formats import sweep_csv, sweep_html, sweep_json, sweep_markdown
from app.formats.charts_svg import MOST_LINES, Dot, Line, chart, legend
from app.formats.sweep_report import facts_of
from app.formats.sweep_rows import COLUMNS
from tests.store import values

#: What tries to be more than text, in one format or another.
HOSTILE = (
    "<script>alert(1)</script>",
    "</pre><img src=x onerror=alert(1)>",
    "\"'><b>&amp;",
    "=cmd|' /C calc'!A0",
    "+1",
    "@SUM(1)",
    "-2",
    "\t=1",
    "'=1",
    "`````\n# head\n`````",
    "~~~\n[a](javascript:b)",
    "| a | b |\n|---|---|",
    "![i](http://evil.example/i.png)",
    "a\r\nb",
    "\n=1",
    "\0",
    "\ud83d",
    "\u202e\u2028",
    "\x1b[31m",
    "",
)
#: Any text, halves of pairs and NUL as well.
texts = st.text(st.characters(), max_size=20) | st.sampled_from(HOSTILE)
kept = st.builds(
    lambda message, text, reasoning: replace(message, text=text, reasoning=reasoning),
    values.messages,
    values.texts,
    values.texts,
)
axes: st.SearchStrategy[Any] = (
    st.none()
    | st.just(ParameterAxis("temperature", (0.0, None)))
    | st.builds(lambda one: ModelAxis((ModelChoice("p", one, one),)), values.texts)
)
routings = st.fixed_dictionaries({}, optional={"sort": st.just("price")})


@st.composite
def sweeps(draw: st.DrawFn) -> SweepResults:
    """Any sweep that a library can hold."""
    plan = Plan(
        draw(values.texts),
        draw(values.texts),
        draw(values.texts),
        {"temperature": draw(st.floats(0, 2))},
        draw(values.texts),
        draw(routings),
        columns=draw(axes),
        repeats=draw(st.integers(1, 2)),
        seeds=draw(st.sampled_from(Seeds)),
    )
    requests = st.none() | st.tuples(
        values.texts, st.dictionaries(values.texts, values.texts | st.integers(), max_size=2)
    )
    cells = tuple(
        CellResult(
            cell,
            draw(st.sampled_from(CellState)),
            answer := draw(st.none() | kept),
            draw(st.none() | st.floats(-9, 0)),
            None if answer is None else draw(requests),
        )
        for cell in cells_of(plan)
    )
    return SweepResults("id", draw(values.texts), draw(values.texts), 1.5, plan, cells)


def swept(*said: str, title: str = "t", states: tuple[CellState, ...] = ()) -> SweepResults:
    """A sweep of two columns by two rows whose texts are these, wherever one may stand."""
    some = [*said, "a", "a", "a", "a", "a"]
    plan = Plan(
        "q",
        some[0],
        some[1],
        {"stop": [some[0] or "a"]},
        system=some[0],
        columns=PresetAxis((Preset("1", some[0]), Preset("2", some[1]))),
        rows=ModelAxis((ModelChoice("p", some[0], some[0]), ModelChoice("p", some[1], some[1]))),
    )
    cells = tuple(
        CellResult(
            cell,
            (*states, *[CellState.COMPLETE] * 4)[cell.number],
            Message(
                str(cell.number),
                "q",
                Role.ASSISTANT,
                some[cell.number],
                1.0,
                reasoning=some[0],
                error=some[1],
                note=some[0],
                finish_reason=some[1],
                usage=Usage(1, 2),
                cost=Decimal("0.0000012"),
            ),
            -0.5,
        )
        for cell in cells_of(plan)
    )
    return SweepResults("id", title, some[0], 1.0, plan, cells)


def written(results: SweepResults) -> bytes:
    return b"".join(sweep_json.pieces(results, lambda _number: ()))


@given(results=sweeps())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_json_is_read_back_as_it_was(results: SweepResults) -> None:
    assert sweep_json.read(written(results)) == results


@given(said=st.lists(texts, min_size=2, max_size=4))
def test_json_is_valid_whatever_is_in_it(said: list[str]) -> None:
    found = json.loads(written(swept(*said)))
    for cell, text in zip(found["cells"], said, strict=False):
        # Where halves of pairs stand anywhere, all that can't be kept is replaced.
        assert cell["answer"]["text"] in {text, mend(text)}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@given(data=st.data(), value=anything)
def test_a_damaged_json_file_is_refused_in_a_sentence(data: st.DataObject, value: Any) -> None:
    whole: Any = json.loads(written(swept("a", "b")))
    where = whole
    # Somewhere on the way down something else stands.
    while True:
        keys = sorted(where) if isinstance(where, dict) else range(len(where))
        key = data.draw(st.sampled_from(list(keys)))
        if not isinstance(where[key], dict | list) or not where[key] or data.draw(st.booleans()):
            where[key] = value
            break
        where = where[key]
    try:
        sweep_json.read(json.dumps(whole).encode())
    except InputError:
        return


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b"\xff", b'{"format":"loquat"}', b"[" * 9999]
)
def test_what_is_no_sweep_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        sweep_json.read(content)


#: The axes of `swept` in the CSV's headings.
AXES = {"column_value": "Preset", "row_value": "Model"}


def rows_of(results: SweepResults) -> list[dict[str, str]]:
    text = b"".join(sweep_csv.pieces(results)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@given(said=st.lists(texts, min_size=2, max_size=4))
def test_csv_is_read_back_as_it_was(said: list[str]) -> None:
    results = swept(*said)
    rows = rows_of(results)
    assert len(rows) == 4
    for row, cell in zip(rows, results.cells, strict=True):
        assert cell.answer is not None
        assert list(row) == [
            name if name not in AXES else f"{name}: {AXES[name]}" for name, _value in COLUMNS
        ]
        for name in ("text", "reasoning", "error", "note"):
            assert sweep_csv.plain(row[name]) == mend(getattr(cell.answer, name))
        assert sweep_csv.plain(row["model"]) == mend(cell.cell.model)
        assert int(row["number"]) == cell.cell.number + 1
        assert Decimal(row["cost_us_dollars"]) == Decimal("0.0000012")
        assert float(row["mean_logprob_nats"]) == -0.5
        assert float(row["geometric_mean_probability"]) == pytest.approx(math.exp(-0.5))


@given(said=st.lists(texts, min_size=2, max_size=4))
def test_no_text_in_csv_is_a_formula(said: list[str]) -> None:
    numbers = {"mean_logprob_nats", "cost_us_dollars", "seconds"}
    for row in rows_of(swept(*said)):
        for name, value in row.items():
            assert name in numbers or not value.lstrip("\r\n").startswith(
                ("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠")
            )
            assert "\0" not in value


class _Reader(HTMLParser):
    """Says which elements and attributes a report has, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.blocks: list[str] = []
        self._in_block = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _value in attrs)))
        if tag == "pre":
            self._in_block = True
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_block = self._in_block and tag != "pre"

    def handle_data(self, data: str) -> None:
        if self._in_block:
            self.blocks[-1] += data


def read_html(results: SweepResults) -> _Reader:
    reader = _Reader()
    reader.feed(b"".join(sweep_html.pieces(results)).decode())
    reader.close()
    return reader


@given(said=st.lists(texts.filter(bool), min_size=2, max_size=4), title=texts.filter(bool))
def test_no_text_in_html_is_an_element(said: list[str], title: str) -> None:
    found = read_html(swept(*said, title=title))
    plain = read_html(swept("b b", "c", "d", "e", title="f"))
    assert set(found.elements) <= set(plain.elements)
    assert [tag for tag, _names in found.elements].count("h3") == 4
    # The question, the system prompt, and of each cell its thoughts and its text.
    assert len(found.blocks) == 2 + 4 * 2
    assert found.blocks[3::2][: len(said)] == [shown(text) for text in said]


def shown(text: str) -> str:
    """A text without what HTML can't have."""
    return "".join(
        "\ufffd" if unicodedata.category(one) in {"Cc", "Cs"} and one not in "\t\r\n" else one
        for one in text
    )


def test_an_html_report_loads_and_runs_nothing() -> None:
    text = b"".join(sweep_html.pieces(swept(*HOSTILE[:4]))).decode()
    assert "<script" not in text
    assert "default-src 'none'" in text
    names = {name for _tag, names in read_html(swept(*HOSTILE[:4])).elements for name in names}
    assert not names & {"src", "href", "action", "srcset"}
    assert not any(name.startswith("on") for name in names)


@given(said=st.lists(texts.filter(bool), min_size=2, max_size=4), title=texts)
def test_no_text_in_markdown_is_more_than_text(said: list[str], title: str) -> None:
    parser = MarkdownIt("commonmark").enable("table")
    text = b"".join(sweep_markdown.pieces(swept(*said, title=title))).decode()
    tokens = parser.parse(text)
    kinds = {one.type for one in tokens} | {
        inner.type for one in tokens for inner in one.children or ()
    }
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "code_inline", "em_open"}
    blocks = [one.content for one in tokens if one.type == "fence"]
    assert len(blocks) == 2 + 4 * 2
    for said_one, block in zip(said, blocks[3::2], strict=False):
        # Markdown knows one line break alone.
        assert block == f"{mend(said_one)}\n".replace("\r\n", "\n").replace("\r", "\n")
    heads = headings(parser, text)
    assert [tag for tag, _name in heads].count("h3") == 4
    plain = b"".join(sweep_markdown.pieces(swept("b b", "c"))).decode()
    assert {one for one in heads if one[0] == "h2"} <= set(headings(parser, plain))


def headings(parser: MarkdownIt, text: str) -> list[tuple[str, str]]:
    tokens = parser.parse(text)
    return [
        (one.tag, inner.content) for one, inner in pairwise(tokens) if one.type == "heading_open"
    ]


@pytest.mark.parametrize("kind", [sweep_csv, sweep_html, sweep_markdown])
def test_a_sweep_without_answers_and_axes_can_be_written(kind: Any) -> None:
    plan = Plan("q", "p", "m")
    bare = SweepResults(
        "id", "", "", 0.0, plan, (CellResult(cells_of(plan)[0], CellState.WAITING),)
    )
    assert b"waiting" in b"".join(kind.pieces(bare))


def swept_numbers(*, repeats: int = 1) -> SweepResults:
    """A sweep over max_tokens by top_p, whose model supports neither top_k nor seeds."""
    plan = Plan(
        "q",
        "p",
        "m",
        {"temperature": 0.5, "top_k": 3, "max_tokens": 5},
        columns=ParameterAxis("max_tokens", (8, 16)),
        rows=ParameterAxis("top_p", (0.5, 1.0)),
        repeats=repeats,
        seeds=Seeds.SHARED,
        first_seed=77,
    )
    answer = Message(
        "1", "q", Role.ASSISTANT, "one two", 1.0, cost=Decimal("0.25"), cost_estimated=True
    )
    cells = [
        CellResult(cell, CellState.COMPLETE, answer, -0.5, left_out=frozenset({"top_k", "seed"}))
        for cell in cells_of(plan)
    ]
    return SweepResults("id", "t", "q", 1.0, plan, tuple(cells))


def test_reports_list_only_settings_that_were_sent() -> None:
    facts = dict(facts_of(swept_numbers()))
    assert "Top K" not in facts
    assert "Seed" not in facts
    assert "Repeats" not in facts
    # The axis has other values than the conversation.
    assert "Max tokens" not in facts
    assert facts["Max tokens (tokens)"] == "8, 16"
    assert facts["Temperature"] == "0.5"
    assert facts["Cost"] == "≈ $1.00"
    results = swept_numbers()
    (first, *rest) = results.cells
    assert first.answer is not None
    unknown = replace(first, answer=replace(first.answer, cost=None), left_out=frozenset())
    facts = dict(facts_of(replace(results, cells=(unknown, *rest))))
    assert facts["Top K"] == "3 (1 of 4 answers)"
    assert facts["Seed"] == "77 for all"
    assert facts["Cost"] == "at least ≈ $0.75; unknown for 1 answer"
    none = tuple(replace(one, left_out=frozenset({"top_p"})) for one in results.cells)
    facts = dict(facts_of(replace(results, cells=none)))
    assert facts["Top P"].startswith("0.5, 1: not sent")
    row = rows_of(swept_numbers())[0]
    assert json.loads(row["parameters"]) == {"temperature": 0.5, "max_tokens": 8, "top_p": 0.5}


@pytest.mark.parametrize("kind", [sweep_html, sweep_markdown, sweep_csv])
def test_axes_series_and_figures_have_names_and_units(kind: Any) -> None:
    text = b"".join(kind.pieces(swept_numbers(repeats=2))).decode().replace("\\", "")
    wanted = {
        sweep_html: (
            # The horizontal axis, the vertical axis, a series, the strokes.
            'text-anchor="middle">Max tokens (tokens)</text>',
            'text-anchor="middle">nats per token</text>',
            "<title>Length (words)</title>",
            "</span>Top P 0.5</li>",
            "Line: lowest to highest.",
            ">Geometric mean probability<",
            ">Cost (US dollars)<",
        ),
        sweep_markdown: (
            "## Mean log probability (nats per token)",
            "## Cost (US dollars, estimated)",
            "| Top P | Max tokens (tokens) | Mean (nats per token) | Bar |",
            "| Top P 0.5 | 8 |",
            "Geometric mean probability",
        ),
        sweep_csv: (
            "column_value: Max tokens (tokens),row_value: Top P,",
            "cost_us_dollars",
            "mean_logprob_nats,geometric_mean_probability",
        ),
    }[kind]
    for words in wanted:
        assert words in text, words


def test_a_chart_says_how_many_of_its_lines_are_drawn() -> None:
    line = Line("Top P 1", (Dot(1.0),))
    assert "The first 6 of 8 lines are shown." in legend([line] * 8)
    assert "are shown" not in legend([line] * MOST_LINES)
    assert "Top P 1" in legend([line])
    assert legend([Line("", (Dot(1.0),))]) == ""


def test_an_empty_answer_and_one_of_a_megabyte_can_be_written() -> None:
    results = swept("", "x<" * 500_000)
    for kind in (sweep_csv, sweep_html, sweep_markdown):
        assert len(b"".join(kind.pieces(results))) > 1_000_000


numbers = st.floats(-1e12, 1e12)
lines = st.lists(
    st.builds(Line, texts, st.tuples(*[st.builds(Dot, st.none() | numbers, numbers, numbers)] * 2)),
    max_size=MOST_LINES + 2,
)


@given(title=texts, marks=st.tuples(texts, texts), several=lines)
def test_a_chart_is_xml_whatever_its_texts_and_numbers(
    title: str, marks: tuple[str, str], several: list[Line]
) -> None:
    drawn = chart(title, title, marks, several)
    if not drawn:
        return
    root = ElementTree.fromstring(drawn)
    assert {one.tag.rpartition("}")[2] for one in root.iter()} <= {
        "svg", "title", "desc", "text", "line", "polyline", "circle",
    }  # fmt: skip
    dots = sum(dot.value is not None for line in several[:MOST_LINES] for dot in line.dots)
    assert drawn.count("<circle") == dots
    assert legend(several).count("<li>") in {0, min(len(several), MOST_LINES)}


@given(one=numbers, other=numbers)
def test_ticks_take_in_what_is_between_them(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    ticks = ticks_between(low, high)
    slack = 1e-6 * (ticks[-1] - ticks[0])
    assert 2 <= len(ticks) <= 8
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert list(ticks) == sorted(set(ticks))


def test_ticks_by_hand() -> None:
    assert ticks_between(0, 1) == (0.0, 0.5, 1.0)
    assert ticks_between(3, 3) == (0.0, 2.0, 4.0, 6.0)
    assert ticks_between(0, 0) == (0.0, 0.5, 1.0)
