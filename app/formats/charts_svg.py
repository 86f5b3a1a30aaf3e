"""Line charts as SVG elements, for reports without scripts or other files."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil

from app.domain.sweep.axis_ticks import ticks_between
from app.domain.text.translation import _

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 78, 16, 30, 46
#: Line colours of Okabe and Ito, distinct with every colour vision, on white and on black.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8A6D00", "#56B4E9")
LONGEST_LABEL = 14
#: Greatest number of lines in a chart; more could not be told apart.
MOST_LINES = 6
#: Greatest number of labels on the horizontal axis.
MOST_LABELS = 12


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a line: a mean and the range of its values. A mean of None is a gap."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A named line with a dot for every mark of the horizontal axis."""

    name: str
    dots: tuple[Dot, ...]


def chart(
    title: str, across: str, marks: Sequence[str], lines: Sequence[Line], unit: str = ""
) -> str:
    """Return a chart as an `svg` element for HTML. All texts are escaped.

    `across` is the title of the horizontal axis, `unit` the unit of the vertical axis. Texts have
    the colour of the surrounding text. Returns "" if there are no values.
    """
    lines = lines[:MOST_LINES]
    known = [
        value
        for line in lines
        for dot in line.dots
        for value in (dot.value, dot.low, dot.high)
        if value is not None
    ]
    if not known or not marks:
        return ""
    ticks = ticks_between(min(known), max(known))
    parts = [
        f'<svg class="chart" role="img" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" xmlns="http://www.w3.org/2000/svg">',
        f"<title>{_text(f'{title} ({unit})' if unit else title)}</title>",
        f"<desc>{_text(_description(marks, lines))}</desc>",
        f'<text x="{LEFT}" y="18" class="name">{_text(title)}</text>',
    ]
    parts += [_tick(tick, _y(tick, ticks)) for tick in ticks]
    every = ceil(len(marks) / MOST_LABELS)
    for place, mark in enumerate(marks):
        if place % every == 0:
            label = mark if len(mark) <= LONGEST_LABEL else f"{mark[: LONGEST_LABEL - 1]}…"
            x = _x(place, len(marks))
            parts.append(
                f'<text x="{x:.1f}" y="{HEIGHT - 26}" text-anchor="middle">{_text(label)}</text>'
            )
    if unit:
        down = (TOP + HEIGHT - BOTTOM) / 2
        parts.append(
            f'<text transform="translate(14 {down:.1f}) rotate(-90)" text-anchor="middle">'
            f"{_text(unit)}</text>"
        )
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(
        f'<text x="{middle:.1f}" y="{HEIGHT - 8}" text-anchor="middle">{_text(across)}</text>'
    )
    for number, line in enumerate(lines):
        parts += _drawn(line, COLOURS[number], ticks)
    parts.append("</svg>")
    return "\n".join(parts)


def legend(lines: Sequence[Line]) -> str:
    """Return an HTML list of the lines' names and colours, and of how many lines are not drawn;
    "" if the only line has no name."""
    names = [line.name for line in lines[:MOST_LINES]]
    if not any(names):
        return ""
    items = "".join(
        f'<li><span class="mark" style="background:{COLOURS[number]}"></span>{_text(name)}</li>'
        for number, name in enumerate(names)
    )
    drawn = f'<ul class="legend">{items}</ul>'
    if len(lines) > MOST_LINES:
        words = _("The first {n} of {all} lines are shown.").format(n=MOST_LINES, all=len(lines))
        drawn += f'<p class="said">{_text(words)}</p>'
    return drawn


def number_text(value: float) -> str:
    """Return a number with three significant digits."""
    return f"{value:.3g}" if abs(value) < 10_000 else f"{value:.0f}"


def _drawn(line: Line, colour: str, ticks: Sequence[float]) -> list[str]:
    count = len(line.dots)
    parts: list[str] = []
    run: list[str] = []
    for place, dot in enumerate((*line.dots, Dot(None))):
        if dot.value is None:
            if len(run) > 1:
                parts.append(
                    f'<polyline points="{" ".join(run)}" fill="none" stroke="{colour}" '
                    'stroke-width="2"/>'
                )
            run = []
            continue
        x, y = _x(place, count), _y(dot.value, ticks)
        run.append(f"{x:.1f},{y:.1f}")
        if dot.low is not None and dot.high is not None and dot.high > dot.low:
            parts.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_y(dot.low, ticks):.1f}" '
                f'y2="{_y(dot.high, ticks):.1f}" stroke="{colour}" stroke-opacity="0.55"/>'
            )
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>')
    return parts


def _tick(value: float, y: float) -> str:
    return (
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>'
        f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{number_text(value)}</text>'
    )


def _x(place: int, count: int) -> float:
    width = WIDTH - LEFT - RIGHT
    return LEFT + width * (place + 0.5) / count


def _y(value: float, ticks: Sequence[float]) -> float:
    low, high = ticks[0], ticks[-1]
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - low) / (high - low))


def _description(marks: Sequence[str], lines: Sequence[Line]) -> str:
    said = []
    for line in lines:
        values = ", ".join(
            f"{mark}: {number_text(dot.value)}"
            for mark, dot in zip(marks, line.dots, strict=False)
            if dot.value is not None
        )
        said.append(f"{line.name}: {values}" if line.name else values)
    return "; ".join(said)


def _text(text: str) -> str:
    return escape("".join(one if one.isprintable() else " " for one in text))
