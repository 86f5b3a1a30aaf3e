"""A slider of the parameters: what a move of it costs, with bars and strip painted anew."""

import math
import random
from array import array
from collections.abc import Iterator
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.providers.providers import ProviderKind
from app.domain.tokens.token_table import TokenTable, Word
from app.ui.lab.side_panel import SidePanel
from app.ui.lab.what_if.what_if import WhatIf
from app.ui.theme.theme import Theme
from tests.benchmarks.lengths import length
from tests.benchmarks.result import Result, Sample
from tests.benchmarks.screen import application, cost, high, shown

TOKENS, ALTERNATIVES, VOCABULARY = length(4000, 40), 20, 49_152
#: Moves of a slider from one end to the other.
MOVES = length(100, 2)
#: What moves candidates, beside what cuts them off.
SHIFTS = {
    "presence_penalty": 0.5,
    "frequency_penalty": 0.5,
    "repetition_penalty": 1.1,
    "logit_bias": {str(number * 100): -5.0 + number for number in range(10)},
}
#: Milliseconds of the main thread that a move may take.
LIMIT = 8.0


def table(tokens: int = TOKENS, alternatives: int = ALTERNATIVES) -> TokenTable:
    """An answer as a language model makes it: some tokens sure, some with many rivals."""
    dice = random.Random(5)
    words = [Word(f" word{number}", None, number) for number in range(5000)]
    chosen, chosen_logprobs = array("I"), array("f")
    numbers, logprobs, bounds = array("I"), array("f"), array("I", [0])
    for _token in range(tokens):
        steepness = dice.choice((0.3, 0.8, 2.0, 4.0))
        weights = sorted((math.exp(steepness * dice.gauss(0, 1)) for _ in range(60)), reverse=True)
        whole = sum(weights)
        shares = [math.log(weight / whole) for weight in weights[:alternatives]]
        places = dice.sample(range(len(words)), alternatives)
        came = dice.randrange(min(3, alternatives))
        chosen.append(places[came])
        chosen_logprobs.append(shares[came])
        numbers.extend(places)
        logprobs.extend(shares)
        bounds.append(len(numbers))
    return TokenTable(
        words=words,
        chosen=chosen,
        chosen_logprobs=chosen_logprobs,
        reasoning=bytes(tokens),
        bounds=bounds,
        alternatives=numbers,
        logprobs=logprobs,
    )


def moves() -> Iterator[dict[str, Any]]:
    """Temperature, the cuts and the penalties, each from one end to the other beside the others;
    with the penalties all of them are set, and some biases."""
    settled = {"temperature": 0.8, "top_k": 40, "top_p": 0.95, "min_p": 0.05}
    for number in range(6 * MOVES):
        share = (number % MOVES) / MOVES
        moved: tuple[dict[str, Any], ...] = (
            {"temperature": 2 * share},
            {"top_p": 0.01 + 0.99 * share},
            {"min_p": share},
            {"top_k": 1 + int(share * 40)},
            {**SHIFTS, "presence_penalty": 2 * share},
            {**SHIFTS, "repetition_penalty": 1 + share},
        )
        yield {**settled, **moved[number // MOVES]}


def whatif() -> Result:
    """Milliseconds a move of a slider, against what it may take."""
    answer = table()
    theme = Theme(application(), "light")
    side = SidePanel(QWidget(), {"face": "lab"})
    lab = WhatIf(theme, side, lambda _message: answer)
    lab.show_provider(ProviderKind.EMBEDDED, {}, VOCABULARY)
    with shown(side):
        side.resize(488, 800)
        lab.show_answer("answer")
        application().processEvents()
        figures = [cost(lab.show_values, values) for values in moves()]
    mine = Sample(figures)
    return Result(
        "whatif",
        high(figures),
        LIMIT,
        "ms",
        f"a move of a slider, bars and strip of {TOKENS} tokens worked out and painted, 99th "
        f"percentile, against {LIMIT:.0f} ms; {len(figures)} moves, middle {mine.middle:.1f}, "
        f"{mine.spread(1)}",
    )
