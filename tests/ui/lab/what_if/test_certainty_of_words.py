"""Each sentence and figure of the what-if bars says whether it is exact, a bound or an estimate.

The table has a case for each: what is known (all of the probability, or a part), the words, and the
marks that they have or must not have.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from app.domain.events import TokenProbabilities
from app.domain.providers.providers import KINDS, ProviderKind
from app.domain.sampling.certainty import effective_bounds, with_causes
from app.domain.sampling.one_token import distribution
from app.domain.sampling.samplers import (
    Distribution,
    Outcome,
    Sampler,
    SamplerOrder,
    SamplerSettings,
)
from app.domain.sampling.whole_answer import AnswerSampling
from app.domain.tokens.token_table import TokenTable
from app.ui.lab.what_if.answer_sentences import cut_words, effective_words
from app.ui.lab.what_if.answer_sentences import stay_words as answer_words
from app.ui.lab.what_if.outcome_words import rest_words, result_words, spoken_result
from app.ui.lab.what_if.sampler_table import line_words
from app.ui.lab.what_if.sentences import (
    Doubt,
    certainty_words,
    estimate_words,
    order_words,
    range_words,
    stay_words,
)
from tests.ui.lab.lab_values import WORDS, token

LLAMA, VLLM = KINDS[ProviderKind.LLAMA_CPP].sampler_order, KINDS[ProviderKind.VLLM].sampler_order
#: Shares that add up to 1, and to 0.6: the rest was not captured.
WHOLE, PART = (0.4, 0.3, 0.15, 0.1, 0.05), (0.3, 0.12, 0.09, 0.05, 0.04)


def position(shares: tuple[float, ...]) -> TokenProbabilities:
    return token(WORDS, shares, chosen=0)


def after(
    shares: tuple[float, ...], settings: SamplerSettings, order: SamplerOrder = LLAMA
) -> Distribution:
    found = distribution(position(shares), settings, order, vocabulary=1000)
    return with_causes(found, settings, order, captured=len(shares))


def result(
    shares: tuple[float, ...], settings: SamplerSettings, order: SamplerOrder, place: int
) -> str:
    return words_of(after(shares, settings, order).outcomes[place])


def words_of(outcome: Outcome) -> str:
    return f"{result_words(outcome)} | {spoken_result(outcome)}"


def kept_words(
    shares: tuple[float, ...], settings: SamplerSettings, order: SamplerOrder = LLAMA
) -> str:
    found = after(shares, settings, order)
    likely = sum(one.cut is None for one in found.outcomes)
    stay = stay_words(found, likely, len(shares))
    return f"{stay}. {certainty_words(found, len(shares), Doubt.NONE)}"


def cut_label(shares: tuple[float, ...], settings: SamplerSettings, order: SamplerOrder) -> str:
    def seen(step: Sampler) -> list[float]:
        before = replace(order, steps=order.steps[: order.steps.index(step)])
        found = distribution(position(shares), settings, before, bounded=False)
        return sorted((one.probability for one in found.outcomes), reverse=True)

    return line_words(Sampler.TOP_P, settings, seen, 2)[1]


def strip_words(shares: tuple[float, ...], settings: SamplerSettings) -> str:
    found = after(shares, settings)
    bounds = effective_bounds(found, listed=len(shares), vocabulary=1000)
    before = estimate_words(found.effective_before, bounds.before)
    then = estimate_words(found.effective_after, bounds.after)
    return f"{before}, then {then} ({range_words(*bounds.before)}; {range_words(*bounds.after)})"


def of_answer(shares: tuple[float, ...], settings: SamplerSettings, *, certain: bool) -> str:
    sampling = AnswerSampling(TokenTable.of([position(shares)] * 4), 1000)
    found = sampling.after(settings, LLAMA)
    return f"{answer_words(found, 5, 1000, certain=certain)} {effective_words(found)}"


WARM_TOP_P = SamplerSettings(temperature=1.2, top_p=0.3)
#: What top_p leaves of the fourth candidate, min_p surely drops.
BOTH = SamplerSettings(temperature=1.2, top_p=0.3, min_p=0.25)
TOP_P_FIRST = SamplerOrder(
    (Sampler.TEMPERATURE, Sampler.TOP_P, Sampler.MIN_P), known=True, source=""
)


@dataclass(frozen=True)
class Case:
    """A sentence, the words that it has, and the marks that it has not."""

    name: str
    words: Callable[[], str]
    has: tuple[str, ...]
    lacks: tuple[str, ...] = ("≈", "likely", "about", "?")


CASES = (
    # A candidate's result.
    Case(
        "exact share",
        lambda: result(WHOLE, SamplerSettings(0.5), LLAMA, 1),
        ("%", "with parameters "),
    ),
    Case(
        "share between bounds",
        lambda: result(PART, SamplerSettings(1.6), LLAMA, 1),
        ("≈", " to ", "likely"),
        (),
    ),
    Case(
        "certain cut, certain cause",
        lambda: result(PART, SamplerSettings(top_k=2), LLAMA, 3),
        ("Top K | dropped by Top K",),
    ),
    Case(
        "surely cut, the cause only likely",
        lambda: result(PART, BOTH, TOP_P_FIRST, 3),
        ("Top P? | dropped, likely by Top P",),
        ("≈",),
    ),
    Case(
        "cut only in the likely case",
        lambda: result(PART, WARM_TOP_P, VLLM, 2),
        ("≈0 % | likely dropped by Top P, at most 20",),
        ("with parameters 0 %",),
    ),
    Case(
        "bound of a token without a probability",
        lambda: words_of(Outcome(0.0, 0.0, 0.0, 0.03, None, known=False)),
        ("≤ 3.0 % | with parameters 0 % to 3.0 %",),
    ),
    Case(
        "cut of a token without a probability",
        lambda: words_of(Outcome(0.0, 0.0, 0.0, 0.0, Sampler.TOP_K, known=False)),
        ("Top K | dropped by Top K",),
    ),
    # Everything else.
    Case("bound of the rest", lambda: rest_words(Outcome(0.4, 0.5, 0.0, 0.5, None)), ("≤ 50.0 %",)),
    Case("no rest", lambda: rest_words(Outcome(0.4, 0.0, 0.0, 0.0, None)), ("0 %",), ("≤", "≈")),
    # How many stay.
    Case(
        "exact number that stays",
        lambda: kept_words(WHOLE, SamplerSettings(top_k=2)),
        ("2 of the top 5 stay. Exact",),
    ),
    Case(
        "number that stays between bounds",
        lambda: kept_words(PART, WARM_TOP_P, VLLM),
        ("≈2 of the top 5 stay (2 to 4).",),
        ("Exact",),
    ),
    # The line of a cut.
    Case(
        "sum as the server gave it",
        lambda: cut_label(PART, SamplerSettings(top_p=0.9), LLAMA),
        ("Σ 42",),
    ),
    Case("sum of estimates", lambda: cut_label(PART, WARM_TOP_P, VLLM), ("Σ ≈",), ()),
    Case("sum of all", lambda: cut_label(WHOLE, WARM_TOP_P, VLLM), ("Σ ",)),
    # Candidates in effect.
    Case("exact figures of a token", lambda: strip_words(WHOLE, SamplerSettings(0.5)), ("then",)),
    Case(
        "estimates with bounds", lambda: strip_words(PART, SamplerSettings(1.6)), ("≈", " to "), ()
    ),
    # The whole answer.
    Case(
        "certain median",
        lambda: of_answer(WHOLE, SamplerSettings(top_k=2), certain=True),
        ("2 of 1,000 tokens stay",),
    ),
    Case(
        "estimated median",
        lambda: of_answer(PART, SamplerSettings(1.6), certain=False),
        ("≈", "choices"),
        (),
    ),
    # How many of the answer's own tokens are cut.
    Case("none is cut", lambda: cut_words(0, 0, 40, certain=True), ("None of the answer's 40",)),
    Case(
        "a certain number is cut",
        lambda: cut_words(3, 0, 40, certain=True),
        ("3 of the answer's 40",),
    ),
    Case(
        "none is surely cut",
        lambda: cut_words(0, 25, 40, certain=True),
        ("Up to 25 of the answer's 40",),
        ("None",),
    ),
    Case(
        "some are surely cut",
        lambda: cut_words(3, 25, 40, certain=True),
        ("3 to 28 of the answer's 40",),
    ),
    Case(
        "some are likely cut",
        lambda: cut_words(3, 25, 40, certain=False),
        ("≈3 of the answer's 40",),
        (),
    ),
    Case("likely none is cut", lambda: cut_words(0, 2, 40, certain=False), ("Probably none",), ()),
    # The order of the samplers.
    Case(
        "known order",
        lambda: order_words(LLAMA, SamplerSettings(0.5, top_k=2)),
        ("llama.cpp's order",),
    ),
    Case(
        "guessed order",
        lambda: order_words(
            KINDS[ProviderKind.OPENAI].sampler_order, SamplerSettings(0.5, top_p=0.5)
        ),
        ("order unknown", "hold only for this order"),
        (),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_words_say_how_certain_they_are(case: Case) -> None:
    words = case.words()
    for wanted in case.has:
        assert wanted in words, words
    for unwanted in case.lacks:
        assert unwanted not in words, words
