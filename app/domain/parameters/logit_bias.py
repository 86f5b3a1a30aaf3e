"""Biasing words: how a word may be written, and which word each biased token stands for.

A bias belongs to a token's id, and ids are those of one model. What each id stands for isn't
sent; it is remembered as `Origin`s, so that ids of another model can be told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.parameters.slider_scales import SliderScale
from app.domain.tokens.token_table import Word

BAN, LEAST, MOST = -100.0, -100.0, 100.0
#: Some e⁵, or 150 times as likely as before: enough to be seen, and not the only word left.
FAVOUR = 5.0
#: From −10 to 10 a bias is a nudge, which gets half of the slider; beyond, it is a command.
BIASES = SliderScale(((0.0, LEAST), (0.25, -10.0), (0.75, 10.0), (1.0, MOST)))

#: What is remembered: of so many models, of so many tokens each.
MOST_ORIGINS, MOST_WORDS = 16, 300
#: Longer tokens are remembered without their text.
LONGEST_WORD = 128
#: Ids of a vocabulary; the largest has some 260,000.
MOST_ID = 2**31


@dataclass(frozen=True, slots=True)
class Cut:
    """One way to write a word, and the tokens which the model cuts that into."""

    text: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """A model whose ids were looked up or entered, and what each stood for, by id."""

    provider: str
    model: str
    name: str
    words: Mapping[int, bytes] = field(default_factory=dict)

    def is_of(self, provider: str, model: str) -> bool:
        """Whether the ids are those of a provider's model, both given by id."""
        return (self.provider, self.model) == (provider, model)


def is_id(text: str) -> bool:
    """Whether a text is the id of a token that a vocabulary may have."""
    return text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < MOST_ID


def variants(text: str) -> tuple[str, ...]:
    """The ways in which a model may write a word: as it is and capitalised, each with a space
    before it and without, for these are different tokens."""
    bare = text.strip(" ")
    if not bare:
        return (text,) if text else ()
    other = bare[0].lower() if bare[0].isupper() else bare[0].upper()
    # Of a letter like ß the other case is another word.
    forms = (bare, other + bare[1:]) if len(other) == 1 else (bare,)
    return tuple(dict.fromkeys(f"{space}{form}" for form in forms for space in (" ", "")))


def origin_of(
    ids: Iterable[int], provider: str, model: str, known: Sequence[Origin]
) -> Origin | None:
    """Whose the ids are: this model's where it knows them all, else of the one that knows most of
    them, the latest first; None where nobody knows any. `known` has the latest last."""
    wanted = set(ids)
    if not wanted:
        return None
    mine = [one for one in known if one.is_of(provider, model)]
    if any(wanted <= one.words.keys() for one in mine):
        return mine[-1]
    best = max(reversed(known), key=lambda one: len(wanted & one.words.keys()), default=None)
    return best if best is not None and wanted & best.words.keys() else None


def remembered(known: Sequence[Origin], new: Origin) -> tuple[Origin, ...]:
    """What is known once more is known of a model: it becomes the latest, the oldest go."""
    before: Mapping[int, bytes] = {}
    others = []
    for one in known:
        if one.is_of(new.provider, new.model):
            before = one.words
        else:
            others.append(one)
    # What is new stands last, for the first are forgotten.
    kept = {id_: word for id_, word in before.items() if id_ not in new.words}
    words = list((kept | dict(new.words)).items())[-MOST_WORDS:]
    made = Origin(new.provider, new.model, new.name, dict(words))
    return (*others[-(MOST_ORIGINS - 1) :], made)
