"""When the next frame of a growing reply is drawn, on a clock that the test sets."""

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.ui.transcript.streaming import frame_pacing
from app.ui.transcript.streaming.frame_pacing import LONGEST, REST, SHORTEST, FramePacing


class Clock:
    """Stands in for the module `time`: both clocks go when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def thread_time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(frame_pacing, "time", made)
    return made


def draw(clock: Clock, frames: FramePacing, seconds: float) -> float:
    """Draw a frame that takes so long; return the seconds until the next one is due."""
    frames.begin()
    clock.now += seconds
    frames.end()
    frames.want()
    (timer,) = frames.findChildren(QTimer)
    return timer.interval() / 1000


@pytest.fixture
def frames(qapp: QApplication) -> FramePacing:
    return FramePacing(QObject(qapp))


def test_after_a_slow_frame_there_is_a_pause_of_several_times_its_length(
    clock: Clock, frames: FramePacing
) -> None:
    assert draw(clock, frames, 0.2) == pytest.approx(0.2 * REST, abs=0.001)


def test_a_quick_frame_is_followed_by_the_next_refresh(clock: Clock, frames: FramePacing) -> None:
    assert draw(clock, frames, 0.001) == pytest.approx(SHORTEST - 0.001, abs=0.001)


def test_the_work_between_two_frames_delays_the_next_one(clock: Clock, frames: FramePacing) -> None:
    draw(clock, frames, 0.001)
    # Painting and the rest, of which the frame itself knows nothing.
    clock.now += 0.05
    assert draw(clock, frames, 0.001) == pytest.approx(LONGEST - 0.001, abs=0.001)
