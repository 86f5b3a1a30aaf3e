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
