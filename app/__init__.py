"""Loquat: a native desktop chat application for language models."""

from pathlib import Path

__version__ = "0.1.0"
#: The directory that holds the `app` package: child processes need it on their path, and
#: `resources` lies in it.
ROOT = Path(__file__).resolve().parents[1]
