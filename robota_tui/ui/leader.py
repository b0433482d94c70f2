"""The leader key: press it, then one key, and an action runs; there is no hurry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from robota_tui.ui.keynames import key_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robota_tui.ui.actions import ActionRow


@dataclass(frozen=True, slots=True)
class LeaderRun:
    """The key belongs to an action, which is to run now."""

    action_id: str


@dataclass(frozen=True, slots=True)
class LeaderLeft:
    """The leader was left without an action."""


@dataclass(frozen=True, slots=True)
class LeaderUnknown:
    """No action has this key."""

    label: str
    """The key as the user knows it."""


LeaderOutcome = LeaderRun | LeaderLeft | LeaderUnknown


class Leader:
    """What the next key means, after the leader key was pressed.

    It waits for that key without a time limit: a slow line or a slow reader must not change what a key does.
    """

    def __init__(self, rows: Sequence[ActionRow], keys: Sequence[str]) -> None:
        self._actions = {key: row.id for row in rows for key in row.leader}
        self._leader_keys = frozenset(keys)
        self._waiting = False

    @property
    def is_waiting(self) -> bool:
        """Whether the next key belongs to the leader."""
        return self._waiting

    def begin(self) -> None:
        """The leader key was pressed."""
        self._waiting = True

    def leave(self) -> None:
        """Take the next key as usual again."""
        self._waiting = False

    def press(self, key: str, character: str | None) -> LeaderOutcome:
        """What the key after the leader means; escape, ctrl+c and the leader key itself leave."""
        self._waiting = False
        if key in ("escape", "ctrl+c") or key in self._leader_keys:
            return LeaderLeft()
        for name in (character, key):
            if name is not None and name in self._actions:
                return LeaderRun(self._actions[name])
        return LeaderUnknown(
            character if character is not None and character.isprintable() else key_label(key)
        )
