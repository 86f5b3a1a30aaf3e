"""What a conversation of ten thousand messages keeps in memory: `transcript_memory`.

    python -m tests.benchmarks.held

measures in a process of its own, and prints megabytes: once it is open, once all was paged through.
"""

import gc
import subprocess
import sys

from tests.benchmarks.lengths import length
from tests.benchmarks.result import Result
from tests.checkout import ROOT

MANY = length(10_000, 100)
#: Megabytes above the empty window.
LIMIT = 30.0


def transcript_memory() -> Result:
    """Messages, their heights and what is laid out of them."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.held"],
        cwd=ROOT,
        capture_output=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-2_000:])
    opened, paged = map(float, done.stdout.split())
    return Result(
        "transcript_memory",
        paged,
        LIMIT,
        "MB",
        f"{MANY} messages of 500 characters above an empty transcript, the messages themselves "
        f"included, once all of them have been paged through, against the limit; {opened:.1f} MB "
        "once they are open",
    )


def main() -> None:
    """Measure in this process."""
    from tests.benchmarks.live_program import resident
    from tests.benchmarks.screen import SIZE, application, around, transcript
    from tests.benchmarks.texts import messages

    with transcript() as view:
        # Fonts and modules are the empty window's.
        view.show_path(messages(50), around)
        application().processEvents()
        view.show_path([], around)
        application().processEvents()
        gc.collect()
        empty = resident()
        view.show_path(messages(MANY), around)
        application().processEvents()
        opened = resident() - empty
        bar = view.verticalScrollBar()
        while bar.value() > 0:
            bar.setValue(bar.value() - SIZE[1] + 60)
            application().processEvents()
        print(opened, resident() - empty)


if __name__ == "__main__":
    main()
