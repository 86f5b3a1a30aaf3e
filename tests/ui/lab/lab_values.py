"""Tokens with their probabilities, as the tests of the lab want them."""

import math
from collections.abc import Sequence

from app.domain.events import Candidate, TokenProbabilities
from app.domain.tokens.token_table import TokenTable
from app.ui.lab.heat_map.heat_map import HeatMap
from app.ui.shell.main_window import MainWindow

#: They add up to 0.97: what is left was not captured.
SHARES = (0.4, 0.3, 0.15, 0.08, 0.04)
WORDS = (" brown", " little", "\n", "日本", " fox")


def candidate(token: str, share: float, number: int) -> Candidate:
    return Candidate(token, math.log(share), token.encode(), number)


def token(
    words: Sequence[str] = WORDS, shares: Sequence[float] = SHARES, chosen: int = 1
) -> TokenProbabilities:
    """A token with alternatives, of which one came."""
    made = tuple(candidate(*one, n) for n, one in enumerate(zip(words, shares, strict=True)))
    return TokenProbabilities(made[chosen], made)


def table(count: int = 40) -> TokenTable:
    """An answer: tokens that are sure and tokens that aren't, in turn."""
    sure = token(shares=(0.96, 0.02, 0.01, 0.004, 0.003), chosen=0)
    return TokenTable.of(sure if number % 2 else token() for number in range(count))


def heat_of(main_window: MainWindow) -> HeatMap:
    """The heat maps of a window, which itself knows less of them: it imports them late."""
    found = main_window.lab.probabilities()
    assert isinstance(found, HeatMap)
    return found
