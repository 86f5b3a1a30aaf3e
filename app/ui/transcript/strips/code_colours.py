"""The colours of one code block: found in idle time, kept while the block grows."""

import time
from bisect import bisect_left
from collections.abc import Iterator

from app.markup.highlighting import HighlightedRun, highlight, is_ready

#: A growing block is read again from its beginning, since a lexer can't be resumed; this share
#: of the time at most goes into it.
SHARE = 1 / 100
#: Tokens between two looks at the clock.
STRIDE = 64


class CodeColours:
    """The runs of a text, which lag behind it where it grows."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.runs: list[HighlightedRun] = []
        self._starts: list[int] = []
        self._text = ""
        self._done = ""
        self._reading: Iterator[HighlightedRun | None] | None = None
        self._read: list[HighlightedRun] = []
        self._reading_text = ""
        self._spent = 0.0
        self._rest_until = 0.0

    def show_text(self, text: str, *, complete: bool) -> None:
        """Take the text as it is now; of one that grew, the runs of its whole lines stay."""
        if text != self._text:
            grown = text.startswith(self._done)
            whole = self._done.rfind("\n") if grown else -1
            self._take([run for run in self.runs if run.end <= whole])
            self._text = text
            if not grown:
                self._done = ""
        if complete:
            self._rest_until = 0.0

    def step(self, seconds: float) -> bool | None:
        """Read on for some time. True: the runs are new; None: nothing is left to do."""
        began = time.perf_counter()
        if self._reading is None:
            if self._done == self._text:
                return None
            if began < self._rest_until or not is_ready(self.language):
                return False
            self._reading_text, self._read, self._spent = self._text, [], 0.0
            self._reading = highlight(self._text, self.language)
        finished = self._advance(began + seconds)
        self._spent += time.perf_counter() - began
        if not finished:
            return False
        self._reading = None
        self._done = self._reading_text
        self._rest_until = time.perf_counter() + self._spent / SHARE
        if self._text.startswith(self._done):
            self._take(self._read)
        return True

    def runs_in(self, start: int, end: int) -> list[HighlightedRun]:
        """The runs that lie in a range of the text, with their offsets into it."""
        first = max(0, bisect_left(self._starts, start) - 1)
        overlapping = []
        for run in self.runs[first:]:
            if run.start >= end:
                break
            if run.end > start:
                overlapping.append(
                    HighlightedRun(max(run.start - start, 0), min(run.end, end) - start, run.syntax)
                )
        return overlapping

    def _advance(self, until: float) -> bool:
        assert self._reading is not None  # noqa: S101 - `step` has just begun it
        for number, run in enumerate(self._reading, 1):
            if run is not None:
                self._read.append(run)
            if number % STRIDE == 0 and time.perf_counter() > until:
                return False
        return True

    def _take(self, runs: list[HighlightedRun]) -> None:
        self.runs = runs
        self._starts = [run.start for run in runs]
