"""Formulas: what is drawn, and what is refused so that its source is shown."""

import json
import re
import subprocess
import sys

import pytest

from app.markup.typesetting import LONGEST, PLACEHOLDER_COLOUR, TypesettingError, typeset

# ziamath reads its font in a way that Python will give up.
pytestmark = pytest.mark.filterwarnings("ignore:path is deprecated")


@pytest.mark.parametrize(
    "latex",
    [
        r"E = mc^2",
        r"\frac{-b \pm \sqrt{b^2 - 4ac}}{2a}",
        r"\sum_{i=1}^n i",
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
        r"\begin{cases} a & x > 0 \\ b & x \le 0 \end{cases}",
        r"\text{if } x \in \mathbb{R}",
        r"\left.\frac{a}{b}\right|_{x=0}",
        r"\{a\} \| \$5 \%",
    ],
)
def test_usual_formulas_are_drawn(latex: str) -> None:
    drawn = typeset(latex, display=False)
    assert drawn.top < 0 < drawn.top + drawn.height
    assert drawn.width > 5
    assert PLACEHOLDER_COLOUR in drawn.svg


@pytest.mark.parametrize(
    ("latex", "why"),
    [
        (r"\foo x", "unknown command: \\foo"),
        (r"\begin{foo}a\end{foo}", "unknown environment: foo"),
        (r"\frac{a", "braces"),
        (r"a}{b", "braces"),
        (r"\text{日本}", "no picture of 日"),
        (r"\href{file:///etc/passwd}{x}", "not drawn as it should be"),
        (r"\input{/etc/passwd}", "unknown command"),
        (r"\cancel{x}", "not drawn as it should be"),
        ("x_{", "braces"),
        ("x^", "SuperScript"),
        ("", "nothing"),
        ("{" * 11 + "x" + "}" * 11, "too deeply"),
        ("x+" * LONGEST, "too much"),
        ("\x00", "not well-formed"),
        (r"\left( x", "MissingRight"),
    ],
)
def test_what_cannot_be_set_is_refused(latex: str, why: str) -> None:
    with pytest.raises(TypesettingError, match=re.escape(why)):
        typeset(latex, display=True)


def test_a_formula_on_its_own_lines_is_larger() -> None:
    latex = r"\sum_{i=1}^n i"
    assert typeset(latex, display=True).height > typeset(latex, display=False).height


def test_the_process_answers_line_by_line_and_ends_with_its_input() -> None:
    wanted = [{"latex": "x", "display": False}, {"latex": r"\nope", "display": True}]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "app.markup.typesetter"],
        input="".join(json.dumps(one) + "\n" for one in wanted),
        env={},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["svg"].startswith("<svg")
    assert second is None
    assert done.stderr == ""
