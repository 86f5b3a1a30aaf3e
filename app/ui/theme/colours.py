"""All colours of the program, one set for light and one for dark. A test checks the contrasts."""

from typing import NamedTuple


class Colours(NamedTuple):
    """A set of colours, each as `#rrggbb`. Text has a contrast of at least 4.5:1 on `base`,
    `side`, `bubble` and `code`."""

    dark: bool
    base: str  # background of the conversation
    side: str  # background of the sidebar and the panel
    raised: str  # background of fields and buttons
    hover: str
    selected: str  # background of the selected row of a list
    bubble: str  # background of the person's messages
    code: str  # background of code blocks
    code_keyword: str  # text colours of highlighted code, on `code`
    code_name: str
    code_type: str
    code_string: str
    code_number: str
    code_comment: str
    code_added: str
    code_removed: str
    text: str
    muted: str  # labels, times, help
    link: str
    line: str  # lines between panes; decoration only
    scroll: str  # handles of scroll bars; the mouse makes them `control`
    control: str  # outlines of fields and sliders, at least 3:1
    accent: str
    on_accent: str
    raw: str  # fill of a raw-probability bar; its outline `raw_line` has the contrast
    raw_line: str
    cuts: tuple[str, ...]  # lines and names of the samplers' cut-offs
    warning: str
    warning_base: str
    selection: str  # background of selected text
    found: str  # background of search matches
    found_here: str  # background of the current search match
    heat: tuple[str, ...]  # background of tokens, from likely to surprising


LIGHT = Colours(
    dark=False,
    base="#ffffff",
    side="#f6f5f2",
    raised="#ffffff",
    hover="#ebe9e4",
    selected="#e6e1d8",
    bubble="#f5efe6",
    code="#f6f5f2",
    code_keyword="#9a3412",
    code_name="#1d4f91",
    code_type="#0f6b66",
    code_string="#3f6212",
    code_number="#86198f",
    code_comment="#625d55",
    code_added="#1a6b2d",
    code_removed="#a82219",
    text="#1d1c1a",
    muted="#615d56",
    link="#8f4206",
    line="#e4e1da",
    scroll="#cfcac0",
    control="#88837a",
    accent="#b04a08",
    on_accent="#ffffff",
    raw="#eadfce",
    raw_line="#94856c",
    cuts=("#1d4f91", "#0f6b66", "#86198f", "#7a5200"),
    warning="#a82219",
    warning_base="#fcefed",
    selection="#f8d9ba",
    found="#fdf0b0",
    found_here="#fbc53a",
    heat=("#eef3fc", "#d9e5fa", "#c0d5f7", "#a6c4f4", "#8ab1f0", "#6e9dea"),
)

DARK = Colours(
    dark=True,
    base="#1b1a19",
    side="#151413",
    raised="#242321",
    hover="#2a2826",
    selected="#353230",
    bubble="#2b2724",
    code="#232120",
    code_keyword="#f0a05a",
    code_name="#8ab8f0",
    code_type="#7fd1c7",
    code_string="#b5d48a",
    code_number="#e3a6e8",
    code_comment="#ada89f",
    code_added="#8fd19e",
    code_removed="#ff9d92",
    text="#ebe8e3",
    muted="#ada89f",
    link="#f3b077",
    line="#302e2b",
    scroll="#45423e",
    control="#7f7a72",
    accent="#f0a05a",
    on_accent="#1b1209",
    raw="#3d342a",
    raw_line="#857664",
    cuts=("#8ab8f0", "#7fd1c7", "#e3a6e8", "#e0b860"),
    warning="#ff9d92",
    warning_base="#3a201d",
    selection="#553619",
    found="#453d11",
    found_here="#7d6200",
    heat=("#1f2735", "#23324a", "#283e60", "#2d4b78", "#325891", "#3765aa"),
)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour `#rrggbb`, 0 to 1 (WCAG 2.2, definition of relative
    luminance)."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours `#rrggbb`, 1 to 21 (WCAG 2.2)."""
    brighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)
