"""The candidates of one token with biases and penalties, before the samplers that cut."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.events import Candidate
from app.domain.sampling.bounded_state import ABOVE, BELOW, STILL, End, Rest
from app.domain.sampling.logit_offset import repeated
from app.domain.sampling.samplers import SamplerSettings
from app.domain.sampling.uncaptured_tail import LARGEST_VOCABULARY, LEAST_TAIL, ROUNDING
from app.domain.tokens.token_identity import Key, key_of

#: Servers write a log probability below this for a token that is impossible.
NEVER = -700.0
#: By how much the sum of a server's probabilities may miss 1 (llama.cpp: 0.00015 was seen).
ROUNDED = 0.0003


def clean(logprob: float) -> float:
    # Not a number is not at least anything.
    return min(0.0, logprob) if logprob >= NEVER else NEVER


def _penalty(count: int, settings: SamplerSettings) -> float:
    if not count:
        return 0.0
    return -settings.presence_penalty - count * settings.frequency_penalty


@dataclass(frozen=True, slots=True)
class Apart:
    """A captured candidate that is bounded apart from the others, since it is not known how often
    it came before: at least and at most `counts`."""

    candidate: Candidate
    logit: float
    counts: tuple[int, int]


@dataclass(frozen=True, slots=True)
class KnownToken:
    """The candidates of a token before the samplers, and the settings that biases and penalties
    come from.

    `logits` are the candidates' log probabilities, `mass` is the probability of all other tokens
    together, and `most` the greatest probability that one of those can have. `counts` has the
    number of times that each token came; tokens that are not candidates may have come up to `more`
    times more often. Up to `strange` tokens of unknown ids came, too.
    """

    candidates: Sequence[Candidate]
    logits: Sequence[float]
    mass: float
    most: float
    settings: SamplerSettings
    counts: Mapping[Key, int]
    vocabulary: int | None
    apart: Sequence[Apart] = ()
    more: Mapping[Key, int] = field(default_factory=dict)
    strange: int = 0

    def shifted(self, offset: float) -> list[float]:
        """Return the logits after biases and penalties, on the scale of log probabilities."""
        if not (self.settings.penalises or self.settings.logit_bias):
            # This takes a twentieth of the time: cuts alone are the usual case.
            return list(self.logits)
        return [
            self._shifted(key_of(one), logit, offset)
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
        lifted = [self._highest_apart(one, offset) for one in self.apart]
        if not (self.settings.penalises or self.settings.logit_bias):
            return lifted, self.mass if self.mass > LEAST_TAIL else 0.0
        if mass <= 0:
            return lifted, 0.0
        each = math.exp(most)
        settings, apart = self.settings, len(lifted)
        lowered, falls = 0, 0.0
        for key in self._keys_outside():
            shifts = [self._added(key, count) for count in self._counts_outside(key)]
            penalty = settings.repetition_penalty if max(self._counts_outside(key)) else 1.0
            if max(shifts) > 0 or penalty < 1:
                counts = self._counts_outside(key)
                lifted.append(max(self._shifted(key, most, offset, count) for count in counts))
            elif min(shifts) < 0 or penalty > 1:
                lowered += 1
                falls = min(falls, min(shifts) if penalty == 1 else -math.inf)
        if self.strange and settings.penalises:
            counts = (1, self.strange)
            added = max(_penalty(count, settings) for count in counts)
            if added > 0 or settings.repetition_penalty < 1:
                highest = max(self._shifted("", most, offset, count) for count in counts)
                lifted += [max(most, highest)] * self.strange
            lowered, falls = lowered + self.strange, -math.inf
        among = len(lifted) - apart
        low = max(0.0, self.mass - among * each) if self.mass > LEAST_TAIL else 0.0
        return lifted, max(low - lowered * each, low * math.exp(falls))

    def _highest_apart(self, one: Apart, offset: float) -> float:
        """Return the highest logit that a candidate apart can have; its shift is linear in its
        count, from 1 on."""
        least, most = one.counts
        key = key_of(one.candidate)
        counts = {least, max(least, min(most, 1)), most}
        highest = max(self._shifted(key, one.logit, offset, count) for count in counts)
        # Of equal candidates either may come first.
        return highest + 10 * ROUNDING

    def _keys_outside(self) -> set[Key]:
        """Return the tokens with a bias or a penalty that were not captured."""
        inside = {key_of(one) for one in self.candidates}
        inside.update(key_of(one.candidate) for one in self.apart)
        return (self.settings.logit_bias.keys() | self.counts.keys() | self.more.keys()) - inside

    def _counts_outside(self, key: Key) -> Sequence[int]:
        """Return the counts of a token that was not captured, at which its shift may be extreme."""
        least = self.counts.get(key, 0)
        more = self.more.get(key, 0)
        return (least, max(1, least), least + more) if more else (least,)

    def groups(self, offset: float) -> list[int]:
        """Return the group of each candidate at an offset within a range of offsets."""
        if self.settings.repetition_penalty == 1:
            return [STILL] * len(self.candidates)
        return [
            STILL
            if not self.counts.get(key_of(one))
            else (ABOVE if self._biased(key_of(one), logit) + offset > 0 else BELOW)
            for one, logit in zip(self.candidates, self.logits, strict=True)
        ]

    def depends_on_offset(self) -> bool:
        """Return whether the offset matters under a repetition penalty.

        A token that came, was not captured and sinks is within the bounds at any offset.
        """
        lifts = self.settings.repetition_penalty < 1
        if any(one.counts[1] for one in self.apart) or (lifts and self.strange):
            return True
        inside = {key_of(one) for one in self.candidates}
        return any(
            key in inside or lifts or self._added(key, count) > 0
            for counts in (self.counts, self.more)
            for key, count in counts.items()
            if count
        )

    def _added(self, key: Key, count: int) -> float:
        """Return what biases and additive penalties add to the logit of a token that came so
        often."""
        return self._bias(key) + _penalty(count, self.settings)

    def sign_changes(self) -> list[float]:
        """Return the offsets at which a penalised logit, or a lifted one, changes its sign."""
        mass, _count = self.others()
        most = math.log(min(self.most, mass)) if mass > 0 else NEVER
        pairs = zip(self.candidates, self.logits, strict=True)
        inside = {key_of(one): logit for one, logit in pairs}
        inside.update((key_of(one.candidate), one.logit) for one in self.apart)
        came = {key for key, count in self.counts.items() if count} | self.more.keys()
        came.update(key_of(one.candidate) for one in self.apart)
        changes = [-self._biased(key, inside.get(key, most)) for key in came]
        return [*changes, -most] if self.strange else changes

    def _bias(self, key: Key) -> float:
        return self.settings.logit_bias.get(key, 0.0) if isinstance(key, int) else 0.0

    def _biased(self, key: Key, logit: float) -> float:
        return logit + self._bias(key)

    def _shifted(self, key: Key, logit: float, offset: float, count: int | None = None) -> float:
        """Return a logit after its bias and penalties, for a token that came `count` times."""
        settings = self.settings
        if count is None:
            count = self.counts.get(key, 0)
        biased = self._biased(key, logit)
        if count and settings.repetition_penalty != 1:
            biased = repeated(biased + offset, settings.repetition_penalty) - offset
        return biased + _penalty(count, settings)
