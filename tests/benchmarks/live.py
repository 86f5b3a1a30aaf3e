"""The whole program while an answer streams in at a model's pace."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass

from tests.benchmarks.lengths import length
from tests.benchmarks.libraries import new_directory
from tests.benchmarks.result import Result
from tests.benchmarks.texts import mixed_answer
from tests.checkout import ROOT
from tests.servers import DONE, Connection, Script, chunk, serving

#: Characters of a token, about; each is an event of its own, as models send them.
TOKEN = 4
#: Of the stream's time, what the main thread may be busy.
LIMIT = 0.06
#: Set by `--long`: 100 KB at 200 tokens a second, which takes two minutes.
LONG = "LOQUAT_BENCHMARK_LONG"


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is streamed, in characters, and how fast, in tokens a second."""

    length: int
    tokens: int


def live() -> Result:
    """The main thread's share of the stream's time."""
    pace = Pace(100_000, 200) if os.environ.get(LONG) else Pace(length(20_000, 1_000), 1_000)
    sent: list[float] = []
    with serving(_streaming(pace, sent)) as server, new_directory() as directory:
        command = [sys.executable, "-m", "tests.benchmarks.live_program", str(directory)]
        seconds = pace.length / TOKEN / pace.tokens
        done = subprocess.run(
            [*command, f"{server.url}/v1"],
            cwd=ROOT,
            capture_output=True,
            timeout=seconds + 60,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-2_000:])
    figures = json.loads(done.stdout)
    after = (figures["last_frame"] - sent[-1]) * 1000
    return Result(
        "live",
        figures["busy"],
        LIMIT,
        "",
        f"the main thread's processor time over the time of a stream of {pace.length // 1000} KB "
        f"at {pace.tokens} tokens/s, against the limit; held up {figures['held_up']:.1f} ms at "
        f"p99.9 (16 wanted) and {figures['most']:.1f} at most; the last frame {after:.0f} ms "
        f"after the server's last byte (50 wanted); {figures['grown']:.1f} MB more of its own (20 "
        f"wanted), {figures['resident']:.1f} with the pages of fonts and libraries that it met",
    )


def _streaming(pace: Pace, sent: list[float]) -> Script:
    text = mixed_answer(pace.length)
    tokens = [text[start : start + TOKEN] for start in range(0, len(text), TOKEN)]

    def script(connection: Connection) -> None:
        connection.head()
        began = time.monotonic()
        for number, token in enumerate(tokens):
            # Pacing is what a model does; a token that is due is sent at once.
            time.sleep(max(0.0, began + number / pace.tokens - time.monotonic()))
            connection.send(chunk(token))
        connection.send(chunk(finish="stop") + DONE)
        sent.append(time.clock_gettime(time.CLOCK_MONOTONIC))

    return script
