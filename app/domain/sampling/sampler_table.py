"""The table of samplers: the forms in which each is worked out, from its module in `steps`.

It imports numpy, so only the lab imports it, when the lab is opened; names, parameters and orders
are in `samplers`.
"""

from collections.abc import Mapping
from importlib import import_module

from app.domain.sampling.forms import Forms
from app.domain.sampling.samplers import Sampler


def _forms_of(sampler: Sampler) -> Forms:
    """Return the constant FORMS of the module that has the sampler's name."""
    forms = import_module(f"app.domain.sampling.steps.{sampler.value}").FORMS
    if not isinstance(forms, Forms):
        raise TypeError(f"steps.{sampler.value}.FORMS is no Forms")
    return forms


FORMS: Mapping[Sampler, Forms] = {sampler: _forms_of(sampler) for sampler in Sampler}
