from __future__ import annotations

import pytest

from robota_tui.ui.actions import ACTIONS, FOOTER_ORDER
from robota_tui.ui.bindings import (
    action_ids,
    apply_keymap,
    default_bindings,
    key_meanings,
    key_table_markdown,
    textual_keymap,
)
from robota_tui.ui.commands.registry import COMMANDS
from robota_tui.ui.keynames import KeyProblem, key_label, parse_key


def test_every_action_has_a_command_and_every_command_an_action() -> None:
    assert set(COMMANDS) == set(action_ids())


def test_ids_keys_and_leader_keys_are_unique() -> None:
    assert len(set(action_ids())) == len(ACTIONS)
    keys = [key for row in ACTIONS for key in (*row.keys, *row.empty_keys)]
    leader = [key for row in ACTIONS for key in row.leader]
    assert len(set(keys)) == len(keys)
    assert len(set(leader)) == len(leader)


def test_every_key_of_the_table_is_spelled_as_the_program_receives_it() -> None:
    assert [key for row in ACTIONS for key in (*row.keys, *row.empty_keys) if parse_key(key) != key] == []


def test_every_action_says_what_it_does_and_can_be_reached() -> None:
    for row in ACTIONS:
        assert row.description
        assert row.tooltip.endswith(".")
        assert row.keys or row.leader


def test_the_footer_shows_exactly_the_actions_that_have_a_word_for_it() -> None:
    assert set(FOOTER_ORDER) == {row.id for row in ACTIONS if row.footer}


def test_an_unknown_action_names_the_nearest() -> None:
    rows, problems = apply_keymap({"chat.nxt": "f3"})
    assert rows == ACTIONS
    assert "chat.next" in str(problems[0])
    assert problems[0].action_id == "chat.nxt"


def test_a_clash_names_both_actions_and_changes_nothing() -> None:
    rows, problems = apply_keymap({"chat.next": "ctrl+n"})
    assert rows == ACTIONS
    assert "chat.next" in str(problems[0])
    assert "chat.new" in str(problems[0])


def test_two_changes_that_clash_with_each_other_leave_the_first() -> None:
    rows, problems = apply_keymap({"chat.next": "f5", "chat.previous": "f5"})
    keys = {row.id: row.keys for row in rows}
    assert keys["chat.next"] == ("f5",)
    assert keys["chat.previous"] == ("ctrl+pageup",)
    assert [problem.action_id for problem in problems] == ["chat.previous"]


def test_two_actions_may_swap_their_keys() -> None:
    rows, problems = apply_keymap({"chat.next": "ctrl+pageup", "chat.previous": "ctrl+pagedown"})
    assert problems == ()
    keys = {row.id: row.keys for row in rows}
    assert keys["chat.next"] == ("ctrl+pageup",)
    assert keys["chat.previous"] == ("ctrl+pagedown",)


def test_several_keys_and_none_are_possible() -> None:
    rows, problems = apply_keymap({"goto": "f3, shift+ctrl+o", "chat.new": ""})
    keys = {row.id: row.keys for row in rows}
    assert problems == ()
    assert keys["goto"] == ("f3", "ctrl+shift+o")
    assert keys["chat.new"] == ()
    assert textual_keymap(rows)["chat.new"] not in {"", "ctrl+n"}


def test_ctrl_c_cannot_be_taken() -> None:
    assert apply_keymap({"help": "ctrl+c"})[1]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ctrl+n", "ctrl+n"),
        ("CTRL+N", "ctrl+n"),
        ("shift+ctrl+up", "ctrl+shift+up"),
        ("alt+/", "alt+slash"),
        ("ctrl++", "ctrl+plus"),
        ("f12", "f12"),
        ("alt+question_mark", "alt+question_mark"),
    ],
)
def test_keys_are_understood_however_they_are_written(text: str, wanted: str) -> None:
    assert parse_key(text) == wanted


@pytest.mark.parametrize(
    "text", ["", "x", "shift+x", "hyperspace+x", "ctrl+nonsense", "ctrl+i", "ctrl+", "+"]
)
def test_keys_that_no_terminal_sends_or_that_one_types_are_refused(text: str) -> None:
    assert isinstance(parse_key(text), KeyProblem)


def test_keys_are_shown_short() -> None:
    assert [key_label(key) for key in ("ctrl+pageup", "alt+slash", "alt+up")] == [
        "ctrl+pgup",
        "alt+/",
        "alt+↑",
    ]


def test_the_key_table_holds_every_action_once() -> None:
    table = key_table_markdown()
    for row in ACTIONS:
        if not row.id.startswith("chat.") or not row.id[5:].isdigit():
            assert table.count(f"| {row.description} |") == 1
    assert "| `alt+1` … `alt+9` | `1` … `9` |" in table


def test_an_action_without_a_key_can_still_be_given_one() -> None:
    bound = {binding.id for binding in default_bindings("screen")}
    assert {row.id for row in ACTIONS if row.scope == "screen"} == bound


def test_a_key_that_moves_in_text_counts_only_without_text() -> None:
    meanings = key_meanings(ACTIONS)
    assert meanings["alt+left"].only_when_empty
    assert not meanings["ctrl+pageup"].only_when_empty
