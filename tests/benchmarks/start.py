"""From the start of the process to the first painted frame, beside an empty window's."""

from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.lengths import length
from tests.benchmarks.libraries import (
    CONVERSATIONS,
    many_conversations,
    new_directory,
    used_directory,
)
from tests.benchmarks.programs import REFERENCE, ours, running
from tests.benchmarks.result import Result, Sample

ROUNDS = length(11, 1)
#: Conversations of the library of `start_many`.
MANY = length(20_000, 20)


def start() -> Result:
    """A person's very first start: every round has a data directory of its own."""

    def start_once() -> tuple[float, float]:
        with new_directory() as directory:
            return _first_frame(ours(directory))

    return _beside_the_empty_window("start", "a new data directory", start_once)


def start_used() -> Result:
    """Every later start: a library with conversations, one of them in view."""
    with used_directory() as directory:
        return _beside_the_empty_window(
            "start_used",
            f"a library of {CONVERSATIONS} conversations",
            lambda: _first_frame(ours(directory)),
        )


def start_many() -> Result:
    """A library of very many conversations against an empty one, the window being the same."""
    with new_directory() as many, new_directory() as empty:
        many_conversations(many, MANY)
        many_conversations(empty, 0)
        rows: dict[Path, list[tuple[float, float]]] = {many: [], empty: []}
        for number in range(ROUNDS + 1):
            for directory, times in rows.items():
                figures = _first_frame(ours(directory))
                if number:
                    times.append(figures)
    (wall, cpu), (empty_wall, empty_cpu) = (_columns(times) for times in rows.values())
    return Result(
        "start_many",
        wall.middle,
        empty_wall.middle,
        "s",
        f"process start to first painted frame at {MANY:,} conversations against an empty library; "
        f"{ROUNDS} runs, alternated, {wall.spread(2)} against {empty_wall.spread(2)}; processor "
        f"time {cpu.middle:.3f} to {empty_cpu.middle:.3f}, ratio "
        f"{cpu.middle / empty_cpu.middle:.2f}",
    )


def _first_frame(program: tuple[str, ...]) -> tuple[float, float]:
    with running(program) as one:
        return one.wall, one.cpu


def _beside_the_empty_window(
    name: str, kind: str, start_once: Callable[[], tuple[float, float]]
) -> Result:
    # One round that isn't counted, so that byte code and the disk's cache are there.
    start_once()
    own, others = [], []
    for _round in range(ROUNDS):
        own.append(start_once())
        others.append(_first_frame(REFERENCE))
    (wall, cpu), (other_wall, other_cpu) = (_columns(rows) for rows in (own, others))
    return Result(
        name,
        wall.middle,
        other_wall.middle,
        "s",
        f"process start to first painted frame, {kind}, against an empty PySide6 window; "
        f"{ROUNDS} runs, ours {wall.spread(2)}, empty {other_wall.spread(2)}; processor time "
        f"{cpu.middle:.3f} to {other_cpu.middle:.3f}, ratio {cpu.middle / other_cpu.middle:.2f}",
    )


def _columns(rows: list[tuple[float, float]]) -> tuple[Sample, Sample]:
    walls, cpus = zip(*rows, strict=True)
    return Sample(walls), Sample(cpus)
