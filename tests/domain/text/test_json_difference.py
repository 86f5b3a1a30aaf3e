"""What differs between two bodies is found, all of it, where it is, and as what a person did."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text import json_difference
from app.domain.text.json_difference import DEEPEST, Difference, DifferenceKind, differences

# Few and alike, so that values share parts; 1, 1.0 and true are three.
leaves = st.sampled_from([None, True, False, 0, 1, 1.0, -0.0, 0.0, "", "a", "b", "line\nbreak"])
messages = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant"]), "content": st.sampled_from("abcd")}
)
names = st.sampled_from(["a", "b", "messages", "role"])


def containers(inside: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inside, max_size=6) | st.dictionaries(names, inside, max_size=3)


json_values = st.recursive(leaves | messages, containers, max_leaves=20)
conversations = st.lists(messages, max_size=12)


def exact(value: Any) -> str:
    """Tell apart what `==` doesn't, but for the order of names."""
    return json.dumps(value, sort_keys=True)


def applied(found: list[Difference], value: Any, path: str = "", after: str = "") -> Any:
    """What a value at two paths becomes when all that was found in it is done."""
    for one in found:
        if one.kind is DifferenceKind.CHANGED and (one.path_before, one.path) == (path, after):
            assert exact(one.before) == exact(value)
            return one.after
    added = {one.path: one.after for one in found if one.kind is DifferenceKind.ADDED}
    removed = {one.path: one.before for one in found if one.kind is DifferenceKind.REMOVED}
    if isinstance(value, dict):
        made = {}
        for name, one in value.items():
            here, there = (f"{at}.{name}".removeprefix(".") for at in (path, after))
            if here in removed:
                assert exact(removed[here]) == exact(one)
            else:
                made[name] = applied(found, one, here, there)
        for name in ("a", "b", "c", "messages", "role", "content"):
            there = f"{after}.{name}".removeprefix(".")
            if there in added:
                assert name not in made
                made[name] = added[there]
        return made
    if isinstance(value, list):
        stays = []
        for number, one in enumerate(value):
            if f"{path}[{number}]" in removed:
                assert exact(removed[f"{path}[{number}]"]) == exact(one)
            else:
                stays.append((number, one))
        items: list[Any] = []
        while stays or f"{after}[{len(items)}]" in added:
            there = f"{after}[{len(items)}]"
            if there in added:
                items.append(added[there])
            else:
                number, one = stays.pop(0)
                items.append(applied(found, one, f"{path}[{number}]", there))
        return items
    return value


def told(before: Any, after: Any) -> list[tuple[str, str]]:
    return [(str(one.kind), one.path) for one in differences(before, after)]


def said(*texts: str) -> list[dict[str, str]]:
    roles = ("user", "assistant")
    return [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]


@given(before=json_values, after=json_values)
def test_what_is_found_makes_the_one_value_of_the_other(before: Any, after: Any) -> None:
    assert exact(applied(differences(before, after), before)) == exact(after)


@given(before=conversations, after=conversations)
def test_what_is_found_makes_one_conversation_of_another(before: Any, after: Any) -> None:
    found = differences({"messages": before}, {"messages": after})
    assert exact(applied(found, {"messages": before})) == exact({"messages": after})


@given(before=st.permutations(range(8)), after=st.permutations(range(10)))
def test_what_is_found_puts_another_order_in_order(before: list[int], after: list[int]) -> None:
    found = differences(before, after)
    assert exact(applied(found, before)) == exact(after)


def test_what_was_left_out_at_the_beginning_is_removed() -> None:
    before = {"messages": said("1", "2", "3", "4", "5")}
    after = {"messages": said("3", "4", "other")}
    assert told(before, after) == [
        ("removed", "messages[0]"),
        ("removed", "messages[1]"),
        ("changed", "messages[2].content"),
    ]


@given(before=json_values, after=json_values)
def test_nothing_is_found_where_it_does_not_differ(before: Any, after: Any) -> None:
    for one in differences(before, after):
        if one.kind is DifferenceKind.CHANGED:
            assert exact(one.before) != exact(one.after)
        assert (one.kind is DifferenceKind.ADDED) == (one.path_before == "") or one.path == ""


@given(value=json_values)
def test_what_is_equal_does_not_differ(value: Any) -> None:
    assert differences(value, json.loads(json.dumps(value))) == []


@given(before=conversations, more=conversations)
def test_turns_that_are_appended_are_added_and_nothing_else(before: Any, more: Any) -> None:
    found = differences({"messages": before}, {"messages": before + more})
    places = range(len(before), len(before) + len(more))
    assert [(one.kind, one.path) for one in found] == [
        (DifferenceKind.ADDED, f"messages[{place}]") for place in places
    ]
    assert [one.after for one in found] == more


def test_a_changed_instruction_does_not_hide_that_turns_were_added() -> None:
    before = {"messages": [{"role": "system", "content": "Be brief."}, *said("One")]}
    after = {"messages": [{"role": "system", "content": "Rhyme."}, *said("One", "Two", "Three")]}
    assert told(before, after) == [
        ("changed", "messages[0].content"),
        ("added", "messages[2]"),
        ("added", "messages[3]"),
    ]


def test_what_moved_is_compared_with_what_it_was() -> None:
    before = {"messages": said("One", "Two", "Three")}
    after = {"messages": [{"role": "system", "content": "New"}, *said("One", "Other", "Three")]}
    found = differences(before, after)
    assert [(one.path_before, one.path) for one in found] == [
        ("", "messages[0]"),
        ("messages[1].content", "messages[2].content"),
    ]


def test_messages_of_another_role_are_not_compared() -> None:
    before = {"messages": [*said("One"), {"role": "tool", "content": "x"}]}
    after = {"messages": [*said("One"), {"role": "user", "content": "y"}]}
    assert told(before, after) == [("removed", "messages[1]"), ("added", "messages[1]")]


def test_a_tool_that_is_put_in_the_middle_is_added() -> None:
    def tool(name: str, **more: Any) -> dict[str, Any]:
        return {"type": "function", "function": {"name": name, **more}}

    before = {"tools": [tool("a"), tool("c", description="old")]}
    after = {"tools": [tool("a"), tool("b"), tool("c", description="new")]}
    assert told(before, after) == [
        ("added", "tools[1]"),
        ("changed", "tools[2].function.description"),
    ]


def test_parameters_come_before_messages() -> None:
    before = {"messages": said("One"), "temperature": 1, "seed": 7}
    after = {"messages": said("Two"), "temperature": 1.0, "top_p": 0.5}
    assert told(before, after) == [
        ("changed", "temperature"),
        ("removed", "seed"),
        ("added", "top_p"),
        ("changed", "messages[0].content"),
    ]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("50256", 'a["50256"]'),
        ("a.b", 'a["a.b"]'),
        ('"', 'a["\\""]'),
        ("", 'a[""]'),
        ("好", 'a["好"]'),
        ("\u202e", 'a["\\u202e"]'),
        ("x" * 200, f"a[{json.dumps('x' * 100 + '…', ensure_ascii=False)}]"),
        ("json_schema-2", "a.json_schema-2"),
    ],
)
def test_a_path_spells_out_what_is_no_plain_name(name: str, path: str) -> None:
    assert told({"a": {}}, {"a": {name: 1}}) == [("added", path)]


def test_other_sorts_of_values_are_changed_as_a_whole() -> None:
    assert told({"stop": "a"}, {"stop": ["a"]}) == [("changed", "stop")]
    assert told([1], {"a": 1}) == [("changed", "")]


def test_long_conversations_where_every_other_message_differs_are_aligned() -> None:
    before = {"messages": said(*(f"{n}" for n in range(10_000)))}
    after = {"messages": said(*(f"{n} {'other' * (n % 2)}".strip() for n in range(10_000)))}
    after["messages"].insert(0, {"role": "system", "content": "New"})
    found = differences(before, after)
    assert len(found) == 5_001
    assert {one.kind for one in found[1:]} == {DifferenceKind.CHANGED}
    assert found[-1].path == "messages[10000].content"


def test_bodies_of_ten_megabytes_are_compared() -> None:
    before = {"messages": said("a" * 10_000_000, *["same"] * 9_999)}
    after = {"messages": said("a" * 9_999_999 + "b", *["same"] * 9_998, "other", "new")}
    assert told(before, after) == [
        ("changed", "messages[0].content"),
        ("changed", "messages[9999].content"),
        ("added", "messages[10000]"),
    ]


def test_more_than_anybody_reads_is_one_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_difference, "MOST", 5)
    assert told({"a": [1] * 3, "b": 1}, {"a": [2] * 3, "b": 2}) == [
        ("changed", "a"),
        ("changed", "b"),
    ]
    assert told({"a": dict.fromkeys("abcdef", 1)}, {"a": {}}) == [("changed", "a")]


def test_what_is_nested_without_end_is_one_change() -> None:
    before: Any = 1
    after: Any = 2
    for _turn in range(5_000):
        before, after = [before, "x"], [after, "x"]
    (found,) = differences(before, after)
    assert found.path == "[0]" * DEEPEST
    assert differences(before, before[:]) == []
