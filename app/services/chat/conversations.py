"""The open conversations of the program, and every change that is made to one.

Nothing else writes the fields of an `OpenConversation`. Each change is announced here once.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import fields as fields_of
from dataclasses import replace
from typing import Any

from app.domain.chat.conversation import Conversation, Message, Tree
from app.domain.chat.conversation_list import ConversationEntry, ListChange
from app.domain.chat.reply import Reply
from app.domain.chat.titles import LONGEST_TITLE, title_from
from app.domain.errors import InputError, LibraryError
from app.domain.ids import new_id
from app.domain.text.graphemes import cut_between_graphemes
from app.domain.text.translation import _
from app.domain.tokens.token_table import TokenTable
from app.services.chat.open_conversation import Deleted, OpenConversation
from app.services.chat.unsaved_answers import UnsavedAnswers
from app.services.observers import Observers
from app.store.conversation_list import ConversationList
from app.store.library import Library

log = logging.getLogger(__name__)


__all__ = ["Conversations", "Deleted", "OpenConversation"]


class Conversations:
    """Owner of the state of all conversations. The library is written before memory changes."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._open: dict[str, OpenConversation] = {}
        #: Ids of deleted conversations that stay open until their reply has ended.
        self._deleted: set[str] = set()
        #: Answers that are not on the disk yet.
        self.unsaved = UnsavedAnswers(library)
        #: A row of the list changed: it was added, renamed, moved, deleted or restored.
        self.listed: Observers[[ListChange]] = Observers()
        #: A conversation, by its id, was put into the trash.
        self.deleted: Observers[[str]] = Observers()
        #: A conversation's id and the names of the fields of `Conversation` that have changed.
        self.changed: Observers[[str, frozenset[str]]] = Observers()
        #: A conversation's id and a message that came to the end of its path.
        self.arrived: Observers[[str, Message]] = Observers()
        #: The path of a conversation, by its id, changed other than by growing at its end.
        self.rearranged: Observers[[str]] = Observers()
        #: A conversation's id and a message that changed after it had its final form.
        self.amended: Observers[[str, Message]] = Observers()

    def all(self) -> list[Conversation]:
        """Every conversation that isn't in the trash, the latest first. Takes time in proportion to
        their number; the window reads `listing` instead."""
        return self._library.conversations()

    @property
    def listing(self) -> ConversationList:
        """The conversations that are not in the trash, the latest first, read by rows. Observe
        `listed` for changes."""
        return self._library.listing

    def open(self, conversation_id: str) -> OpenConversation:
        """Load a conversation, or return it as it is open already. Raises NotFoundError, also for a
        deleted conversation."""
        if conversation_id not in self._open or conversation_id in self._deleted:
            conversation = self._library.conversation(conversation_id)
            opened = OpenConversation(conversation, Tree())
            self._load_messages(opened)
            self._open[conversation_id] = opened
        return self._open[conversation_id]

    def opened(self, conversation_id: str) -> OpenConversation | None:
        """Return a conversation if it is open already; None otherwise."""
        return self._open.get(conversation_id)

    def release(self, conversation_id: str) -> None:
        """Forget the messages of a conversation out of view, unless one is streaming or is not
        saved yet."""
        opened = self._open.get(conversation_id)
        if opened is not None and opened.reply is None and not self.unsaved.of(conversation_id):
            del self._open[conversation_id]

    def create(
        self,
        *,
        provider: str,
        model: str,
        system: str = "",
        parameters: Mapping[str, Any] | None = None,
        routing: Mapping[str, Any] | None = None,
        title: str = "",
    ) -> OpenConversation:
        """Add an empty conversation at the top."""
        now = time.time()
        conversation = Conversation(
            id=new_id(),
            title=title,
            created=now,
            updated=now,
            provider=provider,
            model=model,
            system=system,
            parameters=dict(parameters or {}),
            routing=dict(routing or {}),
        )
        self._library.add_conversation(conversation)
        opened = self._open[conversation.id] = OpenConversation(conversation, Tree())
        self._tell_list(conversation.id, None)
        return opened

    def change(self, opened: OpenConversation, **fields: Any) -> None:
        """Change fields of a conversation, such as its title, in the library and then in memory.

        Raises LibraryError, and changes nothing then.
        """
        changed = replace(opened.conversation, **fields)
        if changed != opened.conversation:
            before = self._library.listing.entry(opened.id)
            self._library.update_conversation(changed)
            self._put(opened, changed)
            self._tell_list(opened.id, before)

    def choose(self, opened: OpenConversation, **fields: Any) -> None:
        """Change how a conversation's next answer is asked for: provider, model, system,
        parameters, routing.

        The choice holds in memory even where it can't be written, since the next request is made
        from what the screen shows. Raises LibraryError after that.
        """
        changed = replace(opened.conversation, **fields)
        if changed != opened.conversation:
            self._put(opened, changed)
            self._library.update_conversation(changed)

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title, which is cut at LONGEST_TITLE code points. Raises
        LibraryError."""
        words = cut_between_graphemes(" ".join(title.split()), LONGEST_TITLE)
        self.change(self.open(conversation_id), title=words)

    def mark_unread(self, opened: OpenConversation, unread: bool) -> None:
        """Note whether an answer has come that the person hasn't seen. Raises LibraryError."""
        self.change(opened, unread=unread)

    def delete(self, conversation_id: str) -> None:
        """Put a conversation into the trash, from which `restore` takes it.

        A reply that streams in it goes on until its owner stops it. The conversation stays in
        memory until then, so that the answer reaches the same object if it is restored meanwhile.
        """
        before = self._library.listing.entry(conversation_id)
        self._library.delete_conversation(conversation_id)
        opened = self._open.get(conversation_id)
        if opened is not None and opened.reply is not None:
            self._deleted.add(conversation_id)
        else:
            self._open.pop(conversation_id, None)
        self.deleted.notify(conversation_id)
        self._tell_list(conversation_id, before)

    def restore(self, conversation_id: str) -> None:
        """Take a conversation out of the trash."""
        before = self._library.listing.entry(conversation_id)
        self._library.restore_conversation(conversation_id)
        self._deleted.discard(conversation_id)
        self._tell_list(conversation_id, before)

    def about(self, conversation_id: str) -> Conversation:
        """Return a conversation without loading its messages. Raises NotFoundError."""
        opened = self._open.get(conversation_id)
        return (
            self._library.conversation(conversation_id) if opened is None else opened.conversation
        )

    def forget(self, conversation_id: str) -> None:
        """Forget a conversation that was deleted for good."""
        self._open.pop(conversation_id, None)
        self._deleted.discard(conversation_id)
        self.unsaved.forget(conversation_id)

    def add_message(self, opened: OpenConversation, message: Message) -> None:
        """Put a message at the end of the path, durably; the first one gives the title."""
        # First, so that the order of arrival on the disk is the true one.
        self.unsaved.try_to_save()
        now = time.time()
        before = self._library.listing.entry(opened.id)
        self._library.add_message(opened.id, message, updated=now)
        opened.tree.put(message)
        opened.conversation = replace(opened.conversation, current=message.id, updated=now)
        self._tell_list(opened.id, before)
        if not opened.conversation.title and message.text:
            self.change(opened, title=title_from(message.text))
        self._tell_arrival(opened, message)

    def add_branch(
        self,
        opened: OpenConversation,
        message: Message,
        probabilities: TokenTable,
        request: tuple[str, Mapping[str, Any]] | None = None,
    ) -> None:
        """Add a finished answer, with the probabilities of its tokens and the address and body of
        its request, and show the branch that it ends. Raises LibraryError."""
        now = time.time()
        before = self._library.listing.entry(opened.id)
        self._library.add_answer(opened.id, message, probabilities, request=request, updated=now)
        opened.tree.put(message)
        opened.conversation = replace(opened.conversation, current=message.id, updated=now)
        self.rearranged.notify(opened.id)
        self._tell_list(opened.id, before)

    def begin_reply(self, opened: OpenConversation, reply: Reply, placeholder: Message) -> None:
        """Have a reply stream at the end of a conversation's path, in memory: `Recording` writes
        it. `placeholder` stands for the answer in the tree until it has its final form."""
        goes_on = placeholder.id in opened.tree
        opened.tree.put(placeholder)
        opened.conversation = replace(opened.conversation, current=placeholder.id)
        opened.reply = reply
        if goes_on:
            self.rearranged.notify(opened.id)
        else:
            self._tell_arrival(opened, placeholder)

    def end_reply(self, opened: OpenConversation, message: Message) -> None:
        """Put an answer's final form, which is in the library, in the place of its reply."""
        opened.tree.put(message)
        opened.reply = None
        if opened.id in self._deleted:
            self._deleted.discard(opened.id)
            self._open.pop(opened.id, None)
        before = opened.conversation.updated
        with suppress(LibraryError):
            entry = self._library.listing.entry(opened.id)
            if entry is not None:
                opened.conversation = replace(opened.conversation, updated=entry.updated)
                self._tell_list(opened.id, replace(entry, updated=before))

    def amend_answer(self, opened: OpenConversation, message: Message) -> None:
        """Put more into an answer that had its final form, such as its cost.

        Where that can't be written, it is kept in memory, and the log says so.
        """
        try:
            self._library.amend_answer(message)
        except LibraryError as failure:
            log.info("what became known of an answer was not kept: %s", failure.detail)
        opened.tree.put(message)
        self.amended.notify(opened.id, message)

    def ask_once(self, opened: OpenConversation, **fields: Any) -> None:
        """Change how answers are asked for in memory alone, until the conversation is released."""
        self._put(opened, replace(opened.conversation, **fields))

    def probabilities(self, message_id: str) -> TokenTable:
        """Return the probabilities of an answer's tokens; empty if there are none."""
        unsaved = self.unsaved.get(message_id)
        return self._library.probabilities(message_id) if unsaved is None else unsaved.probabilities

    def has_probabilities(self, message_id: str) -> bool:
        """Return whether probabilities of an answer's tokens are stored."""
        unsaved = self.unsaved.get(message_id)
        if unsaved is not None:
            return len(unsaved.probabilities) > 0
        return self._library.has_probabilities(message_id)

    def select_branch(self, opened: OpenConversation, message_id: str) -> None:
        """Show the branch that begins with a message, to its newest leaf. Raises LibraryError."""
        self.change(opened, current=opened.tree.leaf_below(message_id))
        self.rearranged.notify(opened.id)

    def end_path_at(self, opened: OpenConversation, message_id: str) -> None:
        """Let the path in view end with a message, so that the next message begins a new branch."""
        self.change(opened, current=message_id)
        self.rearranged.notify(opened.id)

    def delete_message(self, opened: OpenConversation, message_id: str) -> Deleted:
        """Put a message and everything after it into the trash. The path then ends with the newest
        leaf of the nearest sibling, or with the message before."""
        below = opened.tree.below(message_id)
        if any(self.unsaved.get(message.id) for message in below):
            # It can be put into the trash once it is on the disk.
            self.unsaved.save()
        deleted = Deleted(tuple(below), opened.conversation.current)
        siblings = opened.tree.siblings(message_id)
        others = [one for one in siblings if one != message_id]
        place = siblings.index(message_id)
        current = opened.conversation.current
        if any(one.id == current for one in below):
            nearest = others[max(0, place - 1)] if others else None
            current = opened.tree.leaf_below(nearest) if nearest else below[0].parent
        self._library.delete_messages([one.id for one in below], current)
        for message in reversed(below):
            opened.tree.remove(message.id)
        opened.conversation = replace(opened.conversation, current=current)
        self.rearranged.notify(opened.id)
        return deleted

    def restore_message(self, opened: OpenConversation, deleted: Deleted) -> None:
        """Take out of the trash what `delete_message` put there. Raises InputError while the
        conversation is being answered."""
        ids = [message.id for message in deleted.messages]
        self.restore_messages(opened.id, ids, deleted.current)

    def restore_messages(
        self, conversation_id: str, message_ids: Sequence[str], current: str | None
    ) -> None:
        """Take messages out of the trash, and show the path that ends with `current`. Raises
        NotFoundError, and InputError while the conversation is being answered."""
        opened = self._open.get(conversation_id)
        if opened is not None and opened.reply is not None:
            raise InputError(_("An answer is streaming in this chat. Stop it, then restore."))
        self._library.restore_messages(message_ids, current)
        if opened is None:
            return
        opened.conversation = replace(opened.conversation, current=current)
        self._load_messages(opened)
        self.rearranged.notify(opened.id)

    def request(self, message_id: str) -> tuple[str, dict[str, Any]] | None:
        """Return the address and the exact body that were sent for an answer; None if unknown."""
        unsaved = self.unsaved.get(message_id)
        if unsaved is not None and unsaved.request is not None:
            return unsaved.request[0], dict(unsaved.request[1])
        return self._library.request(message_id)

    def request_head(self, message_id: str) -> dict[str, Any] | None:
        """Return the body that was sent for an answer without its messages, which is quick for any
        number of messages; None if not stored."""
        return self._library.request_head(message_id)

    def request_before(self, opened: OpenConversation, message_id: str) -> str | None:
        """Return the id of the nearest earlier answer on the path whose request is stored."""
        kept = self._library.answers_with_request(opened.id)
        earlier = opened.tree.path(opened.tree[message_id].parent)
        return next((one.id for one in reversed(earlier) if one.id in kept), None)

    def other_versions(self, opened: OpenConversation, message_id: str) -> list[tuple[int, str]]:
        """Return the answers beside another one whose request is stored, as pairs of their number
        among all siblings, from 1, and their id."""
        kept = self._library.answers_with_request(opened.id)
        versions = enumerate(opened.tree.siblings(message_id), 1)
        return [(number, one) for number, one in versions if one in kept and one != message_id]

    def others_with_request(self, opened: OpenConversation, message_id: str) -> list[Message]:
        """Return all other answers of all branches whose request is stored, the latest first."""
        kept = self._library.answers_with_request(opened.id) - {message_id}
        answers = [opened.tree[one] for one in kept if one in opened.tree]
        return sorted(answers, key=lambda one: (one.created, one.id), reverse=True)

    def changed_elsewhere(self) -> bool:
        """Return whether another process has written to the library since the last call."""
        return self._library.changed_elsewhere()

    def _load_messages(self, opened: OpenConversation) -> None:
        """Read the messages from the library, and add the answers that are not there yet."""
        # Siblings stand in the order of their arrival, which the library knows.
        opened.tree = Tree(self._library.messages(opened.id))
        for message in self.unsaved.of(opened.id):
            opened.tree.put(message)
            if opened.conversation.current == message.parent:
                opened.conversation = replace(opened.conversation, current=message.id)

    def _put(self, opened: OpenConversation, changed: Conversation) -> None:
        before, opened.conversation = opened.conversation, changed
        names = frozenset(
            field.name
            for field in fields_of(Conversation)
            if getattr(before, field.name) != getattr(changed, field.name)
        )
        self.changed.notify(opened.id, names)

    def _tell_list(self, conversation_id: str, before: ConversationEntry | None) -> None:
        """Tell of the change of a row of the list, whose entry was `before`. The library has been
        written already, so that an error of reading is logged only."""
        try:
            after = self._library.listing.entry(conversation_id)
        except LibraryError as failure:
            log.info("the list of conversations is out of date: %s", failure.detail)
            return
        if before != after:
            self.listed.notify(ListChange(before, after))

    def _tell_arrival(self, opened: OpenConversation, message: Message) -> None:
        # Beside a sibling it shows another path than before.
        if len(opened.tree.siblings(message.id)) > 1:
            self.rearranged.notify(opened.id)
        else:
            self.arrived.notify(opened.id, message)
