"""How figures grow with the length of an answer and of a conversation, as a picture."""

from pathlib import Path
from statistics import fmean

from PySide6.QtWidgets import QTextBrowser

from tests.benchmarks.lengths import length
from tests.benchmarks.plot import Panel, Series, draw
from tests.benchmarks.screen import application, around, cost, shown, transcript
from tests.benchmarks.streaming import PIECE, growing, pieces
from tests.benchmarks.texts import messages, mixed_answer

#: Characters of an answer at which a piece is measured, and up to which the peer is bearable.
LENGTHS = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)[: length(7, 2)]
PEER_UNTIL = length(300_000, 3_000)
#: Pieces measured at each length.
SAMPLE = length(100, 3)
COUNTS = (10, 30, 100, 300, 1_000, 3_000, 10_000)[: length(7, 2)]
ROUNDS = length(5, 1)


def plot(path: Path) -> None:
    """Measure, and write the picture. Raises OSError."""
    application()
    streamed = Panel(
        f"A piece of {PIECE} characters more, laid out and painted",
        "characters of the answer so far",
        "milliseconds of the main thread",
        [Series("QTextBrowser.setMarkdown", _peer()), Series("Loquat", _streamed())],
    )
    opened, all_ = _opened()
    conversation = Panel(
        "A conversation opened, to its first frame",
        "messages of 500 characters",
        "milliseconds of the main thread",
        [Series("all of it laid out", all_), Series("Loquat", opened)],
    )
    draw([streamed, conversation], path)


def _streamed() -> list[tuple[float, float]]:
    text = mixed_answer(LENGTHS[-1])
    points, fed = [], 0
    with transcript() as view:
        # Modules and fonts are fetched once.
        growing(view)(text[: LENGTHS[1]])
        application().processEvents()
    with transcript() as view:
        grow = growing(view)
        for size in LENGTHS:
            begin = max(fed, size - SAMPLE * PIECE)
            for start in range(fed, begin, 20_000):
                grow(text[start : min(start + 20_000, begin)])
                application().processEvents()
            figures = [cost(grow, piece) for piece in pieces(text, begin, size)]
            points.append((float(size), fmean(figures)))
            fed = size
    return points


def _peer() -> list[tuple[float, float]]:
    text = mixed_answer(PEER_UNTIL)
    browser = QTextBrowser()

    def show(end: int) -> None:
        browser.setMarkdown(text[:end])
        browser.verticalScrollBar().setValue(browser.verticalScrollBar().maximum())

    with shown(browser):
        lengths = [size for size in LENGTHS if size <= PEER_UNTIL]
        return [
            (float(size), fmean(cost(show, size - step) for step in range(ROUNDS)))
            for size in lengths
        ]


def _opened() -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    ours, everything = [], []
    with transcript() as view:
        for count in COUNTS:
            path = messages(count)
            figures = []
            for _round in range(ROUNDS):
                view.show_path([], around)
                application().processEvents()
                figures.append(cost(view.show_path, path, around))
            ours.append((float(count), fmean(figures)))

            def lay_out() -> None:
                for item in view.items():
                    item.lay_out(760)

            everything.append((float(count), cost(lay_out)))
    return ours, everything
