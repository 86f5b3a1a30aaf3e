"""The table of samplers for the screen: the line of each cut, and a sentence for each parameter."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from PySide6.QtCore import Qt

from app.domain.sampling.samplers import Order, Sampler, SamplerSettings
from app.domain.sampling.whole_answer import After, AnswerSampling
from app.domain.text.translation import _
from app.ui.lab.what_if.answer_sentences import effective_words, stay_words
from app.ui.lab.what_if.sentences import SAME, percent
from app.ui.theme.colours import Colours

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
    order: Order
    answer: Answer

    def after(self) -> After:
        """Take the whole answer through the samplers."""
        return self.answer.sampling.after(self.settings, self.order)


#: Says in a sentence what a parameter's value does in an answer; empty if there is nothing to say.
Sentence = Callable[[SetAlone], str]


@dataclass(frozen=True, slots=True)
class CutDrawing:
    """The line between bars where a sampler cuts. Cuts differ in line style as well as colour."""

    style: Qt.PenStyle
    colour: Callable[[Colours], str]
    #: The name with its value, and the probability that the cut came to, in words, after so many
    #: candidates.
    words: Callable[[SamplerSettings, Seen, int], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A sampler on the screen."""

    #: A sentence for each parameter of the sampler; None if nothing can be said of it alone.
    sentences: Mapping[str, Sentence | None]
    #: None if it cuts nothing off at a place among the bars.
    cut: CutDrawing | None = None
    #: The word for a candidate that it dropped; if empty, the sampler's name.
    dropped_by: str = ""


def _shown(sampler: Sampler) -> Shown:
    match sampler:
        case Sampler.LOGIT_BIAS:
            return Shown({"logit_bias": _bias})
        case Sampler.PENALTIES:
            return Shown(
                {
                    "presence_penalty": _presence,
                    "frequency_penalty": _frequency,
                    "repetition_penalty": None,
                }
            )
        case Sampler.TOP_K:
            solid = CutDrawing(Qt.PenStyle.SolidLine, lambda colours: colours.cut_top_k, _top_k)
            return Shown({"top_k": _cut}, solid)
        case Sampler.TOP_P:
            dashed = CutDrawing(Qt.PenStyle.DashLine, lambda colours: colours.cut_top_p, _top_p)
            return Shown({"top_p": _cut}, dashed)
        case Sampler.MIN_P:
            dotted = CutDrawing(Qt.PenStyle.DotLine, lambda colours: colours.cut_min_p, _min_p)
            return Shown({"min_p": _cut}, dotted)
        case Sampler.TEMPERATURE:
            # At 0 it drops all but the likeliest.
            return Shown({"temperature": _temperature}, dropped_by=_("greedy"))
        case _:
            assert_never(sampler)


# The words of cuts.


def _top_k(settings: SamplerSettings, seen: Seen, place: int) -> tuple[str, str]:
    return f"{Sampler.TOP_K.value} {settings.top_k}", ""


def _top_p(settings: SamplerSettings, seen: Seen, place: int) -> tuple[str, str]:
    reached = sum(seen(Sampler.TOP_P)[:place])
    about = _about(seen, Sampler.TOP_P)
    return f"{Sampler.TOP_P.value} {settings.top_p:.4g}", f"Σ {about}{percent(reached)}"


def _min_p(settings: SamplerSettings, seen: Seen, place: int) -> tuple[str, str]:
    least = settings.min_p * max(seen(Sampler.MIN_P), default=0.0)
    about = _about(seen, Sampler.MIN_P)
    return f"{Sampler.MIN_P.value} {settings.min_p:.4g}", f"≥ {about}{percent(least)}"


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
        return _("The likeliest token always wins.")
    return effective_words(alone.after())


def _cut(alone: SetAlone) -> str:
    # A cut alone compares probabilities as the server gave them.
    answer = alone.answer
    return stay_words(alone.after(), answer.captured, answer.vocabulary, certain=True)


def _presence(alone: SetAlone) -> str:
    return _("A token that has come: its odds × {factor}.").format(
        factor=_factor(-alone.settings.presence_penalty)
    )


def _frequency(alone: SetAlone) -> str:
    return _("A token's odds × {factor} for each time that it has come.").format(
        factor=_factor(-alone.settings.frequency_penalty)
    )


def _bias(alone: SetAlone) -> str:
    shifts = alone.settings.logit_bias.values()
    banned = sum(shift <= -100 for shift in shifts)
    up, down = sum(shift > 0 for shift in shifts), sum(-100 < shift < 0 for shift in shifts)
    parts = (
        (up, _("{n} favoured")),
        (down, _("{n} made rarer")),
        (banned, _("{n} banned")),
    )
    return ", ".join(words.format(n=number) for number, words in parts if number)


def _factor(shift: float) -> str:
    """The factor by which a shift of the logit multiplies the odds."""
    return f"{math.exp(shift):.2f}"


SHOWN: Mapping[Sampler, Shown] = {sampler: _shown(sampler) for sampler in Sampler}
SENTENCES: Mapping[str, Sentence] = {
    name: sentence
    for shown in SHOWN.values()
    for name, sentence in shown.sentences.items()
    if sentence is not None
}
