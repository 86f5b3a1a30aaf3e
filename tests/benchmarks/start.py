"""From the start of the process to the first painted frame, beside an empty window's."""

from collections.abc import Callable

from tests.benchmarks.lengths import length
from tests.benchmarks.libraries import CONVERSATIONS, new_directory, used_directory
from tests.benchmarks.programs import REFERENCE, ours, running
from tests.benchmarks.result import Result, Sample

ROUNDS = length(11, 1)


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
