"""The likely tail of a token: an estimate of the tokens that were not captured.

Known are the sum of their probabilities, that none is likelier than the least likely captured
token, and their greatest number. This module takes them to fall geometrically; `bounds` has
limits that hold for every tail.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

#: More tokens than any vocabulary has.
LARGEST_VOCABULARY = 1_000_000
#: A smaller sum of probabilities is a rounding error.
LEAST_TAIL = 1e-6
#: Relative rounding error of sums: within it a sum reaches top_p, and a captured token counts as
#: likelier than the others.
ROUNDING = 1e-7
#: Number of groups of equally likely tokens into which a tail is divided.
GROUPS = 24
#: If more than this share of a geometric tail would lie beyond the vocabulary's last token, the
#: tail is taken to be even.
SHORT = 0.01


@dataclass(slots=True)
class Group:
    """A number of tokens with the same logit; `count` need not be an integer."""

    logit: float
    count: float

    @property
    def weight(self) -> float:
        """The sum of the exponentials of the tokens' logits."""
        return self.count * math.exp(self.logit)


Tail = list[Group]


def likely_tail(mass: float, most: float, tokens: float) -> Tail:
    """Return a tail that begins at `most`, the probability of the least likely captured token.

    `mass` is the sum of its probabilities, `tokens` the greatest number of its tokens.
    """
    if mass <= LEAST_TAIL or most <= 0:
        return []
    ratio = 1 - most / mass
    if ratio <= 0:
        return [Group(math.log(mass), 1.0)]
    if ratio**tokens > SHORT:
        return [Group(math.log(mass / tokens), tokens)]
    # After this number of tokens a millionth of the tail is left.
    count = min(tokens, math.log(1e-6) / math.log(ratio))
    number = min(GROUPS, math.ceil(count))
    # Cuts fall at the head of the tail, so each token there is a group of its own.
    edges = [max(place, math.ceil(count * (place / number) ** 3)) for place in range(number + 1)]
    groups = []
    for first, after in pairwise(edges):
        weight = mass * (ratio**first - ratio**after)
        if weight > 0:
            groups.append(Group(math.log(weight / (after - first)), float(after - first)))
    return groups


def moved(tail: Tail, factor: float) -> Tail:
    """Return the same tokens with their logits multiplied by a factor."""
    return [Group(group.logit * factor, group.count) for group in tail]


def entropy_of(weights: list[float], tail: Tail) -> float:
    """Return the entropy (nats) of weights and a tail, which need not add up to 1."""
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
