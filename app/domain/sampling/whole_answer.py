"""All tokens of an answer through the samplers at once.

The same arithmetic as in `one_token`, over arrays, so that a slider is redrawn within a frame. Each
row is a token, its captured candidates sorted from the likeliest; every cut keeps the first so
many of a row. The tokens that nobody captured are taken to go on falling geometrically.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from app.domain.sampling.answer_state import (
    NOWHERE,
    AnswerState,
    Numbers,
    count_set,
    running_sums,
    tail_sum,
)
from app.domain.sampling.penalty_counts import LOOKED_BACK
from app.domain.sampling.sampler_table import FORMS
from app.domain.sampling.samplers import SamplerOrder, SamplerSettings, working_steps
from app.domain.sampling.uncaptured_tail import LARGEST_VOCABULARY, LEAST_TAIL, SHORT
from app.domain.tokens.token_identity import Key, key_of
from app.domain.tokens.token_statistics import UNKNOWN
from app.domain.tokens.token_table import TokenTable
from app.domain.tokens.unlisted_tokens import Unlisted

#: The logit offset in nats if it is not known.
OFFSET = 20.0
#: Candidates of a token beyond these are left to the tail.
MOST = 100


@dataclass(frozen=True, slots=True)
class After:
    """Results of the samplers for each token of an answer, as arrays: the number of captured
    candidates that stay, the number of candidates in effect (exponential of the entropy) before and
    after the samplers, the probability of the uncaptured tokens afterwards, and whether the token
    itself is surely cut. A token that was not listed is known only to come after the listed ones.
    """

    survivors: Numbers
    effective_before: Numbers
    effective_after: Numbers
    tail: Numbers
    cut: Numbers


class AnswerSampling:
    """The candidates of an answer's tokens as arrays, made once; `after` takes about 1 ms."""

    def __init__(
        self,
        table: TokenTable,
        vocabulary: int | None = None,
        prompt: Sequence[int] = (),
        unlisted: Mapping[int, Unlisted] | None = None,
    ) -> None:
        """`vocabulary` is the number of tokens that the model knows, `prompt` the ids of the tokens
        before the answer, which penalties count too, and `unlisted` the tokens without an entry of
        their own."""
        self._table = table
        self._prompt = prompt[-LOOKED_BACK:]
        self._unlisted = unlisted or {}
        self._guessed = self._guessed_rows()
        rows, counts, columns, flat = self._shape(table)
        logits = np.full((len(table), columns), NOWHERE, np.float32)
        numbers = np.full((len(table), columns), -1, np.int64)
        logits[rows, flat.column] = flat.logits
        numbers[rows, flat.column] = flat.numbers
        least = np.where(counts > 0, logits.min(axis=1, initial=0, where=logits > NOWHERE), 0)
        self._add_chosen(table, logits, numbers)
        order = np.argsort(-logits, axis=1, kind="stable")
        self._logits = np.take_along_axis(logits, order, axis=1)
        self._numbers = np.take_along_axis(numbers, order, axis=1)
        self._own = self._chosen_columns(table)
        self._captured = (self._logits > NOWHERE).sum(axis=1)
        # A token that was not among the likeliest is below them, nobody knows how far.
        own_logprobs = np.frombuffer(table.chosen_logprobs, np.float32)
        self._known = own_logprobs > UNKNOWN
        shares = np.exp(self._logits, dtype=np.float64)
        total = shares.sum(axis=1)
        over = np.maximum(total, 1.0)
        self._logits -= np.log(over)[:, None].astype(np.float32)
        mass = np.maximum(0.0, 1 - total)
        self._tail = self._tails(mass, np.exp(least.astype(np.float64)), vocabulary)
        self._before = self._effective(self._start())[0]
        # Now: at the first move of a slider it would take longer than a frame.
        self._came, self._times = self._repeats()
        self._biased: tuple[dict[int, float], Numbers] | None = None
        # A slider of a cut leaves this as it is.
        self._shifted: tuple[SamplerSettings, AnswerState, Numbers] | None = None

    def after(self, settings: SamplerSettings, order: SamplerOrder) -> After:
        """Return the results under these settings, for each token of the answer.

        Biases and penalties come first, as in every sampler order that is known.
        """
        state, rank = self._after_shifts(settings)
        for sampler in working_steps(order, settings):
            FORMS[sampler].arrays(state, settings)
        effective, tail = self._effective(state)
        is_lifted = settings.penalises or bool(settings.logit_bias)
        unlisted = self._known | ((state.kept < self._captured) & (not is_lifted))
        cut = (rank >= state.kept) & unlisted
        if settings.penalises:
            cut &= ~self._guessed
        return After(state.kept, self._before, effective, tail, cut)

    # Preparing.

    def _shape(self, table: TokenTable) -> tuple[Numbers, Numbers, int, "_Flat"]:
        bounds = np.frombuffer(table.bounds, np.uint32).astype(np.int64)
        counts = np.diff(bounds)
        within = np.arange(bounds[-1]) - np.repeat(bounds[:-1], counts)
        logits = np.frombuffer(table.logprobs, np.float32)
        numbers = np.frombuffer(table.alternatives, np.uint32).astype(np.int64)
        few = within < MOST
        rows = np.repeat(np.arange(len(counts)), counts)[few]
        # Not a number is not at least anything.
        clean = np.where(logits >= NOWHERE, np.minimum(logits, 0), NOWHERE)
        columns = int(min(MOST, counts.max(initial=0))) + 1
        return rows, counts, columns, _Flat(within[few], clean[few], numbers[few])

    def _add_chosen(self, table: TokenTable, logits: Numbers, numbers: Numbers) -> None:
        """Put the answer's own tokens where they were not listed."""
        chosen = np.frombuffer(table.chosen, np.uint32).astype(np.int64)
        own = np.frombuffer(table.chosen_logprobs, np.float32)
        same = self._same_words(table)
        missing = ~(same[numbers] == same[chosen][:, None]).any(axis=1)
        clean = np.where(own >= NOWHERE, np.minimum(own, 0), NOWHERE)
        logits[missing, -1] = clean[missing]
        numbers[missing, -1] = chosen[missing]

    def _chosen_columns(self, table: TokenTable) -> Numbers:
        """Return the place in its row of each of the answer's own tokens."""
        same = self._same_words(table)
        chosen = np.frombuffer(table.chosen, np.uint32).astype(np.int64)
        columns: Numbers = (same[self._numbers] == same[chosen][:, None]).argmax(axis=1)
        return columns

    def _same_words(self, table: TokenTable) -> Numbers:
        """Return a number for each word, equal for words that are the same token; the last number
        is that of no token."""
        first: dict[Key, int] = {}
        keys = [key_of(one) for one in table.words]
        return np.array([*(first.setdefault(key, len(first)) for key in keys), -1], np.int64)

    def _tails(self, mass: Numbers, most: Numbers, vocabulary: int | None) -> AnswerState:
        there = (mass > LEAST_TAIL) & (most > 0) & (self._captured > 0)
        safe = np.where(there, mass, 1.0)
        ratio = np.where(there, 1 - np.minimum(most, safe) / safe, 0.0)
        first = np.where(there, np.log(np.minimum(np.maximum(most, 1e-300), safe)), NOWHERE)
        # No fewer than can have it, as `most` is the likeliest of them.
        others = np.maximum(
            (vocabulary or LARGEST_VOCABULARY) - self._captured,
            np.ceil(safe / np.maximum(np.minimum(most, safe), 1e-300)),
        )
        count = np.where(there, others, 0.0)
        # A tail of one token has no ratio.
        count = np.where(ratio <= 0, np.minimum(count, 1.0), count)
        log_ratio = np.log(np.maximum(ratio, 1e-300))
        # What can't fall far enough is spread evenly over all tokens that there are.
        even = there & (log_ratio * count > np.log(SHORT))
        first = np.where(even, np.log(safe / np.maximum(count, 1)), first)
        log_ratio = np.where(even, -1e-9, log_ratio)
        return AnswerState(self._logits, self._captured, first, log_ratio, count)

    def _start(self) -> AnswerState:
        tail = self._tail
        return AnswerState(self._logits, self._captured, tail.first, tail.ratio, tail.count)

    def _after_shifts(self, settings: SamplerSettings) -> tuple[AnswerState, Numbers]:
        """Return the state after biases and penalties, the likeliest candidate first, and the
        number of candidates that are likelier than the answer's own tokens, which no later step
        changes."""
        heeded = SamplerSettings(
            presence_penalty=settings.presence_penalty,
            frequency_penalty=settings.frequency_penalty,
            repetition_penalty=settings.repetition_penalty,
            logit_bias=settings.logit_bias,
        )
        if self._shifted is None or self._shifted[0] != heeded:
            state = self._start()
            moved = state.logits
            if settings.logit_bias:
                moved = moved + self._biases(settings)
            if settings.penalises:
                moved = self._penalised(moved, settings)
            own = np.take_along_axis(moved, self._own[:, None], axis=1)
            rank = count_set(moved > own)
            if moved is not state.logits:
                moved[state.logits <= NOWHERE] = NOWHERE
                np.negative(moved, out=moved)
                moved.sort(axis=1)
                np.negative(moved, out=moved)
                state.logits = moved
                state.level()
            state.exps = np.exp(state.logits)
            state.sums = running_sums(state.exps)
            self._shifted = heeded, state, rank
        _heeded, state, rank = self._shifted
        # The steps put others in the place of its arrays, and change none.
        return replace(state), rank

    def _biases(self, settings: SamplerSettings) -> Numbers:
        if self._biased is None or self._biased[0] != settings.logit_bias:
            of = np.zeros(len(self._table.words) + 1, np.float32)
            for place, word in enumerate(self._table.words):
                if word.id is not None:
                    of[place] = settings.logit_bias.get(word.id, 0.0)
            self._biased = dict(settings.logit_bias), of[self._numbers]
        return self._biased[1]

    def _penalised(self, logits: Numbers, settings: SamplerSettings) -> Numbers:
        moved = logits.copy()
        found = moved.ravel()[self._came]
        if settings.repetition_penalty != 1:
            above = found + np.float32(OFFSET)
            penalty = np.float32(settings.repetition_penalty)
            found = np.where(above <= 0, above * penalty, above / penalty) - np.float32(OFFSET)
        fall = settings.presence_penalty + self._times * settings.frequency_penalty
        moved.ravel()[self._came] = found - fall.astype(np.float32)
        return moved

    def _repeats(self) -> tuple[Numbers, Numbers]:
        """Return the candidates that came among the last tokens before their own, as indices into
        the flattened rows, and how often each of them came."""
        same = self._same_words(self._table).astype(np.int32)
        came, positions = self._history(same)
        # Small numbers: this is compared with so many tokens.
        wanted = same[self._numbers]
        counts = np.zeros(self._numbers.shape, np.uint8)
        for back in range(1, min(LOOKED_BACK, len(came) - 1) + 1):
            # The first row that has a token so far before it.
            first = int(np.searchsorted(positions, back))
            before = came[positions[first:] - back]
            counts[first:] += wanted[first:] == before[:, None]
        places = np.flatnonzero(counts)
        return places, counts.ravel()[places]

    def _history(self, same: Numbers) -> tuple[Numbers, Numbers]:
        """Return the numbers of all tokens before and in the answer, −2 for those that are no
        candidate, and the index of each row's own token among them."""
        by_id = {word.id: same[n] for n, word in enumerate(self._table.words)}
        came = [by_id.get(one, -2) for one in self._prompt]
        own = same[np.frombuffer(self._table.chosen, np.uint32)]
        if not self._unlisted:
            return np.array([*came, *own], np.int32), np.arange(len(own)) + len(came)
        positions = []
        for row, number in enumerate(own):
            if (before := self._unlisted.get(row)) is not None:
                ids = before.ids if before.ids is not None else (None,) * before.least
                came += [-2 if id_ is None else by_id.get(id_, -2) for id_ in ids]
            positions.append(len(came))
            came.append(number)
        return np.array(came, np.int32), np.array(positions)

    def _guessed_rows(self) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        """Return the rows before which not all tokens are known that penalties count."""
        guessed = np.zeros(len(self._table), bool)
        for row, before in self._unlisted.items():
            if before.ids is None:
                guessed[row : row + LOOKED_BACK] = True
        return guessed

    # Results.

    def _weights(self, state: AnswerState) -> Numbers:
        columns = np.arange(state.logits.shape[1])
        return state.weights() * (columns < state.kept[:, None])

    def _effective(self, state: AnswerState) -> tuple[Numbers, Numbers]:
        """Return the number of candidates in effect, and the share of the tail."""
        weights = self._weights(state)
        tail = tail_sum(state)
        total = np.maximum(np.einsum("ij->i", weights) + tail, 1e-300)
        with np.errstate(divide="ignore", invalid="ignore"):
            # −Σ p ln p, with ln p = logit − ln total, and logits that are at hand.
            inside = np.einsum("ij,ij->i", weights, np.maximum(state.logits, NOWHERE))
            share = tail / total
            ratio = np.exp(state.ratio)
            # The mean of the tail's own logarithms: first + mean place × ln ratio, the place that
            # of a geometric series of so many.
            last = np.exp(state.ratio * state.count)
            place = ratio / (1 - ratio) - state.count * last / (1 - last)
            # Where it hardly falls, rounding leaves nothing of that.
            flat = state.ratio * state.count > -1e-4
            place = np.where(flat, np.maximum(0, (state.count - 1) / 2), place)
            steps = np.where(tail > 0, place * state.ratio, 0.0)
            own = np.where(tail > 0, tail * (state.first + steps), 0.0)
        entropy = np.log(total) - (inside + own) / total
        return np.exp(np.maximum(0.0, entropy)), np.where(tail > 0, share, 0.0)


@dataclass(frozen=True, slots=True)
class _Flat:
    column: Numbers
    logits: Numbers
    numbers: Numbers
