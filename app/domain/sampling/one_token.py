"""A token's candidates through a chain of samplers, exactly or between bounds."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from app.domain.events import Candidate, TokenProbabilities
from app.domain.sampling.doubtful_counts import Found, bounds_in_doubt
from app.domain.sampling.known_token import NEVER, ROUNDED, KnownToken, clean
from app.domain.sampling.likely_state import LikelyState
from app.domain.sampling.logit_offset import Offset
from app.domain.sampling.penalty_counts import PenaltyCounts
from app.domain.sampling.sampler_table import FORMS
from app.domain.sampling.samplers import (
    Distribution,
    Outcome,
    SamplerOrder,
    SamplerSettings,
    working_steps,
)
from app.domain.sampling.uncaptured_tail import Tail, entropy_of, likely_tail
from app.domain.tokens.token_identity import is_same, without_repeats
from app.domain.tokens.token_statistics import UNKNOWN

#: The likely logit offset in nats if it is not known: the middle of `UNKNOWN`.
OFFSET = 20.0


def distribution(
    token: TokenProbabilities,
    settings: SamplerSettings,
    order: SamplerOrder,
    *,
    counts: Mapping[int, int] | PenaltyCounts | None = None,
    vocabulary: int | None = None,
    offset: Offset | None = None,
    bounded: bool = True,
) -> Distribution:
    """Take a token's candidates through the samplers.

    `counts` has the number of times that each token came among the tokens that penalties look
    at, `vocabulary` is the number of tokens that the model knows, and `offset` the logit offset
    if it was learned (`logit_offset`). Unless `bounded`, only the likely distribution is worked
    out, in a tenth of the time.
    """
    if not isinstance(counts, PenaltyCounts):
        counts = PenaltyCounts({key: count for key, count in (counts or {}).items() if count})
    known, excess = _known(token, settings, counts, vocabulary)
    raw = [math.exp(one) for one in known.logits]
    middle = offset.value if offset is not None else OFFSET
    likely = likely_tail(known.mass, known.most, known.others()[1])
    first = _run(known, likely[:], middle, order)
    point = _probabilities(first)[0]
    low: Sequence[float] = point
    high: Sequence[float] = point
    tail_high, certain = 0.0, False

    def bound(known: KnownToken, point: Sequence[float]) -> Found:
        doubts = _doubts(known.candidates, settings, counts)
        return bounds_in_doubt(known, doubts, offset, point, order)

    if bounded:
        low, high, tail_high, certain = bound(known, point)
    exact = certain and tail_high <= 0
    if exact:
        low = high = point
    outcomes: Sequence[Outcome] = [
        Outcome(*one) for one in zip(raw, point, low, high, first.cuts, strict=True)
    ]
    candidates = candidates_of(token)
    if len(outcomes) < len(candidates):
        outcomes = _with_unknown(known, candidates, outcomes, bound)
        exact = exact and all(one.known or one.high <= 0 for one in outcomes)
    return Distribution(
        outcomes,
        tail=known.mass,
        tail_high=tail_high,
        exact=exact,
        lines=first.lines,
        effective_before=math.exp(entropy_of(raw, likely)),
        effective_after=math.exp(entropy_of(first.weights(), first.tail)),
        excess=excess,
    )


def _known(
    token: TokenProbabilities,
    settings: SamplerSettings,
    counts: PenaltyCounts,
    vocabulary: int | None,
) -> tuple[KnownToken, float]:
    """Return the candidates whose probability is known, with those scaled to a sum of 1 at most,
    and by how much their sum was above 1."""
    candidates = [one for one in candidates_of(token) if _is_known(one)]
    listed = sum(map(_is_known, without_repeats(token.alternatives)))
    logits = [clean(one.logprob) for one in candidates]
    total = sum(map(math.exp, logits))
    if total > 1:
        logits = [one - math.log(total) for one in logits]
    # Without alternatives any token may be likelier than the token that came.
    most = min((math.exp(one) for one in logits[:listed] if one > NEVER), default=1.0)
    known = KnownToken(
        candidates,
        logits,
        max(0.0, 1 - total),
        most,
        settings,
        counts.known,
        vocabulary,
        more=counts.more,
        strange=counts.strange if settings.penalises else 0,
    )
    return known, max(0.0, total - 1)


def _is_known(candidate: Candidate) -> bool:
    """Return whether a candidate's probability is known; NaN is not."""
    return candidate.logprob > UNKNOWN


def _doubts(
    candidates: Sequence[Candidate], settings: SamplerSettings, counts: PenaltyCounts
) -> Mapping[int, tuple[int, int]]:
    """Return the limits of the counts of candidates that may have come more often than known, by
    index; empty if that makes no difference."""
    if counts.is_certain or not settings.penalises:
        return {}
    limits = enumerate(map(counts.limits, candidates))
    only_whether = not settings.frequency_penalty
    return {
        place: (least, most)
        for place, (least, most) in limits
        if least < most and not (only_whether and least)
    }


def _with_unknown(
    known: KnownToken,
    candidates: Sequence[Candidate],
    outcomes: Sequence[Outcome],
    bound: Callable[[KnownToken, Sequence[float]], Found],
) -> Sequence[Outcome]:
    """Return the outcomes with those of the candidates whose probability is not known.

    Such a token was not among the likeliest, so that its probability is at most that of the least
    likely candidate, and at most what the others leave.
    """
    limit = max(min(known.most, known.mass + ROUNDED), math.exp(NEVER))
    least = min(outcomes, key=lambda outcome: outcome.raw, default=None)
    point = [*(one.probability for one in outcomes), 0.0]
    given = iter(outcomes)
    found = []
    for candidate in candidates:
        if _is_known(candidate):
            found.append(next(given))
            continue
        likeliest = replace(
            known,
            candidates=[*known.candidates, candidate],
            logits=[*known.logits, math.log(limit)],
            mass=max(0.0, known.mass - limit),
        )
        high = bound(likeliest, point)[1][-1]
        cut = least.cut if least is not None and high <= 0 else None
        found.append(Outcome(0.0, 0.0, 0.0, high, cut, known=False))
    return found


def candidates_of(token: TokenProbabilities) -> list[Candidate]:
    """Return a token's alternatives, and the token itself if it is not among them; no token comes
    twice."""
    found = list(without_repeats(token.alternatives))
    if not any(is_same(one, token.chosen) for one in found):
        found.append(token.chosen)
    return found


def _run(known: KnownToken, tail: Tail, offset: float, order: SamplerOrder) -> LikelyState:
    settings = known.settings
    logits = known.shifted(offset)
    places = list(range(len(logits)))
    state = LikelyState(logits, places, tail, [None] * len(logits), {})
    state.sort()
    for sampler in working_steps(order, settings):
        FORMS[sampler].likely(state, settings)
    return state


def _probabilities(state: LikelyState) -> tuple[list[float], float]:
    """Return the resulting probability of each candidate, and that of the tail."""
    state.sort()
    weights = dict(zip(state.places, state.weights(), strict=True))
    tail = sum(group.weight for group in state.tail)
    total = sum(weights.values()) + tail
    if total <= 0:
        return [0.0] * len(state.logits), 0.0
    found = [weights.get(place, 0.0) / total for place in range(len(state.logits))]
    return found, tail / total
