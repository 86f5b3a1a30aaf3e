"""A token's candidates through a chain of samplers, exactly or between bounds."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.events import Candidate, TokenProbabilities
from app.domain.sampler_tail import (
    Group,
    Tail,
    entropy_of,
    extreme_tails,
    likely_tail,
    moved,
)
from app.domain.sampling import Distribution, Order, Outcome, Sampler, Settings

#: A logarithm below this is a server's word for never.
NEVER = -700.0
#: Logits are log probabilities plus an offset. Of large models it was between these; what a
#: repetition penalty does is bounded over all of them, where it isn't known.
OFFSETS = (0.0, 5.0, 10.0, 20.0, 40.0)
#: Where rounding decides, a sum reaches top_p, and a captured token comes before the others.
ROUNDING = 1e-7

_Shift = Callable[[float], float]


@dataclass(slots=True)
class _State:
    """`places` are the candidates that are left, likeliest first."""

    logits: list[float]
    places: list[int]
    tail: Tail
    cuts: list[Sampler | None]
    lines: dict[Sampler, int]

    def drop(self, kept: int, step: Sampler) -> None:
        for place in self.places[kept:]:
            self.cuts[place] = step
        if kept < len(self.logits):
            # Where it falls is of interest though an earlier cut may have left nothing to it.
            self.lines[step] = kept
        del self.places[kept:]

    def sort(self) -> None:
        """Put the likeliest first, and its logit at 0: exponentials must not overflow."""
        self.places.sort(key=lambda place: -self.logits[place])
        highest = max(
            [self.logits[place] for place in self.places[:1]] + [one.logit for one in self.tail],
            default=0.0,
        )
        self.logits = [one - highest for one in self.logits]
        self.tail = [Group(one.logit - highest, one.count) for one in self.tail]

    def weights(self) -> list[float]:
        """Of those left, relative to the likeliest."""
        return [math.exp(self.logits[place]) for place in self.places]


@dataclass(frozen=True, slots=True)
class _World:
    """One way in which things may be that aren't known."""

    tail: Tail
    offset: float
    #: Tokens outside the captured ones that are biased upwards, as likely as they may be.
    extras: Tail


def distribution(
    token: TokenProbabilities,
    settings: Settings,
    order: Order,
    *,
    counts: Mapping[int, int] | None = None,
    vocabulary: int | None = None,
    offset: float | None = None,
    bounds: bool = True,
) -> Distribution:
    """Take a token's candidates through the samplers.

    `counts` says how often each token id came among those that penalties look at, `vocabulary`
    how many tokens the model knows, and `offset` what logits are above log probabilities, where
    that was learned (`learned_offset`). Without `bounds` only the likely distribution is worked
    out, in a tenth of the time.
    """
    candidates = candidates_of(token)
    logits = [_clean(one.logprob) for one in candidates]
    raw = [math.exp(one) for one in logits]
    total = sum(raw)
    if total > 1:
        logits = [one - math.log(total) for one in logits]
        raw = [one / total for one in raw]
    mass = max(0.0, 1 - total)
    listed = [one for one in raw[: len(token.alternatives)] if one > 0] or raw
    most = min(listed, default=1.0)
    shifts = _shifts(candidates, settings, counts or {})
    extras = _extras(candidates, settings, counts or {}, min(most, mass))
    room = float(settings.top_k - len(candidates)) if settings.top_k > len(candidates) else 0.0
    unsure = settings.repetition_penalty != 1 and bool(counts) and offset is None
    middle = offset if offset is not None else OFFSETS[3]
    likely = _World(likely_tail(mass, most, vocabulary), middle, [])
    worlds = [
        _World(tail, one, more)
        for tail in (extreme_tails(mass, most, vocabulary, room) if bounds else [])
        for one in (OFFSETS if unsure and any(shifts[2]) else (middle,))
        for more in ([[], extras] if extras else [[]])
    ]
    runs = [_run(logits, shifts, world, settings, order) for world in (likely, *worlds)]
    results = [_probabilities(run) for run in runs]
    point = results[0][0]
    tails = [other for _found, other in results]
    outcomes = []
    for place, one in enumerate(raw):
        found = [probabilities[place] for probabilities, _tail in results]
        low, high = min(found), max(found)
        outcomes.append(Outcome(one, point[place], low, high, runs[0].cuts[place]))
    first = runs[0]
    same = all(run.cuts == first.cuts for run in runs)
    exact = bounds and same and not unsure and max(tails) <= 0 and not extras
    return Distribution(
        outcomes,
        tail=mass,
        tail_high=max(tails),
        exact=exact,
        lines=first.lines,
        effective_before=math.exp(entropy_of(raw, likely.tail)),
        effective_after=math.exp(entropy_of(first.weights(), first.tail)),
    )


def candidates_of(token: TokenProbabilities) -> list[Candidate]:
    """A token's alternatives, and itself where it is not among them."""
    found = list(token.alternatives)
    if not any(is_same(one, token.chosen) for one in found):
        found.append(token.chosen)
    return found


def is_same(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates are the same token."""
    if one.id is not None and other.id is not None:
        return one.id == other.id
    return (one.token, one.bytes) == (other.token, other.bytes)


def repeated(logit: float, penalty: float) -> float:
    """A logit under a repetition penalty: divided where positive, else multiplied (CTRL, with
    llama.cpp's mending of negative logits)."""
    return logit * penalty if logit <= 0 else logit / penalty


def learned_offset(logprob: float, shift: float, penalty: float) -> float | None:
    """What logits are above log probabilities, by what a repetition penalty did to one token whose
    logit is positive, as those of likely tokens are: `logprob` is its own before, and `shift`
    how far it moved against a token that has not come. None where that says nothing."""
    if penalty in {0, 1}:
        return None
    return shift / (1 / penalty - 1) - logprob


def _clean(logprob: float) -> float:
    # Not a number is not at least anything.
    return min(0.0, logprob) if logprob >= NEVER else NEVER


def _shifts(
    candidates: Sequence[Candidate], settings: Settings, counts: Mapping[int, int]
) -> tuple[list[float], list[float], list[bool]]:
    """What biases and penalties add to each candidate, and whether it has come before."""
    biases = [_of(settings.logit_bias, one) for one in candidates]
    came = [counts.get(one.id, 0) if one.id is not None else 0 for one in candidates]
    return biases, [_penalty(count, settings) for count in came], [bool(one) for one in came]


def _of(biases: Mapping[int, float], one: Candidate) -> float:
    return biases.get(one.id, 0.0) if one.id is not None else 0.0


def _penalty(count: int, settings: Settings) -> float:
    if not count:
        return 0.0
    return -settings.presence_penalty - count * settings.frequency_penalty


def _extras(
    candidates: Sequence[Candidate], settings: Settings, counts: Mapping[int, int], most: float
) -> Tail:
    """Tokens that nobody captured, and that biases or negative penalties may lift."""
    if most <= 0:
        return []
    known = {one.id for one in candidates}
    outside = ({*settings.logit_bias} | {*counts}) - known
    shifts = [
        settings.logit_bias.get(id_, 0.0) + _penalty(counts.get(id_, 0), settings)
        for id_ in outside
    ]
    return [Group(math.log(most) + shift, 1.0) for shift in shifts if shift > 0]


def _run(
    logits: list[float],
    shifts: tuple[list[float], list[float], list[bool]],
    world: _World,
    settings: Settings,
    order: Order,
) -> _State:
    places = list(range(len(logits)))
    tail = [Group(group.logit, group.count) for group in (*world.tail, *world.extras)]
    state = _State(list(logits), places, tail, [None] * len(logits), {})
    state.sort()
    biases, penalties, came = shifts
    for step in order.steps:
        match step:
            case Sampler.LOGIT_BIAS:
                _add(state, biases)
            case Sampler.PENALTIES if settings.penalises:
                if settings.repetition_penalty != 1:
                    _repeat(state, came, settings.repetition_penalty, world.offset)
                _add(state, penalties)
            case Sampler.TOP_K if settings.top_k > 0:
                _keep_count(state, settings.top_k)
            case Sampler.TOP_P if settings.top_p < 1:
                _keep_sum(state, settings.top_p)
            case Sampler.MIN_P if settings.min_p > 0:
                _keep_near(state, settings.min_p)
            case Sampler.TEMPERATURE:
                _heat(state, settings.temperature)
            case _:
                pass
    return state


def _add(state: _State, shifts: list[float]) -> None:
    if any(shifts):
        state.logits = [one + shift for one, shift in zip(state.logits, shifts, strict=True)]
        state.sort()


def _repeat(state: _State, came: list[bool], penalty: float, offset: float) -> None:
    for place, has_come in enumerate(came):
        if has_come:
            state.logits[place] = repeated(state.logits[place] + offset, penalty) - offset
    state.sort()


def _keep_count(state: _State, count: int) -> None:
    left = float(count)
    kept = 0
    tail = sorted(state.tail, key=lambda group: -group.logit)
    stays: Tail = []
    for place in state.places:
        while tail and tail[0].logit > state.logits[place] + ROUNDING and left >= 1:
            left = _take(tail, stays, left)
        if left < 1:
            break
        left -= 1
        kept += 1
    while tail and left > 0:
        left = _take(tail, stays, left)
    state.drop(kept, Sampler.TOP_K)
    state.tail = stays


def _take(tail: Tail, stays: Tail, left: float) -> float:
    """Move as many of the first group as there is room for; return what room is left."""
    group = tail.pop(0)
    taken = min(group.count, left)
    stays.append(Group(group.logit, taken))
    return left - taken


def _keep_sum(state: _State, share: float) -> None:
    """The smallest set of the likeliest whose sum reaches the share of all that is left."""
    weights = state.weights()
    tail = sorted(state.tail, key=lambda group: -group.logit)
    target = share * (sum(weights) + sum(group.weight for group in tail)) * (1 - ROUNDING)
    reached = 0.0
    kept = 0
    stays: Tail = []

    def take_group() -> None:
        nonlocal reached
        group = tail.pop(0)
        each = math.exp(group.logit)
        needed = math.ceil((target - reached) / each) if each > 0 else group.count
        taken = min(group.count, max(1.0, float(needed)))
        stays.append(Group(group.logit, taken))
        reached += taken * each

    for place, weight in zip(state.places, weights, strict=True):
        while tail and tail[0].logit > state.logits[place] + ROUNDING and reached < target:
            take_group()
        if reached >= target and (kept or stays):
            break
        reached += weight
        kept += 1
    while tail and reached < target:
        take_group()
    state.drop(kept, Sampler.TOP_P)
    state.tail = stays


def _keep_near(state: _State, share: float) -> None:
    """Those that are at least a share of the likeliest."""
    highest = max(
        [state.logits[place] for place in state.places[:1]] + [group.logit for group in state.tail],
        default=0.0,
    )
    least = highest + math.log(share) - ROUNDING
    state.drop(sum(state.logits[place] >= least for place in state.places), Sampler.MIN_P)
    state.tail = [group for group in state.tail if group.logit >= least]


def _heat(state: _State, temperature: float) -> None:
    if temperature <= 0:
        highest = state.logits[state.places[0]] if state.places else -math.inf
        if any(group.logit > highest + ROUNDING for group in state.tail):
            state.tail = [max(state.tail, key=lambda group: group.logit)]
            state.drop(0, Sampler.TEMPERATURE)
            return
        state.tail = []
        state.drop(1, Sampler.TEMPERATURE)
        return
    state.logits = [one / temperature for one in state.logits]
    state.tail = moved(state.tail, 1 / temperature)
    state.sort()


def _probabilities(state: _State) -> tuple[list[float], float]:
    """What each candidate has in the end, and the tail."""
    state.sort()
    weights = dict(zip(state.places, state.weights(), strict=True))
    tail = sum(group.weight for group in state.tail)
    total = sum(weights.values()) + tail
    if total <= 0:
        return [0.0] * len(state.logits), 0.0
    found = [weights.get(place, 0.0) / total for place in range(len(state.logits))]
    return found, tail / total
