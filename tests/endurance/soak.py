"""Uses the real window for some minutes while answers stream, and watches its memory.

    python -m tests.endurance.soak --minutes 20

Every half minute a line with the resident memory and the number of messages sent. In the end the
growth since the warm-up, and whatever the program complained of. The exit status is 1 if it
complained, or if it grew by more than 5 %.
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from app.domain.providers.providers import Provider, ProviderKind
from app.store.library import Library
from tests.end_to_end.program import Program
from tests.end_to_end.reading import Reader, State
from tests.end_to_end.screen import shown_screen
from tests.servers import DONE, Connection, chunk, serving

#: Share of the time after which memory must no longer grow.
WARM_UP = 0.25
#: Growth that is allowed after that.
ALLOWED = 0.05
SEED = 7

_PARAGRAPH = (
    "A **loquat** tree likes *sun*, $E = mc^2$, and 日本語.\n\n```python\nprint('loquat')\n```\n\n"
    "| a | b |\n| - | - |\n| 1 | 2 |\n\n"
)


def _answer(connection: Connection) -> None:
    """Stream an answer of a few paragraphs in small pieces."""
    connection.head()
    for number in range(60):
        connection.send(chunk(f"{number}. {_PARAGRAPH}"[number % 7 :]))
        time.sleep(0.02)
    connection.send(DONE)


def main() -> int:
    """Run the soak; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory(prefix="soak") as place:
        folder = Path(place)
        with shown_screen(folder) as screen, serving(_answer) as server:
            directory = folder / "data"
            _prepare(directory, server.url)
            reader = Reader(screen.accessibility)
            program = Program(screen, reader, directory)
            try:
                return _use(program, minutes * 60)
            finally:
                program.kill()
                reader.close()


def _prepare(directory: Path, url: str) -> None:
    library = Library.open(directory)
    library.put_provider(
        Provider("soak", "Scripted", ProviderKind.OPENAI_COMPATIBLE, f"{url}/v1", "model")
    )
    library.put_setting("default_provider", "soak")
    library.close()


def _use(program: Program, seconds: float) -> int:
    choice, start = random.Random(SEED), time.monotonic()
    sent, next_line, warm, latest = 0, 0.0, 0, 0
    while (passed := time.monotonic() - start) < seconds:
        if passed >= next_line:
            latest = _memory(program.process.pid)
            print(f"{passed:6.0f} s  {latest / 1024:8.1f} MB  {sent} messages", flush=True)
            next_line += 30
            if not warm and passed >= seconds * WARM_UP:
                warm = latest
        sent += _act(program, choice)
    latest = _memory(program.process.pid)
    growth = latest / warm - 1 if warm else 0.0
    program.end()
    complaints = program.said()
    print(f"growth after the warm-up: {growth:+.1%}; complaints: {complaints or 'none'}")
    return int(bool(complaints) or growth > ALLOWED)


def _act(program: Program, choice: random.Random) -> int:
    """Do one thing as a person would; return the number of messages sent."""
    match choice.randrange(8):
        case 0:
            program.keys("ctrl+n")
        case 1:
            program.keys(choice.choice(("alt+Up", "alt+Down", "Page_Up", "End")))
        case 2:
            # Not by its name, which changes when an answer ends.
            rows = program.top.find("list", "Chats").look_for("list item")
            if shown := [row for row in rows if State.ENABLED in row.states]:
                choice.choice(shown).element.press("Toggle")
        case 3:
            program.keys("ctrl+period", "ctrl+period")
        case 4:
            program.keys("ctrl+f", "l", "o", "q", "Escape")
        case _:
            program.keys("ctrl+l")
            program.write(f"Question {choice.randrange(10**6)}")
            program.keys("Return")
            time.sleep(choice.uniform(0.2, 2.0))
            return 1
    time.sleep(choice.uniform(0.1, 0.6))
    return 0


def _memory(process_id: int) -> int:
    """Return the resident memory of a process in kB."""
    status = Path(f"/proc/{process_id}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1])


if __name__ == "__main__":
    sys.exit(main())
