"""Controls the content of the lab: the token and answer in view, under the settings in view.

Made when the Lab face is first shown, since the arithmetic over whole answers takes a tenth of a
second to load.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import LibraryError
from app.domain.providers.providers import KINDS, ProviderKind
from app.domain.sampling.certainty import cuts_are_certain
from app.domain.sampling.logit_offset import Offset
from app.domain.sampling.penalty_counts import LOOKED_BACK, counts_before
from app.domain.sampling.samplers import SamplerSettings, settings_of
from app.domain.sampling.unlisted_answer import count_open
from app.domain.text.translation import _
from app.domain.tokens.token_spelling import visible
from app.domain.tokens.token_table import TokenTable, Word
from app.ui.lab.asking import Asking
from app.ui.lab.side_panel import SidePanel
from app.ui.lab.what_if.answer_in_view import AnswerInView, prepared
from app.ui.lab.what_if.answer_sentences import counts_words
from app.ui.lab.what_if.answer_sentences import stay_words as whole_words
from app.ui.lab.what_if.bar_layout import bounded, picture
from app.ui.lab.what_if.body import Body
from app.ui.lab.what_if.cut_sliders import CUTTING
from app.ui.lab.what_if.doubt_sentences import doubt_words
from app.ui.lab.what_if.parameter_sentences import readings
from app.ui.lab.what_if.sampler_table import Answer
from app.ui.lab.what_if.sentences import Doubt, certainty_words, order_words, stay_words
from app.ui.lab.what_if.token_chain import Chain
from app.ui.lab.what_if.token_in_context import running_words
from app.ui.theme.theme import Theme

#: Number of tokens before the token in view that are shown with it.
WORDS_BEFORE = 12
#: Number of tokens of the longest answer whose strip is drawn at each move of a slider; of longer
#: ones it is drawn LATE_MS after the last move, since it takes longer than a frame.
AT_ONCE = 8000
LATE_MS = 40
#: Rest of a slider, in milliseconds, after which the sentences of the panel are worked out.
REST_MS = 150


class WhatIf(QObject):
    """Shows a token of an answer with its alternatives, and the effect of the set parameters on
    them and on the whole answer."""

    #: A message and the place of a token in its table: it was chosen on the strip.
    token_wanted = Signal(str, int)
    #: A message, a token and the place of one of its alternatives: to go on from there is wanted.
    branch_wanted = Signal(str, int, int)
    #: A message and a token: its logit offset is to be learned.
    offset_wanted = Signal(str, int)
    #: Probabilities are to be asked for from now on.
    asking_wanted = Signal()
    #: A sentence for each parameter, by its name, on the effect of its value in the answer in view.
    read = Signal(dict)
    #: A parameter's name and its new value, None for not set: a slider was moved.
    edited = Signal(str, object)

    def __init__(
        self,
        theme: Theme,
        side: SidePanel,
        table_of: Callable[[str], TokenTable],
        why_no_branch: Callable[[str, int], str] = lambda _message, _token: "",
    ) -> None:
        """Put the content into the panel. `table_of` gives the probabilities of a message, an
        empty table where it has none; it may raise LibraryError. `why_no_branch` says why no branch
        can begin at a token, if so."""
        super().__init__(side)
        self._face = side.lab
        self._table_of = table_of
        self._why_no_branch = why_no_branch
        self._answer: AnswerInView | None = None
        self._place = 0
        self._chain: Chain | None = None
        self._spelled: list[str] = []
        self._values: dict[str, Any] = {}
        self._defaults: dict[str, Any] = {}
        self._order = KINDS[ProviderKind.EMBEDDED].sampler_order
        self._vocabulary: int | None = None
        #: The id of an answer, and those of the tokens before it.
        self._prompt: tuple[str, Sequence[int]] = ("", ())
        #: The id of an answer, and its tokens as the server's tokenizer cuts its text.
        self._spelling: tuple[str, Sequence[Word]] = ("", ())
        #: Whether penalties count the prompt's tokens too, as llama.cpp's do.
        self._counts_prompt = True
        #: Message and token → the logit offset that was learned, or the reason why it is not known.
        self._offsets: dict[tuple[str, int], Offset | str] = {}
        # Changes while the face is hidden are worked out when it is shown again.
        self._stale = False
        self._asking = Asking()
        self.body = Body(theme)
        side.put_lab(self.body, self.body.wanted_width())
        self._face.shown.connect(self._catch_up)
        self.body.sliders.edited.connect(self.edited)
        self.body.asking_wanted.connect(self._ask)
        self.body.strip.place_wanted.connect(self._want_token)
        self.body.strip.pointed.connect(self._read_strip)
        self.body.survival.place_wanted.connect(self._want_token)
        self.body.bars.alternative_wanted.connect(self._want_branch)
        self.body.learning.wanted.connect(self._want_offset)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(LATE_MS)
        self._late.timeout.connect(self._show_whole)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._tell_readings)
        self._rest.timeout.connect(self.body.bars.tell_names)
        self._show_empty()

    def show_provider(
        self,
        kind: ProviderKind,
        defaults: Mapping[str, Any],
        vocabulary: int | None = None,
    ) -> None:
        """Take a provider's order of samplers, what it does with parameters that aren't set, and
        how many tokens its model knows, where that is known."""
        self._order, self._defaults = KINDS[kind].sampler_order, dict(defaults)
        self.body.sliders.show_defaults(defaults)
        counts_prompt = KINDS[kind].speaks_llama_cpp
        if counts_prompt != self._counts_prompt:
            self._counts_prompt = counts_prompt
            self._prepare_again()
        if vocabulary != self._vocabulary:
            self._vocabulary = vocabulary
            self._prepare_again()
        self._refresh()

    def show_prompt(self, message_id: str, tokens: Sequence[int]) -> None:
        """Take the ids of the last tokens before an answer: penalties count them, too."""
        self._prompt = (message_id, tokens)
        if self._answer is not None and self._answer.id == message_id:
            self._prepare_again()
            self._refresh()

    def show_spelling(self, message_id: str, tokens: Sequence[Word]) -> None:
        """Take an answer's tokens as the server's tokenizer cuts its text: llama.cpp gives a
        character of several tokens a single entry."""
        self._spelling = (message_id, tokens)
        if self._answer is not None and self._answer.id == message_id:
            self._prepare_again()
            self._refresh()

    def show_offset(self, message_id: str, place: int, offset: Offset | str) -> None:
        """Take what logits are above log probabilities at a token; or words, why nobody knows."""
        self._offsets[message_id, place] = offset
        answer = self._answer
        if answer is not None and (answer.id, self._place) == (message_id, place):
            self._chain = self._chain_of(answer.table, place)
            self._refresh()

    def show_answer(self, message_id: str) -> None:
        """Show the last token of an answer; an empty id, or an answer without probabilities,
        shows that there is nothing."""
        if self._take(message_id) and self._answer is not None:
            self._show_place(len(self._answer.table) - 1)

    def show_token(self, message_id: str, index: int) -> None:
        """Show a token by its place in the answer's table."""
        there = self._answer is not None and self._answer.id == message_id
        if (there or self._take(message_id)) and self._answer is not None:
            self._show_place(max(0, min(index, len(self._answer.table) - 1)))

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show the effect of other parameters; called at every move of a slider."""
        self._values = dict(values)
        self.body.sliders.show_values(values)
        if self._answer is None:
            self._show_empty()
        else:
            self._refresh()

    def show_not_supported(self, reasons: Mapping[str, str]) -> None:
        """Disable the sliders of parameters that the model does not support: name → reason."""
        self.body.sliders.show_reasons(reasons)

    def show_asking(self, asking: Asking) -> None:
        """Take whether the next answer is asked for with its probabilities."""
        self._asking = asking
        if self._answer is None:
            self._show_empty()

    # Showing.

    def _take(self, message_id: str) -> bool:
        """Load an answer; False where it has no probabilities."""
        self._answer = None
        table = None
        if message_id:
            try:
                table = self._table_of(message_id)
            except LibraryError as failure:
                self.body.show_empty(str(failure), offer=False)
                return False
        if not table:
            self._show_empty()
            self.read.emit({})
            return False
        self._prepare(message_id, table)
        self.body.show_picture()
        return True

    def _prepare_again(self) -> None:
        if self._answer is not None:
            self._prepare(self._answer.id, self._answer.table)
            self._chain = self._chain_of(self._answer.table, self._place)

    def _before(self) -> Sequence[int]:
        """The tokens before the answer, as far as they are known."""
        of, tokens = self._prompt
        return tokens if self._answer is not None and self._answer.id == of else ()

    def _prepare(self, message_id: str, table: TokenTable) -> None:
        of, prompt = self._prompt
        spelled, words = self._spelling
        self._answer = answer = prepared(
            message_id,
            table,
            vocabulary=self._vocabulary,
            prompt=prompt if of == message_id else (),
            spelled=words if spelled == message_id else (),
        )
        after = answer.sampling.after(self._settings(), self._order)
        self.body.strip.show_answer(after.effective_before, after.effective_after, after.cut)

    def _show_empty(self) -> None:
        self.body.show_empty(self._asking.lab_words(), offer=self._asking.offered)

    def _show_place(self, place: int) -> None:
        answer = self._answer
        if answer is None:
            return
        self._place = place
        if isinstance(self._learned(), str):
            # The server may tell now what it did not tell then.
            del self._offsets[answer.id, place]
        self._chain = self._chain_of(answer.table, place)
        token = self._chain.token
        candidates = [*token.alternatives, token.chosen]
        self._spelled = [visible(Word(one.token, one.bytes, one.id)) for one in candidates]
        before = range(max(0, place - WORDS_BEFORE), place)
        self.body.place.show_place(
            running_words(answer.table.word(one) for one in before),
            visible(answer.table.word(place)),
            place + 1,
            len(answer.table),
        )
        self.body.strip.show_place(place)
        self.body.survival.show_place(place)
        self.body.show_way(self._why_no_branch(answer.id, place))
        self._refresh(another=True)

    def _catch_up(self, is_open: bool) -> None:
        if is_open and self._stale:
            self._refresh(another=True)

    def _refresh(self, *, another: bool = False) -> None:
        """Work out and show bars, strip and sentences; `another` token may be shown than before."""
        answer, chain = self._answer, self._chain
        self._rest.start()
        if answer is None or chain is None:
            return
        self._stale = not self._face.isVisible()
        if self._stale:
            return
        settings = self._settings()
        self._show_bars(chain, settings, another=another)
        if len(answer.table) > AT_ONCE:
            self._late.start()
        else:
            self._show_whole()

    def _show_whole(self) -> None:
        """Show what the settings do to the whole answer."""
        answer = self._answer
        if answer is None:
            return
        settings, order = self._settings(), self._order
        after = answer.sampling.after(settings, order)
        self.body.strip.show_after(after.effective_after, after.cut)
        certain = cuts_are_certain(settings, order, answer.captured)
        may_be = count_open(answer.came_unlisted, after.cut, settings, order)
        self.body.survival.show_cut(after.cut, may_be, certain=certain)
        self._read_strip(-1)
        words = whole_words(after, answer.captured, self._vocabulary, certain=certain)
        self.body.answer.say(_("Typically {words}.").format(words=words))

    def _show_bars(self, chain: Chain, settings: SamplerSettings, *, another: bool) -> None:
        order = self._order
        found = chain.after(settings, order)
        shown = picture(
            chain.token,
            self._spelled,
            found,
            settings=settings,
            order=order,
            seen=lambda step: chain.seen(step, settings, order),
            unset=[one.name for one in CUTTING if one.name not in self._values],
        )
        if another:
            self.body.bars.show_token(shown)
        else:
            self.body.bars.show_result(shown)
        self.body.show_doubt(
            doubt_words(self._answer.doubt if self._answer else None, found.excess)
        )
        doubt = chain.doubt(settings)
        self.body.kept.say(stay_words(found, shown.kept, shown.captured))
        self.body.certainty.say(certainty_words(found, shown.captured, doubt))
        self.body.order.say(order_words(order, settings))
        self._show_learning(wanted=doubt is Doubt.SCORES)
        whole = bool(self._before()) or self._place >= LOOKED_BACK
        self.body.show_counts(counts_words(settings, LOOKED_BACK, whole=whole))

    def _show_learning(self, *, wanted: bool) -> None:
        """Offer to learn what a repetition penalty does, where the server that tells it is known
        by what it told of the prompt."""
        learned = self._learned()
        self.body.learning.setVisible(wanted and bool(self._before()))
        if isinstance(learned, str):
            self.body.learning.say(learned)
        else:
            self.body.learning.say(_("The server may be able to send the scores."), button=True)

    def _learned(self, place: int | None = None) -> Offset | str | None:
        """Return what is known of the logit offset of a token, by default of the token in view."""
        place = self._place if place is None else place
        return self._offsets.get((self._answer.id if self._answer else "", place))

    def _settings(self) -> SamplerSettings:
        return settings_of(self._values, self._defaults)

    def _chain_of(self, table: TokenTable, place: int) -> Chain:
        """Return a token with the counts of the tokens before it."""
        unlisted = self._answer.unlisted if self._answer is not None else {}
        prompt = self._before() or (None if self._counts_prompt else ())
        counts = counts_before(table, place, unlisted, prompt)
        learned = self._learned(place)
        offset = learned if isinstance(learned, Offset) else None
        return Chain(bounded(table[place]), counts, self._vocabulary, offset)

    def _read_strip(self, pointed: int) -> None:
        """Show the figures of a token of the strip with their bounds; −1 is the token in view."""
        answer, place = self._answer, pointed if pointed >= 0 else self._place
        if answer is None or place >= len(answer.table):
            return
        settings = self._settings()
        chain = self._chain if place == self._place else None
        if place != self._place and settings.repetition_penalty == 1:
            # With a repetition penalty the bounds take longer than a frame.
            chain = self._chain_of(answer.table, place)
        if chain is not None:
            bounds = chain.effective_bounds(settings, self._order)
            self.body.strip.take_bounds(place, bounds)
        self.body.show_reading(place)

    def _tell_readings(self) -> None:
        held = self._answer
        if held is None:
            self.read.emit({})
            return
        answer = Answer(held.sampling, held.captured, self._vocabulary)
        self.read.emit(dict(readings(answer, self._values, self._order)))

    # Wishes of the person.

    def _want_token(self, place: int) -> None:
        if self._answer is not None:
            self._show_place(place)
            self.token_wanted.emit(self._answer.id, place)

    def _want_branch(self, alternative: int) -> None:
        if self._answer is not None:
            self.branch_wanted.emit(self._answer.id, self._place, alternative)

    def _want_offset(self) -> None:
        if self._answer is not None:
            self._offsets[self._answer.id, self._place] = _("Asking the server…")
            self._refresh()
            self.offset_wanted.emit(self._answer.id, self._place)

    def _ask(self) -> None:
        self.asking_wanted.emit()
