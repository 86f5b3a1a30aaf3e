"""Statistics of an answer's tokens: perplexity, surprise, entropy and rank."""

import math
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest

from app.domain.text.invisible_characters import mark_invisible_in_prose
from app.domain.tokens.token_table import TokenTable, Word

_SPELLED = str.maketrans({" ": "␣", "\n": "↵", "\r": "↵", "\t": "⇥"})
#: A longer token is cut.
LONGEST = 40
#: Servers write such a number where a token was not among the likeliest (DeepSeek: −9999).
UNKNOWN = -1000.0
LN2 = math.log(2)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of an answer: means over its tokens, thoughts apart. The logarithm is the natural one."""

    tokens: int
    mean_logprob: float
    #: exp(−mean): how many equally likely tokens it was like to choose among.
    perplexity: float
    #: The places of the least likely tokens, the least likely first.
    least_likely: Sequence[int]


def figures_of(table: TokenTable, *, least: int = 5) -> Figures | None:
    """The figures of an answer; None where nothing is known of any of its tokens."""
    known = [
        (logprob, number)
        for number, logprob in enumerate(table.chosen_logprobs)
        if logprob > UNKNOWN and not table.reasoning[number]
    ]
    if not known:
        return None
    mean = sum(min(0.0, logprob) for logprob, _number in known) / len(known)
    lowest = tuple(number for _logprob, number in nsmallest(least, known))
    return Figures(len(known), mean, math.exp(-mean), lowest)


def surprises(table: TokenTable) -> "array[float]":
    """Of each token −log₂ of its probability, in bits; 0 is certain."""
    return array("f", (max(0.0, -max(one, UNKNOWN)) / LN2 for one in table.chosen_logprobs))


def entropies(table: TokenTable) -> "array[float]":
    """Of each token the entropy in bits of its alternatives, with what they leave counted as one
    more: it is at least that much."""
    found = array("f")
    for first, after in zip(table.bounds, table.bounds[1:], strict=False):
        total = entropy = 0.0
        for logprob in table.logprobs[first:after]:
            if logprob > UNKNOWN:
                share = math.exp(min(0.0, logprob))
                total += share
                entropy -= share * logprob
        rest = 1 - total
        if rest > 1e-9:
            entropy -= rest * math.log(rest)
        found.append(max(0.0, entropy) / LN2)
    return found


def everything_else(table: TokenTable, index: int) -> float:
    """What the tokens have together that are not among a token's alternatives, 0 to 1."""
    among = table.logprobs[table.bounds[index] : table.bounds[index + 1]]
    return max(0.0, 1 - sum(math.exp(min(0.0, one)) for one in among if one > UNKNOWN))


def rank_of(table: TokenTable, index: int) -> int | None:
    """The place of the chosen token among its alternatives, from 1; None where it isn't there."""
    among = table.alternatives[table.bounds[index] : table.bounds[index + 1]]
    chosen = table.chosen[index]
    for place, number in enumerate(among, 1):
        if number == chosen:
            return place
    wanted = table.words[chosen]
    for place, number in enumerate(among, 1):
        word = table.words[number]
        same_id = word.id is not None and word.id == wanted.id
        if same_id or ((word.id is None or wanted.id is None) and word.raw == wanted.raw):
            return place
    return None


def visible(word: Word) -> str:
    """A token as it can be seen: white space as ␣ ↵ ⇥, half of a character as its bytes."""
    raw = word.raw[: 4 * LONGEST]
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        if len(word.raw) > len(raw) or len(raw) > LONGEST:
            text = raw.decode(errors="replace")
        else:
            return " ".join(f"0x{byte:02X}" for byte in raw)
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}…"
    shown = mark_invisible_in_prose(text.translate(_SPELLED))
    if shown and unicodedata.combining(shown[0]):
        # A mark alone would stand on whatever comes before it.
        return f"◌{shown}"
    return shown or "∅"
