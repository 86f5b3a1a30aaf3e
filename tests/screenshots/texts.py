"""What the pictures show: every kind of Markdown, several scripts, an answer that streams."""

import json

MARKDOWN = """\
# A loquat tree

Loquats are **sweet**, *slightly* sour, ~~never bitter~~, and `Eriobotrya japonica` to a botanist. \
More on [their history](https://example.org/loquat), in 日本語のテキスト, in النص العربي, and 🍊🌳.

## Planting

- Choose a place that has sun for at least half of the day, and room for a crown of five metres
- Dig a hole
  - twice as wide as the root
  - just as deep
    1. loosen the ground
    2. water it
- [x] planted
- [ ] harvested

> A tree is best planted **twenty years ago**.
>
> > The second best time is now.

```python
def harvest(tree: Tree, year: int) -> list[Fruit]:
    \"\"\"Take what is ripe.\"\"\"
    return [fruit for fruit in tree.fruits if fruit.ripe_in(year)]
```

| Sort | Harvest | Price |
|:-----|:-------:|------:|
| Tanaka | May | $1.20 |
| Mogi | April | $4.80 |
| Champagne, *white flesh* | `late` April | $10.00 |

---

The yield is about $y = a \\sqrt{n}$, at $5 to $6 a kilogram:

$$\\int_0^n a \\sqrt{t}\\, dt = \\tfrac{2}{3} a n^{3/2}$$

1. Pick
2. Wash
3. Eat
"""

LONG_CODE = (
    "Here it is, with something hidden:\n\n```python\n"
    'if level != "user\u202e \u2066# check\u2069 \u2066":  # \u200badmin\n    grant()\n```\n\n'
    "And the rest:\n\n```javascript\n"
    + "".join(f"const step{n} = await harvest({n}, 'ripe'); // tree {n}\n" for n in range(48))
    + "```\n\nThat is all.\n"
)
ARABIC = "اكتب لي قصيدة قصيرة عن المطر، مع كلمة English في الوسط."
CHINESE = "请用三句话解释量子纠缠，然后用表情符号总结。🌧️🔗"

REASONING = """\
The person wants a short answer. Entanglement is a correlation between parts of a system that \
no description of the parts alone can give.

I should avoid saying that anything travels faster than light."""


def chunk(**delta: str) -> bytes:
    """One event of a stream."""
    said = {"id": "gen-1", "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    return b"data: " + json.dumps(said).encode() + b"\n\n"


def ending() -> bytes:
    """The events that end a stream, with what was used."""
    finish = {
        "id": "gen-1",
        "provider": "DeepInfra",
        "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 812, "completion_tokens": 420, "cost": 0.00213},
    }
    return b"data: " + json.dumps(finish).encode() + b"\n\ndata: [DONE]\n\n"


MATHEMATICS = r"""A quadratic formula, inline $x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}$ on its line,
and as \(e^{i\pi} + 1 = 0\).

$$\begin{pmatrix} \cos\theta & -\sin\theta \\ \sin\theta & \cos\theta \end{pmatrix}
\begin{pmatrix} x \\ y \end{pmatrix}$$

\[ \sum_{n=1}^{\infty} \frac{1}{n^2} = \frac{\pi^2}{6} \qquad \lim_{x \to 0} \frac{\sin x}{x} = 1 \]

It costs $5 to $6, and `$HOME` is code. What can't be set is shown as it came: $\notacommand{x}$.
"""

WIDE = (
    "A table that is wider than the column moves sideways by itself:\n\n"
    + "| " + " | ".join(f"Column {n}" for n in range(1, 13)) + " |\n"
    + "|" + "---|" * 12 + "\n"
    + "".join(
        "| " + " | ".join(f"row {row}, cell {n}" for n in range(1, 13)) + " |\n"
        for row in range(1, 5)
    )
    + "\nAnd after it the text goes on as wide as it was.\n"
)  # fmt: skip

LIMITS = {
    "line": "x" * 1_000_000,
    "table": "| n | what |\n|--:|---|\n" + "".join(f"| {n} | row |\n" for n in range(10_000)),
    "nesting": "> " * 1_000 + "so deep\n\n" + "- " * 60 + "as deep\n",
    "code": "```python\n" + "value = compute(1)  # again\n" * 180_000 + "```\n",
    "list": "".join(f"- item {n}\n" for n in range(100_000)),
    "images": "![a](https://example.org/a.png) and " + "![" * 50_000,
    "unseen": (
        "A [link\u202e](https://example.org/\u202egpj.exe) and `rm\u200b -rf \u2066x\u2069`, "
        "NUL \x00, half a character \ud83d, \x1b[31mcolour\x1b[0m.\n\n"
        "https://\u0430pple.example/ looks like another.\n"
    ),
    "html": "<script>alert(1)</script>\n\n<img src='file:///etc/passwd' onerror=x>\n",
}

CALL = '{"place": "Valencia", "days": 3, "units": {"temperature": "celsius", "rain": "mm"}}'
