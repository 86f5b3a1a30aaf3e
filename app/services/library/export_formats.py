"""The file formats of an export, without the modules that write them.

The command line's parser needs the names alone, and reads them before anything else is loaded.
"""

from app.formats.table import BY_NAME, FORMATS

__all__ = ["BY_NAME", "FORMATS"]
