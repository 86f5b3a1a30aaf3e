"""Measures that several parts of the window agree on, in pixels."""

SIDEBAR_WIDTH = 252
PANEL_WIDTH = 300
#: The widest that a conversation's text gets, and the space at its sides.
COLUMN = 760
MARGIN = 24
