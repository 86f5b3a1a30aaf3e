"""Values inside of chunks as the domain has them: text, token probabilities and usage."""

import math
from typing import Any

from app.api.stream.chunks import Counts, Scored, ScoredChoice
from app.domain.events import Candidate, Event, TokenProbabilities, Usage
from app.domain.text.surrogates import mend
from app.domain.tokens.token_table import MOST_ALTERNATIVES

#: Lowest log probability: DeepSeek's value for minus infinity, which JSON can't represent.
_LOWEST = -9999.0
#: Keys of content objects under which their text is found, in this order.
_TEXT_KEYS = ("text", "value", "content", "transcript")


def text_in(content: Any, depth: int = 0) -> str | None:
    """Return the text of content that is a list of parts or an object; None if unreadable."""
    if isinstance(content, str):
        return content
    if depth > 4 or not isinstance(content, list | dict):
        return None
    if isinstance(content, list):
        return "".join(text_in(part, depth + 1) or "" for part in content)
    inner = next((content[name] for name in _TEXT_KEYS if content.get(name)), "")
    return text_in(inner, depth + 1)


def add_probabilities(
    tokens: list[ScoredChoice] | None, reasoning: bool, events: list[Event]
) -> None:
    """Append the event of each token whose log probability is known."""
    for token in tokens or ():
        chosen = _candidate(token)
        if chosen is None:
            continue
        others = [
            candidate
            for candidate in map(_candidate, token.top_logprobs or ())
            if candidate is not None
        ]
        others.sort(key=lambda candidate: -candidate.logprob)
        events.append(TokenProbabilities(chosen, tuple(others[:MOST_ALTERNATIVES]), reasoning))


def _candidate(token: Scored) -> Candidate | None:
    if token.logprob is None or not token.logprob < math.inf:
        return None
    return Candidate(
        mend(token.token),
        # A probability above 1 comes from rounding.
        max(min(token.logprob, 0.0), _LOWEST),
        # An empty list of bytes is missing data, unless the token's text is empty, too.
        bytes(token.bytes) if token.bytes or (token.bytes == [] and not token.token) else None,
        token.id,
    )


def usage_of(counts: Counts) -> Usage:
    """Return the counts and the cost of a usage object; an impossible cost is left out."""
    prompt, completion = counts.prompt_tokens_details, counts.completion_tokens_details
    cached = prompt.cached_tokens if prompt is not None else None
    cost = counts.cost
    # Decimal also parses "NaN" and 1e999999.
    if cost is not None and not (cost.is_finite() and 0 <= cost < 1_000_000):
        cost = None
    return Usage(
        prompt_tokens=counts.prompt_tokens,
        completion_tokens=counts.completion_tokens,
        reasoning_tokens=completion.reasoning_tokens if completion is not None else None,
        cached_tokens=counts.prompt_cache_hit_tokens if cached is None else cached,
        cache_write_tokens=prompt.cache_write_tokens if prompt is not None else None,
        cost=cost,
    )
