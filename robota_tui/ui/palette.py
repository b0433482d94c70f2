"""The command palette's contents: the table of actions, and the themes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider

from robota_tui.ui.actions import LEADER_ID
from robota_tui.ui.keynames import key_label
from robota_tui.ui.screens.main import MainScreen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class ActionCommands(Provider):
    """Every action that the table marks for the palette, with its keys, and every theme."""

    async def discover(self) -> Hits:
        """What the palette shows before anything is typed."""
        for title, detail, run in self._commands():
            yield DiscoveryHit(title, run, help=detail)

    async def search(self, query: str) -> Hits:
        """The commands whose title fits."""
        matcher = self.matcher(query)
        for title, detail, run in self._commands():
            score = matcher.match(title)
            if score > 0:
                yield Hit(score, matcher.highlight(title), run, help=detail)

    def _commands(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        screen = self.screen
        if not isinstance(screen, MainScreen):
            return
        leader = next((key_label(key) for key in screen.options.keys_of(LEADER_ID)), "")
        for row in screen.options.rows:
            if not row.palette:
                continue
            keys = [key_label(key) for key in row.keys]
            keys += [f"{leader} {key}" for key in row.leader] if leader else []
            detail = f"{' · '.join(keys)}  {row.tooltip}" if keys else row.tooltip
            yield f"{row.group}: {row.description}", detail, partial(screen.action_run, row.id)
        for name in sorted(self.app.available_themes):
            yield f"Theme: {name}", "Use these colours.", partial(setattr, self.app, "theme", name)
