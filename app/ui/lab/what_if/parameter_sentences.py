"""A sentence for each parameter that sampling heeds: what its value does in an answer."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.parameters.table import BY_NAME
from app.domain.sampling.samplers import Order, Sampler, Settings, settings_of
from app.domain.sampling.whole_answer import After, AnswerSampling
from app.domain.text.translation import _
from app.ui.lab.what_if.answer_sentences import effective_words, stay_words


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to say it of: each of its tokens has so many candidates at most, of so many that
    the model knows."""

    sampling: AnswerSampling
    captured: int
    vocabulary: int | None = None


@dataclass(frozen=True, slots=True)
class _Alone:
    """One parameter, all others doing nothing."""

    settings: Settings
    order: Order
    answer: Answer

    def after(self) -> After:
        return self.answer.sampling.after(self.settings, self.order)


def readings(answer: Answer, values: Mapping[str, Any], order: Order) -> Mapping[str, str]:
    """One sentence for each of the set parameters that have one, by name.

    Each is said of its parameter alone; what all of them do together the bars show. It costs a
    pass over the answer for each: not for every move of a slider.
    """
    said: dict[str, str] = {}
    for name, value in values.items():
        if name in _READINGS and value != BY_NAME[name].neutral:
            said[name] = _READINGS[name](_Alone(settings_of({name: value}, {}), order, answer))
    return {name: words for name, words in said.items() if words}


def _temperature(alone: _Alone) -> str:
    if alone.settings.temperature == 0:
        return _("The likeliest token always wins.")
    return effective_words(alone.after())


def _cut(alone: _Alone) -> str:
    return stay_words(alone.after(), alone.answer.captured, alone.answer.vocabulary)


def _presence(alone: _Alone) -> str:
    return _("A token that has come: its odds × {factor}.").format(
        factor=_factor(-alone.settings.presence_penalty)
    )


def _frequency(alone: _Alone) -> str:
    return _("A token's odds × {factor} for each time that it has come.").format(
        factor=_factor(-alone.settings.frequency_penalty)
    )


def _bias(alone: _Alone) -> str:
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
    """What a shift of the logit does to the odds."""
    return f"{math.exp(shift):.2f}"


_READINGS: Mapping[str, Callable[[_Alone], str]] = {
    Sampler.TEMPERATURE.value: _temperature,
    Sampler.TOP_P.value: _cut,
    Sampler.MIN_P.value: _cut,
    Sampler.TOP_K.value: _cut,
    "presence_penalty": _presence,
    "frequency_penalty": _frequency,
    "logit_bias": _bias,
}
