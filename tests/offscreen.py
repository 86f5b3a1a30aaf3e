"""A screen without a display for tests, benchmarks and pictures: large enough for the main window,
which is never larger than its screen. Qt's own offscreen screen has 800 × 800 pixels."""

import os
from pathlib import Path

#: Describes the screen, in the format of Qt's offscreen platform.
SCREENS = Path(__file__).with_name("screens.json")


def qt_platform() -> str:
    """Return the value of QT_QPA_PLATFORM with which Qt draws offscreen, unless the environment
    names a real platform."""
    named = os.environ.get("QT_QPA_PLATFORM", "offscreen")
    return f"offscreen:configfile={SCREENS}" if named == "offscreen" else named
