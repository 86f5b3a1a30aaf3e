"""How often the window wakes up while nobody does anything."""

import time
from pathlib import Path

from tests.benchmarks.lengths import length
from tests.benchmarks.libraries import used_directory
from tests.benchmarks.programs import REFERENCE, ours, running
from tests.benchmarks.result import Result, Sample

ROUNDS = length(2, 1)
SETTLING = length(4.0, 0.0)
SECONDS = length(10.0, 0.1)
#: Wake-ups a second; a blinking cursor alone needs two.
LIMIT = 3.0


def idle() -> Result:
    """Voluntary context switches of all threads, with a conversation in view."""
    with used_directory() as directory:
        own = Sample([_wake_ups(ours(directory)) for _round in range(ROUNDS)])
    empty = _wake_ups(REFERENCE)
    return Result(
        "idle",
        own.middle,
        LIMIT,
        "/s",
        f"wake-ups of all threads over {SECONDS:.0f} s, against the limit; {ROUNDS} runs, ours "
        f"{own.spread(1)}, an empty PySide6 window {empty:.1f}",
    )


def _wake_ups(program: tuple[str, ...]) -> float:
    with running(program) as one:
        time.sleep(SETTLING)
        before = _switches(one.process_id)
        time.sleep(SECONDS)
        after = _switches(one.process_id)
    # A thread that came meanwhile counts from its beginning.
    return sum(count - before.get(thread, 0) for thread, count in after.items()) / SECONDS


def _switches(process_id: int) -> dict[str, int]:
    switches = {}
    for task in Path(f"/proc/{process_id}/task").iterdir():
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches:"):
                switches[task.name] = int(line.split()[1])
    return switches
