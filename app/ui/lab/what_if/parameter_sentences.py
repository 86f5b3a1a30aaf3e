"""A sentence for each set sampling parameter: what its value does in an answer."""

from collections.abc import Mapping
from typing import Any

from app.domain.parameters.table import BY_NAME
from app.domain.sampling.samplers import SamplerOrder, settings_of
from app.ui.lab.what_if.sampler_table import SENTENCES, Answer, SetAlone


def readings(answer: Answer, values: Mapping[str, Any], order: SamplerOrder) -> Mapping[str, str]:
    """Return a sentence for each set parameter that has one, by name.

    Each sentence is about its parameter alone; the bars show what all of them do together. It
    takes a pass over the whole answer for each parameter, so it is not for every move of a slider.
    """
    said: dict[str, str] = {}
    for name, value in values.items():
        if name in SENTENCES and value != BY_NAME[name].neutral:
            said[name] = SENTENCES[name](SetAlone(settings_of({name: value}, {}), order, answer))
    return {name: words for name, words in said.items() if words}
