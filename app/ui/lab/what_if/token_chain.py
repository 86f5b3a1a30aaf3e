"""One token under changing settings: what the whole chain makes of it, and what each cut saw."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.domain.events import TokenProbabilities
from app.domain.sampling.certainty import EffectiveBounds, effective_bounds, with_causes
from app.domain.sampling.logit_offset import Offset
from app.domain.sampling.offset_ranges import SMALL
from app.domain.sampling.one_token import distribution
from app.domain.sampling.samplers import FACTS, Distribution, Order, Sampler, Settings
from app.ui.lab.what_if.sentences import Doubt


class Chain:
    """A token with what is known of its surroundings."""

    def __init__(
        self,
        token: TokenProbabilities,
        counts: Mapping[int, int],
        vocabulary: int | None,
        offset: Offset | None = None,
    ) -> None:
        """`counts` says how often each token id came among those that penalties look at, `offset`
        what logits are above log probabilities, where that was learned."""
        self.token = token
        self._counts = counts
        self._vocabulary = vocabulary
        self._offset = offset
        # The latest result: its bounds are asked for, too.
        self._latest: tuple[Settings, Order, Distribution] | None = None
        # A slider changes one step: what the cuts before it saw stays as it was.
        self._seen: dict[Sampler, tuple[Settings, Order, list[float]]] = {}

    def after(self, settings: Settings, order: Order) -> Distribution:
        """The token's candidates after all samplers."""
        if self._latest is None or self._latest[:2] != (settings, order):
            found, captured = self._distribution(settings, order), len(self.token.alternatives)
            found = with_causes(found, settings, order, captured=captured)
            self._latest = (settings, order, found)
        return self._latest[2]

    def effective_bounds(self, settings: Settings, order: Order) -> EffectiveBounds:
        """Return bounds of the numbers of candidates in effect, before and after all samplers."""
        listed = len(self.token.alternatives)
        found = self.after(settings, order)
        return effective_bounds(found, listed=listed, vocabulary=self._vocabulary)

    def doubt(self, settings: Settings) -> Doubt:
        """What isn't known of what a repetition penalty does here."""
        listed = self.token.alternatives
        came = any(one.id is not None and self._counts.get(one.id) for one in listed)
        if settings.repetition_penalty == 1 or not came:
            return Doubt.NONE
        if self._offset is None:
            return Doubt.SCORES
        return Doubt.ROUNDING if self._offset.give > SMALL else Doubt.NONE

    def seen(self, step: Sampler, settings: Settings, order: Order) -> Sequence[float]:
        """The probabilities among which a step cuts, the highest first: what the steps before it
        have left."""
        before = replace(order, steps=order.steps[: order.steps.index(step)])
        heeded = {name for one in before.steps for name in FACTS[one].parameters}
        known = {name: getattr(settings, name) for name in heeded}
        relevant = Settings(**known)
        held = self._seen.get(step)
        if held is None or (held[0], held[1]) != (relevant, before):
            found = self._distribution(relevant, before, bounded=False)
            shares = sorted((one.probability for one in found.outcomes), reverse=True)
            held = self._seen[step] = (relevant, before, shares)
        return held[2]

    def _distribution(
        self, settings: Settings, order: Order, *, bounded: bool = True
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
