"""LaTeX → a drawing. What can't be set is refused, so that its source is shown, not nonsense.

ziamath takes 4 to 16 ms for a usual formula, twice as long for each level of nesting, and draws
the names of commands that it doesn't know; so it works in a process of its own (`typesetter`),
and this module says what it is given.
"""

import re
from functools import cache
from typing import Any

import msgspec

#: Longer or deeper formulas are refused unseen.
LONGEST = 4_000
DEEPEST = 10
#: The size that everything is set in, in pixels, and the colour, which whoever paints replaces.
SIZE = 15
PLACEHOLDER_COLOUR = "#010203"

_COMMAND = re.compile(r"\\[A-Za-z]+")
_ENVIRONMENT = re.compile(r"\\begin\s*\{([^}]*)\}")
_ENVIRONMENTS = frozenset(
    (
        *("matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix"),
        *("array", "cases", "aligned", "align", "align*", "split", "gathered"),
        *("equation", "equation*"),
    )
)
#: What ziamath draws as something else.
_WRONG = frozenset(("\\cancel", "\\bcancel", "\\xcancel", "\\href"))
_ELEMENTS = re.compile(r"<(?!/?(?:svg|g|path|rect|line|polyline)\b)")
_VIEW = re.compile(r'viewBox="(\S+) (\S+) (\S+) (\S+)"')
#: Spaces and operators that no font has to have a picture of.
_UNSEEN = frozenset("\u00a0\u2009\u200a\u200b\u2002\u2003\u2004\u2005\u2061\u2062\u2063\u2064 \n\t")


class FormulaRequest(msgspec.Struct, frozen=True):
    """A formula to be set, `display` in the size of one on lines of its own."""

    latex: str
    display: bool


class Formula(msgspec.Struct, frozen=True):
    """A drawing as SVG, of paths and rectangles only. Its origin is the left end of the baseline;
    `left` and `top` are its upper left corner, in pixels at `SIZE`."""

    svg: str
    left: float
    top: float
    width: float
    height: float


class TypesettingError(Exception):
    """This LaTeX can't be set; the message says why."""


def typeset(latex: str, *, display: bool) -> Formula:
    """Draw a formula, `display` in the size of one on lines of its own. Raises Unset."""
    check(latex)
    try:
        drawn = _ziamath().Latex(latex, size=SIZE, inline=not display, color=PLACEHOLDER_COLOUR)
        _check_words(drawn)
        svg = drawn.svg()
    except TypesettingError:
        raise
    except Exception as failure:
        # Whatever a formula makes the library do, it is the formula that can't be set.
        raise TypesettingError(f"{type(failure).__name__}: {str(failure)[:200]}") from failure
    found = _VIEW.search(svg)
    if _ELEMENTS.search(svg) or "url(" in svg or "href" in svg or found is None:
        raise TypesettingError("the drawing has more than lines in it")
    left, top, width, height = map(float, found.groups())
    return Formula(svg, left, top, width, height)


def check(latex: str) -> None:
    """Refuse what is known not to work. Raises Unset."""
    if not latex.strip() or len(latex) > LONGEST:
        raise TypesettingError("nothing, or too much")
    depth = deepest = 0
    for brace in re.findall(r"\\.|[{}]", latex):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        deepest = max(deepest, depth)
        if depth < 0:
            break
    if depth or deepest > DEEPEST:
        raise TypesettingError("the braces don't match, or are nested too deeply")
    if wrong := _WRONG.intersection(_COMMAND.findall(latex)):
        raise TypesettingError(f"not drawn as it should be: {min(wrong)}")
    for name in _ENVIRONMENT.findall(latex):
        if name not in _ENVIRONMENTS:
            raise TypesettingError(f"unknown environment: {name}")


def _check_words(drawn: Any) -> None:
    """Refuse names of commands that would be drawn as they are, and signs without a picture."""
    for word in drawn.mathml.itertext():
        if found := _COMMAND.search(word):
            raise TypesettingError(f"unknown command: {found.group()}")
        for sign in word:
            if sign not in _UNSEEN and not drawn.font.glyphindex(sign):
                raise TypesettingError(f"no picture of {sign}")


@cache
def _ziamath() -> Any:
    import ziamath

    # Qt reads SVG 1.1.
    ziamath.config.svg2 = False  # type: ignore[attr-defined]
    return ziamath
