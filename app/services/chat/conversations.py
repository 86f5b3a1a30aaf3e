"""The conversations as the program has them open: the list, and one tree for each in use."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.domain.chat.conversation import Conversation, Message, Tree, new_id, title_from
from app.domain.chat.reply import Reply
from app.domain.tokens.token_table import TokenTable
from app.services.observers import News
from app.store.library import Library

TRASH_SECONDS = 30 * 24 * 3600.0


class OpenConversation:
    """A conversation with its messages in memory, and the reply that is streaming, if any."""

    def __init__(self, conversation: Conversation, tree: Tree) -> None:
        self.conversation = conversation
        self.tree = tree
        self.reply: Reply | None = None

    @property
    def id(self) -> str:
        """The conversation's id."""
        return self.conversation.id

    def path(self) -> list[Message]:
        """The messages in view, from the first to the current leaf."""
        return self.tree.path(self.conversation.current)


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted together, and where the path ended before."""

    messages: tuple[Message, ...]
    current: str | None


class Conversations:
    """The owner of every conversation's state; the library is written before memory is."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._open: dict[str, OpenConversation] = {}
        #: The list changed: order, titles, members.
        self.listed: News[[]] = News()
        #: A conversation, by its id, was put into the trash.
        self.deleted: News[[str]] = News()
        #: The path in view changed other than by growing at its end.
        self.rearranged: News[[str]] = News()

    def all(self) -> list[Conversation]:
        """Every conversation that isn't in the trash, the latest first."""
        return self._library.conversations()

    def open(self, conversation_id: str) -> OpenConversation:
        """Load a conversation, or return it as it is open already. Raises NotFoundError."""
        if conversation_id not in self._open:
            conversation = self._library.conversation(conversation_id)
            tree = Tree(self._library.messages(conversation_id))
            self._open[conversation_id] = OpenConversation(conversation, tree)
        return self._open[conversation_id]

    def opened(self, conversation_id: str) -> OpenConversation | None:
        """A conversation that is open already."""
        return self._open.get(conversation_id)

    def release(self, conversation_id: str) -> None:
        """Forget the messages of a conversation out of view, unless one is streaming."""
        held = self._open.get(conversation_id)
        if held is not None and held.reply is None:
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
        held = self._open[conversation.id] = OpenConversation(conversation, Tree())
        self.listed.tell()
        return held

    def change(self, held: OpenConversation, **fields: Any) -> None:
        """Change fields of a conversation: title, provider, model, system, parameters, current."""
        changed = replace(held.conversation, **fields)
        if changed == held.conversation:
            return
        self._library.update_conversation(changed)
        held.conversation = changed
        if "title" in fields:
            self.listed.tell()

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title; an empty one is no title."""
        self.change(self.open(conversation_id), title=" ".join(title.split())[:200])

    def delete(self, conversation_id: str) -> None:
        """Put a conversation into the trash, from which `restore` takes it."""
        self._library.delete_conversation(conversation_id)
        self._open.pop(conversation_id, None)
        self.deleted.tell(conversation_id)
        self.listed.tell()

    def restore(self, conversation_id: str) -> None:
        """Take a conversation out of the trash."""
        self._library.restore_conversation(conversation_id)
        self.listed.tell()

    def empty_trash(self) -> None:
        """Delete for good what has lain in the trash for a month."""
        self._library.empty_trash(time.time() - TRASH_SECONDS)

    def add_message(self, held: OpenConversation, message: Message) -> None:
        """Put a message at the end of the path, durably; the first one gives the title."""
        now = time.time()
        self._library.add_message(held.id, message, updated=now)
        held.tree.put(message)
        held.conversation = replace(held.conversation, current=message.id, updated=now)
        if not held.conversation.title and message.text:
            self.change(held, title=title_from(message.text))
        self.listed.tell()

    def add_branch(
        self, held: OpenConversation, message: Message, probabilities: TokenTable
    ) -> None:
        """Add a finished answer with the probabilities of its tokens, and show it."""
        self._library.add_answer(held.id, message, probabilities, updated=time.time())
        held.tree.put(message)
        held.conversation = replace(held.conversation, current=message.id)

    def probabilities(self, message_id: str) -> TokenTable:
        """The probabilities of an answer's tokens; empty where they were not asked for."""
        return self._library.probabilities(message_id)

    def has_probabilities(self, message_id: str) -> bool:
        """Whether there are any of an answer."""
        return self._library.has_probabilities(message_id)

    def select_branch(self, held: OpenConversation, message_id: str) -> None:
        """Show the branch that a message begins, down to its newest leaf."""
        self.change(held, current=held.tree.leaf_below(message_id))
        self.rearranged.tell(held.id)

    def end_path_at(self, held: OpenConversation, message_id: str) -> None:
        """Show the path only as far as a message, so that what is said next is a new branch."""
        self.change(held, current=message_id)
        self.rearranged.tell(held.id)

    def delete_message(self, held: OpenConversation, message_id: str) -> Deleted:
        """Put a message, and all that was said after it, into the trash. What is shown then ends
        where the nearest other branch ends, or with the message before."""
        below = held.tree.below(message_id)
        deleted = Deleted(tuple(below), held.conversation.current)
        siblings = held.tree.siblings(message_id)
        others = [one for one in siblings if one != message_id]
        place = siblings.index(message_id)
        current = held.conversation.current
        if any(one.id == current for one in below):
            nearest = others[max(0, place - 1)] if others else None
            current = held.tree.leaf_below(nearest) if nearest else below[0].parent
        self._library.delete_messages([one.id for one in below], current)
        for message in reversed(below):
            held.tree.remove(message.id)
        held.conversation = replace(held.conversation, current=current)
        self.rearranged.tell(held.id)
        return deleted

    def restore_message(self, held: OpenConversation, deleted: Deleted) -> None:
        """Take out of the trash what `delete_message` put there."""
        self._library.restore_messages([one.id for one in deleted.messages], deleted.current)
        # Siblings stand in the order of their arrival, which the library knows.
        held.tree = Tree(self._library.messages(held.id))
        held.conversation = replace(held.conversation, current=deleted.current)
        self.rearranged.tell(held.id)

    def request(self, message_id: str) -> tuple[str, dict[str, Any]] | None:
        """The address and the exact body that were sent for an answer, where they are kept."""
        return self._library.request(message_id)

    def request_head(self, message_id: str) -> dict[str, Any] | None:
        """The body as it was sent but for its messages, read quickly however many there are."""
        return self._library.request_head(message_id)

    def request_before(self, held: OpenConversation, message_id: str) -> str | None:
        """The answer before another on its path, the nearest whose request is kept: its id."""
        kept = self._library.answers_with_request(held.id)
        earlier = held.tree.path(held.tree[message_id].parent)
        return next((one.id for one in reversed(earlier) if one.id in kept), None)

    def other_versions(self, held: OpenConversation, message_id: str) -> list[tuple[int, str]]:
        """The answers beside another whose request is kept: number among all, from 1, and id."""
        kept = self._library.answers_with_request(held.id)
        versions = enumerate(held.tree.siblings(message_id), 1)
        return [(number, one) for number, one in versions if one in kept and one != message_id]

    def others_with_request(self, held: OpenConversation, message_id: str) -> list[Message]:
        """Every other answer whose request is kept, of all branches, the latest first."""
        kept = self._library.answers_with_request(held.id) - {message_id}
        answers = [held.tree[one] for one in kept if one in held.tree]
        return sorted(answers, key=lambda one: (one.created, one.id), reverse=True)

    def changed_elsewhere(self) -> bool:
        """Whether another process has written to the library since this was last asked."""
        return self._library.changed_elsewhere()
