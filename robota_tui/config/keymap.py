"""Placing what is wrong in `[keymap]`: the screen knows the actions and keys, the file their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from robota_tui.config.source import Source


class KeymapFault(Protocol):
    """One entry of a keymap that cannot be used."""

    @property
    def action_id(self) -> str:
        """The key of the entry."""

    @property
    def message(self) -> str:
        """What is wrong with it."""


KeymapCheck = Callable[[Mapping[str, str]], Iterable[KeymapFault]]
"""Finds the entries that cannot be used; `lambda keymap: apply_keymap(keymap)[1]` of `ui.bindings` is one."""


def usable_keymap(keymap: Mapping[str, str], source: Source, check: KeymapCheck | None) -> dict[str, str]:
    """The keymap without the entries that the check refuses, which are reported; `None` checks nothing."""
    faults = list(check(keymap)) if check is not None else []
    for fault in faults:
        source.report(("keymap", fault.action_id), fault.message)
    refused = {fault.action_id for fault in faults}
    return {action: keys for action, keys in keymap.items() if action not in refused}
