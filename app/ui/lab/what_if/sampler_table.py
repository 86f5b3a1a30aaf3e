"""The table of samplers for the screen: the line of each cut, and a sentence for each parameter."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from app.domain.sampling.samplers import FACTS, Effect, Sampler, SamplerOrder, SamplerSettings
from app.domain.sampling.whole_answer import After, AnswerSampling
from app.domain.text.translation import _
from app.ui.lab.what_if.answer_sentences import effective_words, stay_words
from app.ui.lab.what_if.sentences import SAME, percent

#: Gives the probabilities before a sampler, the highest first.
Seen = Callable[[Sampler], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer for the sentences: `captured` is the most candidates that a token of it has,
    `vocabulary` the number of tokens that the model knows."""

    sampling: AnswerSampling
    captured: int
    vocabulary: int | None = None


@dataclass(frozen=True, slots=True)
class SetAlone:
    """An answer under one set parameter; all others do nothing."""

    settings: SamplerSettings
    order: SamplerOrder
    answer: Answer

    def after(self) -> After:
        """Take the whole answer through the samplers."""
        return self.answer.sampling.after(self.settings, self.order)


#: Says in a sentence what a parameter's value does in an answer; empty if there is nothing to say.
Sentence = Callable[[SetAlone], str]


#: The samplers whose cut is drawn as a line between bars.
CUT_LINES = frozenset(sampler for sampler in Sampler if FACTS[sampler].cut is not None)


def line_words(
    sampler: Sampler, settings: SamplerSettings, seen: Seen, above: int
) -> tuple[str, str]:
    """Return the label of a cut, and the probability that it came to in words, after so many
    candidates."""
    cut = FACTS[sampler].cut
    if cut is None:
        raise ValueError(f"{sampler} cuts nothing")
    if cut.reach is None:
        return cut.label(settings), ""
    reach = cut.reach(settings, seen(sampler), above)
    return cut.label(settings), f"{reach.sign} {_about(seen, sampler)}{percent(reach.probability)}"


def _about(seen: Seen, sampler: Sampler) -> str:
    """Return the mark of an estimate if the probabilities before a sampler are only likely: some
    of the whole was not captured, and it is not as the server gave it."""
    shares, given = seen(sampler), seen(Sampler.LOGIT_BIAS)
    if sum(shares) > 1 - SAME:
        return ""
    same = len(shares) == len(given) and all(map(math.isclose, shares, given))
    return "" if same else "≈"


# The sentences of parameters.


def _temperature(alone: SetAlone) -> str:
    if alone.settings.temperature == 0:
        return _("always the most likely token")
    return effective_words(alone.after())


def _cut(alone: SetAlone) -> str:
    # A cut alone compares probabilities as the server gave them.
    answer = alone.answer
    return stay_words(alone.after(), answer.captured, answer.vocabulary, certain=True)


def _presence(alone: SetAlone) -> str:
    return _("odds of repeated tokens × {factor}").format(
        factor=_factor(-alone.settings.presence_penalty)
    )


def _frequency(alone: SetAlone) -> str:
    return _("odds × {factor} for each repetition").format(
        factor=_factor(-alone.settings.frequency_penalty)
    )


def _bias(alone: SetAlone) -> str:
    shifts = alone.settings.logit_bias.values()
    banned = sum(shift <= -100 for shift in shifts)
    up, down = sum(shift > 0 for shift in shifts), sum(-100 < shift < 0 for shift in shifts)
    parts = (
        (up, _("{n} more likely")),
        (down, _("{n} less likely")),
        (banned, _("{n} banned")),
    )
    return ", ".join(words.format(n=number) for number, words in parts if number)


def _factor(shift: float) -> str:
    """The factor by which a shift of the logit multiplies the odds."""
    return f"{math.exp(shift):.2f}"


def _sentence_of(effect: Effect) -> Sentence | None:
    match effect:
        case Effect.CUT:
            return _cut
        case Effect.SHARPNESS:
            return _temperature
        case Effect.ODDS_ONCE:
            return _presence
        case Effect.ODDS_EACH_TIME:
            return _frequency
        case Effect.CHOSEN_TOKENS:
            return _bias
        case Effect.UNKNOWN:
            return None
        case _:
            assert_never(effect)


#: The sentences by the names of parameters.
SENTENCES: Mapping[str, Sentence] = {
    name: sentence
    for facts in FACTS.values()
    for name, effect in facts.effects.items()
    if (sentence := _sentence_of(effect)) is not None
}
