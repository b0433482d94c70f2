"""What follows from the table of actions: Textual bindings, the user's keymap, the README's key table."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from textual.binding import Binding

from robota_tui.ui.actions import ACTIONS, LEADER_ID, ActionRow, Scope
from robota_tui.ui.keynames import KeyProblem, key_label, parse_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "ACTIONS",
    "LEADER_ID",
    "ActionRow",
    "KeyMeaning",
    "KeymapProblem",
    "Scope",
    "action_ids",
    "apply_keymap",
    "default_bindings",
    "key_meanings",
    "key_table_markdown",
    "textual_keymap",
]


@dataclass(frozen=True, slots=True)
class KeymapProblem:
    """One entry of a user's keymap that was not used."""

    action_id: str
    """The key of the entry in `[keymap]`, as the user wrote it."""
    message: str
    """What is wrong and what to do."""

    def __str__(self) -> str:
        return f"keymap: {self.action_id}: {self.message}"


@dataclass(frozen=True, slots=True)
class KeyMeaning:
    """The action of a key."""

    action_id: str
    only_when_empty: bool = False
    """Whether the key moves the cursor while there is text."""


def action_ids() -> tuple[str, ...]:
    """The ids of all actions, in the order of the table."""
    return tuple(row.id for row in ACTIONS)


def apply_keymap(
    user_keymap: Mapping[str, str],
) -> tuple[tuple[ActionRow, ...], tuple[KeymapProblem, ...]]:
    """The table with the user's keys in it, and the entries that could not be used.

    A value holds one key or several with commas between them; an empty one leaves the action without a
    direct key. Textual's own `set_keymap` swallows every mistake, so each entry is checked here.
    """
    rows = {row.id: row for row in ACTIONS}
    problems: list[KeymapProblem] = []
    changed: dict[str, tuple[str, ...]] = {}
    for action_id, text in user_keymap.items():
        if action_id not in rows:
            problems.append(KeymapProblem(action_id, _unknown_id(action_id)))
            continue
        parsed = [parse_key(part) for part in text.split(",")] if text.strip() else []
        wrong = [key.message for key in parsed if isinstance(key, KeyProblem)]
        problems.extend(KeymapProblem(action_id, message) for message in wrong)
        if not wrong:
            changed[action_id] = tuple(key for key in parsed if isinstance(key, str))
    problems.extend(_drop_clashes(changed))
    merged = tuple(
        replace(row, keys=changed[row.id], empty_keys=()) if row.id in changed else row for row in ACTIONS
    )
    return merged, tuple(problems)


def default_bindings(scope: Literal["program", "screen"]) -> list[Binding]:
    """The bindings of one scope, each with its action's id, so that a keymap can move them.

    The composer has none: it asks for the meaning of each key in the order of typing, see `key_meanings`.

    An action without a key of its own is bound to a name that no terminal sends: Textual's keymap can
    only move a binding that exists.
    """
    bindings: list[Binding] = []
    for row in ACTIONS:
        if row.scope != scope:
            continue
        run = f"run({row.id!r})"
        keys = ",".join(row.keys) or unreachable_key(row.id)
        bindings.append(Binding(keys, run, row.description, priority=True, tooltip=row.tooltip, id=row.id))
        bindings.extend(Binding(key, run, row.description, id=row.id) for key in row.empty_keys)
    return bindings


def key_meanings(rows: Sequence[ActionRow]) -> dict[str, KeyMeaning]:
    """What each key does while the composer has the focus."""
    meanings = {key: KeyMeaning(row.id) for row in rows for key in row.keys}
    when_empty = {key: KeyMeaning(row.id, only_when_empty=True) for row in rows for key in row.empty_keys}
    return when_empty | meanings


def textual_keymap(rows: Sequence[ActionRow]) -> dict[str, str]:
    """What `App.set_keymap` needs to make the keys those of `rows`; empty when nothing was changed."""
    defaults = {row.id: row for row in ACTIONS}
    return {
        row.id: ",".join(row.keys) or unreachable_key(row.id)
        for row in rows
        if row.keys != defaults[row.id].keys
    }


def unreachable_key(action_id: str) -> str:
    """A key name that no terminal sends."""
    return f"unbound-{action_id}"


def key_table_markdown(rows: Sequence[ActionRow] = ACTIONS) -> str:
    """The key table of the README, in Markdown; chats 1 to 9 share a row."""
    leader = next(key_label(row.keys[0]) if row.keys else "–" for row in rows if row.id == LEADER_ID)
    lines = [f"| action | key | or `{leader}` then |", "|---|---|---|"]
    for row in rows:
        if row.id == "chat.1":
            lines.append("| chat 1 … 9 of this session | `alt+1` … `alt+9` | `1` … `9` |")
        if row.id[5:].isdigit():
            continue
        direct = [f"`{key_label(key)}`" for key in row.keys]
        direct += [f"`{key_label(key)}` (composer empty)" for key in row.empty_keys]
        leaders = " ".join(f"`{key}`" for key in row.leader)
        lines.append(f"| {row.description} | {' '.join(direct) or '–'} | {leaders} |")
    return "\n".join(lines) + "\n"


def _unknown_id(action_id: str) -> str:
    nearest = difflib.get_close_matches(action_id, action_ids(), n=1, cutoff=0.4)
    hint = f"; did you mean {nearest[0]!r}?" if nearest else ""
    return f"there is no such action{hint}"


def _drop_clashes(changed: dict[str, tuple[str, ...]]) -> list[KeymapProblem]:
    """Take back every change whose key another action has after all changes, naming both."""
    problems: list[KeymapProblem] = []
    owners = {"ctrl+c": "quit"}
    for row in ACTIONS:
        if row.id not in changed:
            owners.update(dict.fromkeys(row.keys, row.id))
    for action_id, keys in list(changed.items()):
        taken = [(key, owners[key]) for key in keys if key in owners]
        if taken:
            key, owner = taken[0]
            problems.append(
                KeymapProblem(
                    action_id, f"{key!r} belongs to {owner!r} already; give one of the two another key"
                )
            )
            del changed[action_id]
        kept = changed.get(action_id) or next(row.keys for row in ACTIONS if row.id == action_id)
        owners.update({key: action_id for key in kept if key not in owners})
    return problems
