"""Typesets a LaTeX formula as an SVG drawing, with ziamath.

Formulas that ziamath would draw wrongly are refused, so that the reader sees the LaTeX source
instead of a wrong formula. ziamath takes 4 to 16 ms for a usual formula and twice as long for
each level of nesting, and it draws the names of unknown commands as text. Therefore `typesetter`
runs this module in a child process.
"""

import re
from functools import cache
from typing import Any

import msgspec

#: Formulas with more characters than LONGEST, or with braces nested deeper than DEEPEST, are
#: refused before ziamath is called.
LONGEST = 4_000
DEEPEST = 10
#: Font size of every drawing, in pixels, and its colour, which is replaced when it is painted.
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
#: Commands that ziamath draws wrongly.
_WRONG = frozenset(("\\cancel", "\\bcancel", "\\xcancel", "\\href"))
_ELEMENTS = re.compile(r"<(?!/?(?:svg|g|path|rect|line|polyline)\b)")
_VIEW = re.compile(r'viewBox="(\S+) (\S+) (\S+) (\S+)"')
#: White space and invisible operators, for which a font needs no glyph.
_UNSEEN = frozenset("\u00a0\u2009\u200a\u200b\u2002\u2003\u2004\u2005\u2061\u2062\u2063\u2064 \n\t")


class FormulaRequest(msgspec.Struct, frozen=True):
    """A request to typeset a formula: its LaTeX without delimiters, and whether it is a display
    formula (larger, on lines of its own) or an inline one."""

    latex: str
    display: bool


class Formula(msgspec.Struct, frozen=True):
    """A typeset formula: an SVG drawing that contains only shapes, no text, links or images.

    `left`, `top`, `width` and `height` are its bounding box in pixels, for a font of `SIZE`
    pixels. The origin is the left end of the baseline, so that `top` is usually negative.
    """

    svg: str
    left: float
    top: float
    width: float
    height: float


class TypesettingError(Exception):
    """The formula can't be typeset; the message says why."""


def typeset(latex: str, *, display: bool) -> Formula:
    """Return the drawing of a formula. Raises TypesettingError.

    `display` selects the larger size of formulas on lines of their own.
    """
    check(latex)
    try:
        drawn = _ziamath().Latex(latex, size=SIZE, inline=not display, color=PLACEHOLDER_COLOUR)
        _check_words(drawn)
        svg = drawn.svg()
    except TypesettingError:
        raise
    except Exception as failure:
        # ziamath raises many kinds of exceptions for LaTeX that it can't parse.
        raise TypesettingError(f"{type(failure).__name__}: {str(failure)[:200]}") from failure
    view = _VIEW.search(svg)
    if _ELEMENTS.search(svg) or "url(" in svg or "href" in svg or view is None:
        raise TypesettingError("the drawing has more than lines in it")
    left, top, width, height = map(float, view.groups())
    return Formula(svg, left, top, width, height)


def check(latex: str) -> None:
    """Check the LaTeX source of a formula before it is drawn.

    Raises TypesettingError if it is empty, too long, too deeply nested, has unbalanced braces, or
    uses a command or environment that ziamath doesn't draw correctly.
    """
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
    """Check a drawing for names of unknown commands, which ziamath draws as text, and for
    characters that its font has no glyph for. Raises TypesettingError."""
    for word in drawn.mathml.itertext():
        if command := _COMMAND.search(word):
            raise TypesettingError(f"unknown command: {command.group()}")
        for sign in word:
            if sign not in _UNSEEN and not drawn.font.glyphindex(sign):
                raise TypesettingError(f"no picture of {sign}")


@cache
def _ziamath() -> Any:
    import ziamath

    # Qt understands SVG 1.1 only.
    ziamath.config.svg2 = False  # type: ignore[attr-defined]
    return ziamath
