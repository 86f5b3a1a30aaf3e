"""The candidates of one token with biases and penalties, before the samplers that cut."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.events import Candidate
from app.domain.sampling.bounded_state import ABOVE, BELOW, STILL, End, Rest
from app.domain.sampling.logit_offset import repeated
from app.domain.sampling.samplers import Settings
from app.domain.sampling.uncaptured_tail import LARGEST_VOCABULARY, LEAST_TAIL

#: Servers write a log probability below this for a token that is impossible.
NEVER = -700.0
#: By how much the sum of a server's probabilities may miss 1 (llama.cpp: 0.00015 was seen).
ROUNDED = 0.0003


def clean(logprob: float) -> float:
    # Not a number is not at least anything.
    return min(0.0, logprob) if logprob >= NEVER else NEVER


def _penalty(count: int, settings: Settings) -> float:
    if not count:
        return 0.0
    return -settings.presence_penalty - count * settings.frequency_penalty


@dataclass(frozen=True, slots=True)
class KnownToken:
    """What is known of a token before the samplers, and the settings that biases and penalties
    come from.

    `logits` are the candidates' log probabilities, `mass` is the probability of all other tokens
    together, and `most` the greatest probability that one of those can have.
    """

    candidates: Sequence[Candidate]
    logits: Sequence[float]
    mass: float
    most: float
    settings: Settings
    counts: Mapping[int, int]
    vocabulary: int | None

    def shifted(self, offset: float) -> list[float]:
        """Return the logits after biases and penalties, on the scale of log probabilities."""
        return [
            logit if one.id is None else self._shifted(one.id, logit, offset)
            for one, logit in zip(self.candidates, self.logits, strict=True)
        ]

    def at(self, offset: float, ranked_at: float | None = None) -> End:
        """Return the weights after biases and penalties at an offset; the greatest weight is 1.

        They are ranked as at another offset, if given: two that are equal at the end of a range
        are ranked as within it.
        """
        logits = self.shifted(offset)
        mass, count = self.others()
        most = math.log(min(self.most, mass)) if mass > 0 else NEVER
        lifted, low = self._outside(offset, mass, most)
        highest = max([*logits, *lifted, most if mass > 0 else -math.inf])
        scale = math.exp(most - highest)
        # llama.cpp adds up the weights of its vocabulary in single precision.
        rounded = ROUNDED if self.mass > LEAST_TAIL else 0.0
        rest = Rest(
            low=max(0.0, low - rounded) / math.exp(most) * scale,
            high=(mass + rounded) / math.exp(most) * scale,
            count=count,
            most=scale,
            lifted=[math.exp(one - highest) for one in lifted],
        )
        order = logits if ranked_at is None else self.shifted(ranked_at)
        ranks = sorted(range(len(order)), key=lambda place: -order[place])
        return End([math.exp(one - highest) for one in logits], rest, ranks)

    def others(self) -> tuple[float, float]:
        """Return the greatest probability of all other tokens together, and their number."""
        settings = self.settings
        count = float((self.vocabulary or LARGEST_VOCABULARY) - len(self.candidates))
        mass = self.mass
        if mass <= LEAST_TAIL:
            # Rounding counts where it is made much of, or the candidates are made little of.
            matters = settings.temperature > 1 or settings.logit_bias or settings.penalises
            mass = LEAST_TAIL if matters and count > 0 else 0.0
        if mass <= 0:
            return 0.0, 0.0
        return mass, max(count, math.ceil(mass / min(self.most, mass)))

    def _outside(self, offset: float, mass: float, most: float) -> tuple[list[float], float]:
        """Return upper limits of the logits of lifted tokens that are not candidates, and the least
        probability of the other ones together."""
        if mass <= 0:
            return [], 0.0
        settings = self.settings
        each = math.exp(most)
        inside = {one.id for one in self.candidates}
        lifted: list[float] = []
        lowered, falls = 0, 0.0
        for id_ in (settings.logit_bias.keys() | self.counts.keys()) - inside:
            count = self.counts.get(id_, 0)
            shift = self._added(id_)
            penalty = settings.repetition_penalty if count else 1.0
            if shift > 0 or penalty < 1:
                lifted.append(self._shifted(id_, most, offset))
            elif shift < 0 or penalty > 1:
                lowered += 1
                falls = min(falls, shift if penalty == 1 else -math.inf)
        low = max(0.0, self.mass - len(lifted) * each) if self.mass > LEAST_TAIL else 0.0
        return lifted, max(low - lowered * each, low * math.exp(falls))

    def groups(self, offset: float) -> list[int]:
        """Return the group of each candidate at an offset within a range of offsets."""
        if self.settings.repetition_penalty == 1:
            return [STILL] * len(self.candidates)
        return [
            STILL
            if one.id is None or not self.counts.get(one.id)
            else (ABOVE if self._biased(one.id, logit) + offset > 0 else BELOW)
            for one, logit in zip(self.candidates, self.logits, strict=True)
        ]

    def depends_on_offset(self) -> bool:
        """Return whether the offset matters under a repetition penalty.

        A token that came, was not captured and sinks is within the bounds at any offset.
        """
        inside = {one.id for one in self.candidates}
        return any(
            id_ in inside or self.settings.repetition_penalty < 1 or self._added(id_) > 0
            for id_, count in self.counts.items()
            if count
        )

    def _added(self, id_: int) -> float:
        """Return what biases and additive penalties add to a logit."""
        count = self.counts.get(id_, 0)
        return self.settings.logit_bias.get(id_, 0.0) + _penalty(count, self.settings)

    def sign_changes(self) -> list[float]:
        """Return the offsets at which a penalised logit, or a lifted one, changes its sign."""
        mass, _count = self.others()
        most = math.log(min(self.most, mass)) if mass > 0 else NEVER
        inside = {one.id: logit for one, logit in zip(self.candidates, self.logits, strict=True)}
        return [
            -self._biased(id_, inside.get(id_, most)) for id_, count in self.counts.items() if count
        ]

    def _biased(self, id_: int, logit: float) -> float:
        return logit + self.settings.logit_bias.get(id_, 0.0)

    def _shifted(self, id_: int, logit: float, offset: float) -> float:
        settings, count = self.settings, self.counts.get(id_, 0)
        biased = self._biased(id_, logit)
        if count and settings.repetition_penalty != 1:
            biased = repeated(biased + offset, settings.repetition_penalty) - offset
        return biased + _penalty(count, settings)
