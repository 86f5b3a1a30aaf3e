"""An answer as it grows: every piece parsed, laid out and painted, nothing put together."""

from collections.abc import Callable
from statistics import fmean

from PySide6.QtWidgets import QTextBrowser

from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.reply import Reply
from app.domain.events import TextDelta
from app.ui.transcript.view import TranscriptView
from tests.benchmarks.lengths import length
from tests.benchmarks.result import Result
from tests.benchmarks.screen import application, around, cost, high, shown, transcript
from tests.benchmarks.texts import mixed_answer

PIECE = 40
LENGTH = length(100_000, 2_000)
#: Characters of the answer whose growth is compared.
LONG = length(1_000_000, 8_000)
#: Characters that are copied.
COPIED = length(5_000_000, 50_000)
WINDOW = length(10_000, 400)
#: The peer is so slow that every so-manieth piece must do.
SAMPLED = length(25, 5)


def stream() -> Result:
    """The last tenth of 100 KB, beside Qt's own Markdown view."""
    text = mixed_answer(LENGTH)
    with transcript() as view:
        grow = growing(view)
        figures = [cost(grow, piece) for piece in pieces(text, 0, LENGTH)]
    last = figures[-WINDOW // PIECE :]
    peer = _browser(text)
    return Result(
        "stream",
        fmean(last),
        fmean(peer),
        "ms",
        f"main-thread time for each {PIECE}-character piece in the last {WINDOW // 1000} KB of "
        f"{LENGTH // 1000} KB, laid out and painted, against QTextBrowser.setMarkdown of the "
        f"whole text ({len(peer)} pieces sampled): {fmean(peer) / fmean(last):.0f} times less; "
        f"ours p99 {high(last):.1f} ms, at most 8 wanted",
    )


def stream_growth() -> Result:
    """The last tenth of a hundred of 1 MB, beside its first."""
    text = mixed_answer(LONG)
    with transcript() as view:
        grow = growing(view)
        first = [cost(grow, piece) for piece in pieces(text, 0, WINDOW)]
        for start in range(WINDOW, LONG - WINDOW, 20_000):
            grow(text[start : min(start + 20_000, LONG - WINDOW)])
            application().processEvents()
        last = [cost(grow, piece) for piece in pieces(text, LONG - WINDOW, LONG)]
    return Result(
        "stream_growth",
        fmean(last),
        fmean(first),
        "ms",
        f"the mean piece in the last {WINDOW // 1000} KB of 1 MB against that in the first; at "
        f"most 1.3 wanted; p99 {high(first):.1f} and {high(last):.1f} ms",
    )


def copy() -> Result:
    """Select all and copy 5 MB."""
    text = mixed_answer(COPIED)
    message = Message("a", None, Role.ASSISTANT, text[: COPIED * 4 // 5], 0.0)
    with transcript() as view:
        path = [Message("u", None, Role.USER, "hi", 0.0), message]
        path.append(Message("b", "a", Role.USER, text[COPIED * 4 // 5 :], 0.0))
        view.show_path(path, around)
        application().processEvents()

        def copy_all() -> None:
            view.selecting.choose_all()
            view.selecting.clipboard().text()

        spent = cost(copy_all)
    return Result(
        "copy", spent, 500.0, "ms", "selecting all of 5 MB and copying it, against the limit"
    )


def growing(view: TranscriptView) -> Callable[[str], None]:
    """An answer in a transcript, and what adds a piece to it."""
    placeholder = Message("a", "u", Role.ASSISTANT, "", 0.0, Status.STREAMING)
    view.show_path([Message("u", None, Role.USER, "hi", 0.0), placeholder], around)
    reply = Reply(placeholder)

    def grow(piece: str) -> None:
        reply.apply(TextDelta(piece))
        view.grow(reply)
        # The program shows at most sixty frames a second; here every piece is one.
        view.show_growth()

    return grow


def _browser(text: str) -> list[float]:
    browser = QTextBrowser()
    bar = browser.verticalScrollBar()

    def show(end: int) -> None:
        browser.setMarkdown(text[:end])
        bar.setValue(bar.maximum())

    with shown(browser):
        ends = range(len(text) - WINDOW + PIECE, len(text) + 1, PIECE * SAMPLED)
        return [cost(show, end) for end in ends]


def pieces(text: str, start: int, end: int) -> list[str]:
    """A range of a text as it comes."""
    return [text[place : place + PIECE] for place in range(start, end, PIECE)]
