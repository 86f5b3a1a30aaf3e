"""Probabilities in the conversation: what a heat map costs to paint, and what is kept of it."""

import random
import statistics
import time

from app.domain.chat.conversation import Message, Role
from app.domain.events import Candidate, TokenProbabilities
from app.domain.tokens.token_positions import places_of
from app.domain.tokens.token_table import TokenTable
from app.store.probabilities import pack, unpack
from app.ui.lab.heat_map.heat_scale import HeatMeasure, steps_of
from app.ui.transcript.heat.heat_map import MessageHeatMap
from app.ui.transcript.view import TranscriptView
from tests.benchmarks.lengths import length
from tests.benchmarks.result import Result, Sample
from tests.benchmarks.screen import application, around, cost, transcript

TOKENS, ALTERNATIVES = length(4000, 120), 20
ROUNDS = length(40, 2)
#: What the probabilities of such an answer may take: bytes, and milliseconds to be read.
MOST_BYTES, MOST_MS = 400_000, 20.0
#: How much more a screen may cost with its heat map than without.
MOST_TIMES = 2.0


def answer() -> tuple[str, TokenTable]:
    """A Markdown answer of so many tokens, with twenty alternatives each."""
    dice = random.Random(3)
    words = [f" word{number}" for number in range(3000)]
    tokens: list[TokenProbabilities] = []
    for number in range(TOKENS):
        if number % 60 == 59:
            text = "\n\n"
        else:
            text = dice.choice(words)
            text = f" **{text.strip()}**" if number % 11 == 0 else text
        others = dice.sample(words, ALTERNATIVES - 1)
        logprobs = sorted(
            (-abs(dice.gauss(0, 4)) - 0.01 for _ in range(ALTERNATIVES)), reverse=True
        )
        candidates = [
            Candidate(one, logprob, one.encode(), hash(one) % 49_152)
            for one, logprob in zip([text, *others], logprobs, strict=True)
        ]
        tokens.append(TokenProbabilities(candidates[0], tuple(candidates)))
    return "".join(one.chosen.token for one in tokens), TokenTable.of(tokens)


def heatmap() -> Result:
    """A painted screen of the answer with its heat map, against one without."""
    text, table = answer()
    heat = MessageHeatMap(places_of(table, text), steps_of(table, HeatMeasure.PROBABILITY))
    with transcript() as view:
        view.show_path([Message("a", None, Role.ASSISTANT, text, 1.0)], around)
        application().processEvents()
        plain, warm = [], []
        for number in range(ROUNDS):
            # By turns, so that the noise is the same for both.
            view.heating.show(None)
            _scroll(view, number)
            plain.append(_painted(view))
            view.heating.show(lambda _message: heat)
            _scroll(view, number)
            warm.append(_painted(view))
    mine, theirs = statistics.median(warm), statistics.median(plain)
    return Result(
        "heatmap",
        mine,
        theirs * MOST_TIMES,
        "ms",
        f"a screen of an answer of {TOKENS} tokens painted with its heat map, middle, against "
        f"twice that without one, {theirs:.2f} ms; {ROUNDS} screens, {Sample(warm).spread(1)}",
    )


def probabilities() -> Result:
    """What is kept of the answer's probabilities and read again, against what it may take."""
    _text, table = answer()
    packed = pack(table)
    figures = []
    for _round in range(ROUNDS):
        began = time.thread_time()
        unpack(packed)
        figures.append((time.thread_time() - began) * 1000)
    mine = Sample(figures)
    share = max(len(packed) / MOST_BYTES, mine.middle / MOST_MS)
    return Result(
        "probabilities",
        share,
        1.0,
        "of the limit",
        f"probabilities of {TOKENS} tokens with {ALTERNATIVES} alternatives: {len(packed):,} of "
        f"{MOST_BYTES:,} bytes, read in {mine.middle:.1f} of {MOST_MS:.0f} ms",
    )


def _scroll(view: TranscriptView, number: int) -> None:
    bar = view.verticalScrollBar()
    bar.setValue(number * bar.maximum() // ROUNDS)
    application().processEvents()


def _painted(view: TranscriptView) -> float:
    return cost(view.viewport().repaint)
