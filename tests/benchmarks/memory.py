"""What the idle window keeps resident, beside an empty window."""

import time
from pathlib import Path

from tests.benchmarks.lengths import length
from tests.benchmarks.libraries import new_directory
from tests.benchmarks.programs import REFERENCE, ours, running
from tests.benchmarks.result import Result, Sample

ROUNDS = length(5, 1)
SETTLING = length(2.0, 0.0)
#: Megabytes that ours may keep above the empty window.
LIMIT = 60.0


def memory() -> Result:
    """Resident size (RSS), shared libraries included; both share the same ones with others."""
    own, others = [], []
    for _round in range(ROUNDS):
        with new_directory() as directory:
            own.append(_resident(ours(directory)))
        others.append(_resident(REFERENCE))
    mine, empty = Sample(own), Sample(others)
    return Result(
        "memory",
        mine.middle,
        empty.middle,
        "MB",
        f"RSS after {SETTLING:.0f} idle seconds against an empty PySide6 window's: "
        f"{mine.middle - empty.middle:.1f} MB more, at most {LIMIT:.0f} wanted; {ROUNDS} runs, "
        f"ours {mine.spread(1)}, empty {empty.spread(1)}",
    )


def _resident(program: tuple[str, ...]) -> float:
    with running(program) as one:
        time.sleep(SETTLING)
        lines = Path(f"/proc/{one.process_id}/smaps_rollup").read_text().splitlines()
    (kilobytes,) = (int(line.split()[1]) for line in lines if line.startswith("Rss:"))
    return kilobytes * 1024 / 1e6
