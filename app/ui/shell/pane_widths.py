"""Widths of the main window's panes in pixels, worked out from the width of the window."""

from app.ui.common.measures import PANEL_WIDTH, SIDEBAR_WIDTH

#: Width of the window below which the sidebar and the panel are drawers over the conversation.
NARROW = 900
#: Smallest widths beside one another. A pane whose contents need more is wider.
SIDEBAR_LEAST, CONVERSATION_LEAST, PANEL_LEAST = 180, 420, 260
#: Width of the line between two panes.
LINE = 1
#: Width of the conversation that a drawer leaves uncovered, so that a click there can close it.
BESIDE_DRAWER = 48

#: Width of a pane before the person has changed it, for the sidebar and the panel.
DEFAULTS = (SIDEBAR_WIDTH, PANEL_WIDTH)


def shared(window: int, wanted: tuple[int, int], least: tuple[int, int]) -> tuple[int, int]:
    """Return the widths of the sidebar and the panel, given the wanted ones (0 for a pane that is
    hidden) and the smallest ones. The conversation has the rest of the window: CONVERSATION_LEAST
    or more, for which first the sidebar and then the panel gives way."""
    sidebar, panel = wanted
    room = window - CONVERSATION_LEAST - LINE * ((sidebar > 0) + (panel > 0))
    if sidebar:
        sidebar = max(least[0], min(sidebar, room - panel))
    if panel:
        panel = max(least[1], min(panel, room - sidebar))
    return sidebar, panel


def drawer_width(window: int, wanted: int, least: int) -> int:
    """Return the width of a drawer, given the wanted and the smallest one."""
    return min(max(wanted, least), window - BESIDE_DRAWER)
