"""Where the checkout lies that the tests run in."""

from pathlib import Path

#: The folder that holds `app`, `packaging` and `tests`.
ROOT = Path(__file__).resolve().parents[1]
