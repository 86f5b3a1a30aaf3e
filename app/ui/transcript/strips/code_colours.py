"""Incremental syntax highlighting of one code block, done in idle time while the block grows."""

import time
from bisect import bisect_left
from collections.abc import Iterator

from app.markup.highlighting import HighlightedRun, highlight, is_ready

#: Largest share of the time (0 to 1) that highlighting a growing block may take. It begins at the
#: block's start each time, since a lexer can't be resumed.
SHARE = 1 / 100
#: Number of lexer tokens between two looks at the clock.
STRIDE = 64


class CodeColours:
    """Highlighted runs of one code block, in order. They lag behind the text while it grows."""

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
        """Set the current text. If it only grew, the runs of its complete lines are kept.

        `complete` says that the text won't grow any more, so that highlighting needn't wait.
        """
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
        """Highlight for about `seconds`. Returns True if `runs` changed, False if there is more
        to do, and None if nothing is left to do."""
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
        """Return the runs in the text from `start` to `end`, cut to this range.

        Their offsets are relative to `start`.
        """
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
