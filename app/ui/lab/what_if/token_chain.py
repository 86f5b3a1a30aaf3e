"""A token under changing settings: the result of all samplers, and the input of each cut."""

from collections.abc import Sequence
from dataclasses import replace

from app.domain.events import TokenProbabilities
from app.domain.sampling.certainty import EffectiveBounds, effective_bounds, with_causes
from app.domain.sampling.logit_offset import Offset
from app.domain.sampling.offset_ranges import SMALL
from app.domain.sampling.one_token import distribution
from app.domain.sampling.penalty_counts import PenaltyCounts
from app.domain.sampling.samplers import FACTS, Distribution, Sampler, SamplerOrder, SamplerSettings
from app.ui.lab.what_if.sentences import Doubt


class Chain:
    """A token, the tokens before it, and a cache of the inputs of cuts."""

    def __init__(
        self,
        token: TokenProbabilities,
        counts: PenaltyCounts,
        vocabulary: int | None,
        offset: Offset | None = None,
    ) -> None:
        """`counts` has how often each token came among those that penalties read, `vocabulary`
        the number of tokens that the model knows, and `offset` the logit offset if it was
        learned (`logit_offset`)."""
        self.token = token
        self._counts = counts
        self._vocabulary = vocabulary
        self._offset = offset
        # The latest result, since its bounds are asked for as well.
        self._latest: tuple[SamplerSettings, SamplerOrder, Distribution] | None = None
        # A slider changes one step: the inputs of the cuts before it stay as they were.
        self._seen: dict[Sampler, tuple[SamplerSettings, SamplerOrder, list[float]]] = {}

    def after(self, settings: SamplerSettings, order: SamplerOrder) -> Distribution:
        """Return the token's candidates after all samplers, with the certainty of each cut."""
        if self._latest is None or self._latest[:2] != (settings, order):
            found, captured = self._distribution(settings, order), len(self.token.alternatives)
            found = with_causes(found, settings, order, captured=captured)
            self._latest = (settings, order, found)
        return self._latest[2]

    def effective_bounds(self, settings: SamplerSettings, order: SamplerOrder) -> EffectiveBounds:
        """Return bounds of the numbers of candidates in effect, before and after all samplers."""
        listed = len(self.token.alternatives)
        found = self.after(settings, order)
        return effective_bounds(found, listed=listed, vocabulary=self._vocabulary)

    def doubt(self, settings: SamplerSettings) -> Doubt:
        """Return why the effect of penalties is known only between bounds."""
        limits = [self._counts.limits(one) for one in self.token.alternatives]
        came = any(most for _least, most in limits)
        if settings.repetition_penalty != 1 and came and self._offset is None:
            return Doubt.SCORES
        if settings.penalises and any(least < most for least, most in limits):
            return Doubt.COUNTS
        if settings.repetition_penalty == 1 or not came or self._offset is None:
            return Doubt.NONE
        return Doubt.ROUNDING if self._offset.give > SMALL else Doubt.NONE

    def seen(
        self, step: Sampler, settings: SamplerSettings, order: SamplerOrder
    ) -> Sequence[float]:
        """Return the probabilities that a step cuts among, the highest first: those that the steps
        before it leave."""
        before = replace(order, steps=order.steps[: order.steps.index(step)])
        heeded = {name for one in before.steps for name in FACTS[one].parameters}
        known = {name: getattr(settings, name) for name in heeded}
        relevant = SamplerSettings(**known)
        held = self._seen.get(step)
        if held is None or (held[0], held[1]) != (relevant, before):
            found = self._distribution(relevant, before, bounded=False)
            shares = sorted((one.probability for one in found.outcomes), reverse=True)
            held = self._seen[step] = (relevant, before, shares)
        return held[2]

    def _distribution(
        self, settings: SamplerSettings, order: SamplerOrder, *, bounded: bool = True
    ) -> Distribution:
        return distribution(
            self.token,
            settings,
            order,
            counts=self._counts,
            vocabulary=self._vocabulary,
            offset=self._offset,
            bounded=bounded,
        )
