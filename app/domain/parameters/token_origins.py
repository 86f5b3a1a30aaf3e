"""The models whose token ids are known, with the text of each id, as the settings keep them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

#: Greatest numbers of models, and of tokens of each, whose texts are kept.
MOST_ORIGINS, MOST_WORDS = 16, 300
#: Longest token text that is kept, in bytes.
LONGEST_WORD = 128


@dataclass(frozen=True, slots=True)
class Origin:
    """A model in which token ids were looked up, and the bytes of each token by its id."""

    provider: str
    model: str
    name: str
    words: Mapping[int, bytes] = field(default_factory=dict)

    def is_of(self, provider: str, model: str) -> bool:
        """Whether this origin is the model with these ids of provider and model."""
        return (self.provider, self.model) == (provider, model)
