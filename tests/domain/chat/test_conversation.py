"""Trees of messages."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from app.domain.chat.conversation import Message, Role, Tree


def message(id_: str, parent: str | None) -> Message:
    return Message(id=id_, parent=parent, role=Role.USER, text=id_, created=0)


@st.composite
def trees(draw: st.DrawFn) -> list[Message]:
    count = draw(st.integers(1, 30))
    return [
        message(str(n), None if n == 0 else str(draw(st.integers(0, n - 1)))) for n in range(count)
    ]


@given(trees())
def test_every_path_begins_at_the_beginning_and_ends_at_its_leaf(messages: list[Message]) -> None:
    tree = Tree(messages)
    for one in messages:
        path = tree.path(one.id)
        assert path[0].parent is None
        assert path[-1].id == one.id
        assert all(a.id == b.parent for a, b in itertools.pairwise(path))


@given(trees())
def test_the_leaf_below_has_no_replies_and_lies_below(messages: list[Message]) -> None:
    tree = Tree(messages)
    for one in messages:
        leaf = tree.leaf_below(one.id)
        assert not tree.children(leaf)
        assert one in tree.path(leaf)


def test_replies_to_the_same_message_are_branches_in_order() -> None:
    tree = Tree([message("q", None), message("a", "q"), message("b", "q")])
    assert tree.siblings("a") == ("a", "b")
    assert tree.leaf_below("q") == "b"


def test_a_cycle_ends_quietly() -> None:
    tree = Tree([message("a", "b"), message("b", "a")])
    assert len(tree.path("a")) == 2
    assert tree.leaf_below("a") in {"a", "b"}


def test_an_orphan_is_a_path_of_its_own() -> None:
    assert [one.id for one in Tree([message("a", "gone")]).path("a")] == ["a"]


def test_putting_a_message_again_replaces_it() -> None:
    tree = Tree([message("a", None)])
    tree.put(Message(id="a", parent=None, role=Role.USER, text="new", created=0))
    assert tree.children(None) == ("a",)
    assert tree["a"].text == "new"
