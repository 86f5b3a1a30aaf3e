"""Logit biases by word: spellings of a word, and the token text that each biased id stands for.

The API takes biases by token id, and ids differ between models. The model that an id was looked
up in, and the id's text, are kept as `Origin`s, so that ids of another model are recognised.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.parameters.slider_scales import SliderScale
from app.domain.parameters.token_origins import MOST_ORIGINS, MOST_WORDS, Origin
from app.domain.tokens.token_table import Word

BAN, LEAST, MOST = -100.0, -100.0, 100.0
#: Bias (added to the logit) that makes a token e⁵ ≈ 150 times as likely: clearly visible, but
#: other tokens are still chosen.
FAVOUR = 5.0
#: Slider scale: half of the length is for −10 to 10; beyond, a token is practically banned or
#: forced.
BIASES = SliderScale(((0.0, LEAST), (0.25, -10.0), (0.75, 10.0), (1.0, MOST)))

#: Upper bound (exclusive) of token ids; the largest vocabularies have about 260,000.
MOST_ID = 2**31


@dataclass(frozen=True, slots=True)
class Cut:
    """A spelling of a word, and the tokens into which the model's tokenizer splits it."""

    text: str
    words: tuple[Word, ...]


def is_id(text: str) -> bool:
    """Whether a text is a whole number from 0 to below MOST_ID, as token ids are."""
    return text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < MOST_ID


def variants(text: str) -> tuple[str, ...]:
    """Return up to four spellings of a word, which are different tokens for a model.

    The word as typed and with the other case of its first letter, each with and without a leading
    space.
    """
    bare = text.strip(" ")
    if not bare:
        return (text,) if text else ()
    other = bare[0].lower() if bare[0].isupper() else bare[0].upper()
    # The capital of a letter like ß is two letters, which makes another word.
    forms = (bare, other + bare[1:]) if len(other) == 1 else (bare,)
    return tuple(dict.fromkeys(f"{space}{form}" for form in forms for space in (" ", "")))


def origin_of(
    ids: Iterable[int], provider: str, model: str, known: Sequence[Origin]
) -> Origin | None:
    """Return the origin whose model the biased token ids were probably looked up in.

    It is the model given by `provider` and `model` if all of the ids were looked up in it, else
    the model in which most of them were, the latest among equals. None if no model has any.
    `known` has the latest model last.
    """
    wanted = set(ids)
    if not wanted:
        return None
    own = [origin for origin in known if origin.is_of(provider, model)]
    if any(wanted <= origin.words.keys() for origin in own):
        return own[-1]
    best = max(reversed(known), key=lambda origin: len(wanted & origin.words.keys()), default=None)
    return best if best is not None and wanted & best.words.keys() else None


def with_origin(known: Sequence[Origin], new: Origin) -> tuple[Origin, ...]:
    """Return the known origins with the tokens of `new` added, its model moved to the end.

    The oldest models beyond MOST_ORIGINS and the oldest tokens beyond MOST_WORDS are dropped.
    """
    before: Mapping[int, bytes] = {}
    others = []
    for origin in known:
        if origin.is_of(new.provider, new.model):
            before = origin.words
        else:
            others.append(origin)
    # New tokens go to the end, since tokens are dropped from the front.
    kept = {id_: word for id_, word in before.items() if id_ not in new.words}
    words = list((kept | dict(new.words)).items())[-MOST_WORDS:]
    latest = Origin(new.provider, new.model, new.name, dict(words))
    return (*others[-(MOST_ORIGINS - 1) :], latest)
