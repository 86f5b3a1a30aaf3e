"""A conversation of ten thousand messages: opened, paged through, jumped about in, resized."""

import random

from tests.benchmarks.lengths import length
from tests.benchmarks.result import Result, Sample
from tests.benchmarks.screen import SIZE, application, around, cost, high, transcript
from tests.benchmarks.texts import messages

MANY, FEW = length(10_000, 120), length(100, 10)
ROUNDS = length(7, 1)
PAGES, JUMPS, STEPS = length(1_500, 5), length(200, 3), length(100, 3)


def open_() -> Result:
    """To the first correct frame, beside a conversation of a hundred messages."""
    many, few = messages(MANY), messages(FEW)
    long: list[float] = []
    short: list[float] = []
    with transcript() as view:
        for _round in range(ROUNDS):
            for path, figures in ((many, long), (few, short)):
                view.show_path([], around)
                application().processEvents()
                figures.append(cost(view.show_path, path, around))
    mine, other = Sample(long), Sample(short)
    return Result(
        "open",
        mine.middle,
        other.middle,
        "ms",
        f"showing {MANY} messages that are in memory, to the first painted frame, against {FEW}; "
        f"at most 4 wanted; {ROUNDS} runs, {mine.spread(1)} and {other.spread(1)}",
    )


def open_all() -> Result:
    """Beside laying all of it out, as others do."""
    path = messages(MANY)
    with transcript() as view:
        view.show_path([], around)
        opened = cost(view.show_path, path, around)

        def lay_out() -> None:
            for item in view.items():
                item.lay_out(760)

        everything = cost(lay_out)
    return Result(
        "open_all",
        opened,
        everything,
        "ms",
        f"showing {MANY} messages against laying all of them out; 0.01 wanted",
    )


def page() -> Result:
    """A frame while paging at full speed, against a display's frame."""
    with transcript() as view:
        view.show_path(messages(MANY), around)
        bar = view.verticalScrollBar()
        bar.setValue(0)
        application().processEvents()
        step = SIZE[1] - 60
        figures = [cost(bar.setValue, bar.value() + step) for _page in range(PAGES)]
    return Result(
        "page",
        high(figures),
        16.0,
        "ms",
        f"p99 of {len(figures)} pages through {MANY} messages, each new to the eye, against the "
        f"limit; median {Sample(figures).middle:.1f}, most {max(figures):.1f}",
    )


def jump() -> Result:
    """Anywhere in it, against the limit."""
    dice = random.Random(3)
    with transcript() as view:
        view.show_path(messages(MANY), around)
        application().processEvents()
        bar = view.verticalScrollBar()
        figures = [cost(bar.setValue, dice.randrange(bar.maximum())) for _jump in range(JUMPS)]
    return Result(
        "jump",
        max(figures),
        50.0,
        "ms",
        f"the slowest of {len(figures)} jumps in {MANY} messages, against the limit; median "
        f"{Sample(figures).middle:.1f}",
    )


def resize() -> Result:
    """One step of a resize, against the limit."""
    with transcript() as view:
        view.show_path(messages(MANY), around)
        application().processEvents()
        bar = view.verticalScrollBar()
        bar.setValue(bar.maximum() // 2)
        widths = [SIZE[0] - 3 * step for step in range(STEPS)]
        figures = [cost(view.resize, width, SIZE[1]) for width in widths]
    return Result(
        "resize",
        high(figures),
        30.0,
        "ms",
        f"p99 of {len(figures)} steps with {MANY} messages, against the limit; median "
        f"{Sample(figures).middle:.1f}",
    )
