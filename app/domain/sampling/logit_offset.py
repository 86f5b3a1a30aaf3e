"""Estimates the logit offset c (nats) of a token, in logit = log probability + c, from how two
repetition penalties (1.1, 1.2) move the probabilities.

Probabilities alone do not give c, since adding a number to all logits changes none of them; a
repetition penalty divides or multiplies logits, so its effect depends on c.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.events import Candidate

#: The penalty that does nothing, and the penalties that are measured: two, since a single one moves
#: some positive and some negative logit by the same amount.
PLAIN, TRIED = 1.0, (1.1, 1.2)
#: Greatest difference (nats) between the shifts of tokens that no penalty touches: rounding.
FITS = 0.02
#: A server that reads at once what it wrote token by token rounds otherwise: the log probabilities
#: of llama.cpp differ by up to 0.4 then. Those of another text differ by more.
STRANGE = 1.0
#: Greatest difference (nats) between the offsets of several tokens: a penalty of 1.1 divides the
#: precision of each by ten.
AGREE = 0.2

Shares = Mapping[int, float]


def repeated(logit: float, penalty: float) -> float:
    """Return a logit after a repetition penalty: divided by it if positive, else multiplied (CTRL,
    with llama.cpp's rule for negative logits)."""
    return logit * penalty if logit <= 0 else logit / penalty


@dataclass(frozen=True, slots=True)
class Offset:
    """An estimated logit offset and its greatest error, in nats."""

    value: float
    give: float = 0.0


def learned_offset(
    candidates: Sequence[Candidate], counts: Mapping[int, int], found: Mapping[float, Shares]
) -> Offset | None:
    """Estimate the logit offset of these candidates; None if the measurements give none or don't
    fit.

    `counts` is how often each token id occurs among the tokens that penalties count. `found` has
    the probabilities by token id that the server gave under each penalty: `PLAIN` (none) and
    `TRIED`.
    """
    kept = {one.id: one.logprob for one in candidates if one.id is not None}
    plain = {id_: math.log(share) for id_, share in found.get(PLAIN, {}).items() if share > 0}
    drift = [
        plain[id_] - logprob
        for id_, logprob in kept.items()
        if id_ in plain and math.isfinite(logprob)
    ]
    if not drift or len(drift) < len(kept) / 2 or not max(map(abs, drift)) < STRANGE:
        return None
    known = {id_: plain[id_] for id_ in kept if id_ in plain}
    came = [id_ for id_ in known if counts.get(id_)]
    moved = [_moved(known, came, found.get(penalty, {})) for penalty in TRIED]
    offsets: list[float] = []
    for id_ in came:
        shifts = [of[id_] for of in moved if id_ in of]
        if len(shifts) == len(TRIED):
            logit = _logit(shifts)
            if logit is None:
                return None
            offsets.append(logit - known[id_])
    if not offsets or not _spread(offsets) <= AGREE:
        return None
    return Offset(_middle(offsets), _spread(drift))


def _moved(known: Mapping[int, float], came: Sequence[int], shares: Shares) -> Mapping[int, float]:
    """Return the distance by which a penalty moved the logit of each token that had come. Empty if
    tokens that had not come moved as well."""
    shifts = {
        id_: math.log(shares[id_]) - logprob
        for id_, logprob in known.items()
        if shares.get(id_, 0) > 0
    }
    untouched = [shift for id_, shift in shifts.items() if id_ not in came]
    if not untouched or _spread(untouched) > FITS:
        return {}
    return {id_: shifts[id_] - _middle(untouched) for id_ in came if id_ in shifts}


def _logit(shifts: Sequence[float]) -> float | None:
    """The logit that explains what each penalty did to one token."""
    penalised = list(zip(shifts, TRIED, strict=True))
    positive = [max(0.0, shift / (1 / penalty - 1)) for shift, penalty in penalised]
    negative = [min(0.0, shift / (penalty - 1)) for shift, penalty in penalised]
    logits = min((positive, negative), key=_spread)
    return _middle(logits) if _spread(logits) <= AGREE else None


def _middle(figures: Sequence[float]) -> float:
    # Without `statistics`, which the program's start would have to load.
    return sorted(figures)[len(figures) // 2]


def _spread(figures: Sequence[float]) -> float:
    return max(figures) - min(figures)
