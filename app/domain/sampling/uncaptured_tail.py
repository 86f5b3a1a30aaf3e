"""The tail of a token: all tokens that were not captured, as they are likely to go on.

Of the tail only its sum is known, that none of it is likelier than the least likely captured
token, and how many tokens there are at most. `bounds` has the limits of
what it may do; this module has the likely tail.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

#: So many tokens no vocabulary has.
LARGEST_VOCABULARY = 1_000_000
#: A smaller remainder is rounding.
LEAST_TAIL = 1e-6
#: Where rounding decides, a sum reaches top_p, and a captured token comes before the others.
ROUNDING = 1e-7
#: The tail that is likely falls geometrically; so many groups of it are told apart.
GROUPS = 24
#: It can't fall where more than this were left beyond the last token that there is.
SHORT = 0.01


@dataclass(slots=True)
class Group:
    """So many tokens of one logit; `count` need not be whole."""

    logit: float
    count: float

    @property
    def weight(self) -> float:
        """The exponential of their logits, added up."""
        return self.count * math.exp(self.logit)


Tail = list[Group]


def likely_tail(mass: float, most: float, tokens: float) -> Tail:
    """A tail that goes on falling where the captured tokens end; `most` is the probability of the
    last of these, and `tokens` are how many there are in it."""
    if mass <= LEAST_TAIL or most <= 0:
        return []
    ratio = 1 - most / mass
    if ratio <= 0:
        return [Group(math.log(mass), 1.0)]
    if ratio**tokens > SHORT:
        return [Group(math.log(mass / tokens), tokens)]
    # After so many tokens a millionth of it is left.
    count = min(tokens, math.log(1e-6) / math.log(ratio))
    number = min(GROUPS, math.ceil(count))
    # At its head, where cuts fall, each token is told apart.
    edges = [max(place, math.ceil(count * (place / number) ** 3)) for place in range(number + 1)]
    groups = []
    for first, after in pairwise(edges):
        weight = mass * (ratio**first - ratio**after)
        if weight > 0:
            groups.append(Group(math.log(weight / (after - first)), float(after - first)))
    return groups


def moved(tail: Tail, factor: float) -> Tail:
    """The same tokens with their logits times a factor."""
    return [Group(group.logit * factor, group.count) for group in tail]


def entropy_of(weights: list[float], tail: Tail) -> float:
    """The entropy in nats of weights that need not add up to 1, and of the tail."""
    tail_weights = [(group.weight, group.count) for group in tail]
    total = sum(weights) + sum(weight for weight, _count in tail_weights)
    if total <= 0:
        return 0.0
    entropy = 0.0
    for weight in weights:
        if weight > 0:
            entropy -= weight / total * math.log(weight / total)
    for weight, count in tail_weights:
        if weight > 0:
            entropy -= weight / total * math.log(weight / total / count)
    return max(0.0, entropy)
