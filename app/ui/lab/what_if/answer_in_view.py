"""The answer that the what-if bars show, with its sampling, which is prepared once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.domain.sampling.unlisted_answer import came_unlisted
from app.domain.sampling.whole_answer import AnswerSampling
from app.domain.tokens.table_doubts import TableDoubt, doubt_of
from app.domain.tokens.token_table import TokenTable, Word
from app.domain.tokens.unlisted_tokens import Unlisted, unlisted_tokens
from app.ui.lab.what_if.strip_image import Flags


@dataclass(frozen=True, slots=True)
class AnswerInView:
    """An answer with its token table and the facts that follow from it."""

    id: str
    table: TokenTable
    sampling: AnswerSampling
    #: The tokens without an entry of their own, by the entry that they come before.
    unlisted: Mapping[int, Unlisted]
    #: The greatest number of alternatives of a token.
    captured: int
    #: The reason to doubt its log probabilities; None if there is none.
    doubt: TableDoubt | None
    #: Whether each token is missing among its alternatives.
    came_unlisted: Flags


def prepared(
    message_id: str,
    table: TokenTable,
    *,
    vocabulary: int | None,
    prompt: Sequence[int],
    spelled: Sequence[Word],
) -> AnswerInView:
    """Prepare an answer.

    `vocabulary` is the number of tokens that the model knows, `prompt` has the ids of the last
    tokens before the answer, and `spelled` its tokens as the server's tokenizer cuts its text; both
    are empty if unknown.
    """
    unlisted = unlisted_tokens(table, spelled)
    return AnswerInView(
        message_id,
        table,
        AnswerSampling(table, vocabulary, prompt, unlisted),
        unlisted,
        max(after - at for at, after in pairwise(table.bounds)),
        doubt_of(table),
        came_unlisted(table),
    )
