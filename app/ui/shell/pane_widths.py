"""Widths of the main window's panes in pixels, worked out from the width of the window and from
the text size."""

from collections.abc import Callable
from typing import NamedTuple

from app.ui.common.measures import PANEL_WIDTH, SIDEBAR_WIDTH

#: Width of the window below which the sidebar and the panel are drawers over the conversation.
NARROW = 900
#: Smallest widths beside one another. A pane whose contents need more is wider.
SIDEBAR_LEAST, CONVERSATION_LEAST, PANEL_LEAST = 180, 560, 260
#: Width of the line between two panes.
LINE = 1
#: Width of the conversation that a drawer leaves uncovered, so that a click there can close it.
BESIDE_DRAWER = 48


class PaneWidths(NamedTuple):
    """The widths above at a text size. `usual` and `least` are of the sidebar and the panel."""

    narrow: int
    usual: tuple[int, int]
    least: tuple[int, int]
    conversation: int

    @classmethod
    def at(cls, scaled: Callable[[int], int]) -> "PaneWidths":
        """Return the widths at a text size; see `Theme.scaled`."""
        return cls(
            narrow=scaled(NARROW),
            usual=(scaled(SIDEBAR_WIDTH), scaled(PANEL_WIDTH)),
            least=(scaled(SIDEBAR_LEAST), scaled(PANEL_LEAST)),
            conversation=scaled(CONVERSATION_LEAST),
        )

    def without_room(
        self, window: int, shown: tuple[bool, bool], least: tuple[int, int], panel: int
    ) -> list[bool]:
        """Return for the sidebar and the panel whether there is no room for it beside the
        conversation in a window. `shown` are the panes that are wanted, `least` their smallest
        widths, `panel` the width that the panel's contents ask for. The sidebar makes room for the
        panel."""
        if window < self.narrow:
            return [True, True]
        room = window - self.conversation
        no_panel = room < least[1] + LINE
        taken = max(least[1], panel) + LINE if shown[1] and not no_panel else 0
        return [room - taken < least[0] + LINE, no_panel]

    def shared(self, window: int, wanted: tuple[int, int], least: tuple[int, int]) -> list[int]:
        """Return the widths of the sidebar and the panel in a window, given the wanted ones (0 for
        a pane that is hidden) and the smallest ones. The conversation keeps its smallest width, for
        which first the sidebar and then the panel gives way."""
        sidebar, panel = wanted
        room = window - self.conversation - LINE * ((sidebar > 0) + (panel > 0))
        if sidebar:
            sidebar = max(least[0], min(sidebar, room - panel))
        if panel:
            panel = max(least[1], min(panel, room - sidebar))
        return [sidebar, panel]


def drawer_width(window: int, wanted: int, least: int) -> int:
    """Return the width of a drawer, given the wanted and the smallest one."""
    return min(max(wanted, least), window - BESIDE_DRAWER)
