"""Widths and margins that several parts of the window share, in device-independent pixels."""

SIDEBAR_WIDTH = 252
PANEL_WIDTH = 384
#: Widest column of message text, and the margin on each side of it.
COLUMN = 760
MARGIN = 24
