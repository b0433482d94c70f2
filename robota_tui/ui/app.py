"""The Textual app: puts the main screen together and owns what is left of the program around it."""

from __future__ import annotations

import gc
import time
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from robota_tui.ui import terminal_keys
from robota_tui.ui.actions import LEADER_ID
from robota_tui.ui.bindings import apply_keymap, default_bindings, textual_keymap
from robota_tui.ui.options import ShellOptions
from robota_tui.ui.screens.main import MainScreen
from robota_tui.ui.themes import install_themes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rich.console import RenderableType
    from textual import events

    from robota_tui.config.themes import ThemeSpec
    from robota_tui.sessions.manager import SessionManager

_STYLES = Path(__file__).parent / "styles"
_TWICE_WITHIN = 2.0
"""Seconds in which a second ctrl+c quits."""


class RobotaApp(App[None], inherit_bindings=False):
    """The screen over a `SessionManager`; every argument but the manager is optional.

    When it ends it closes the manager: the replies run on the event loop that ends with it.
    """

    TITLE = "robota"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH: ClassVar[list[str | PurePath]] = [*sorted(_STYLES.glob("*.tcss"))]
    BINDINGS: ClassVar[list[BindingType]] = [
        *default_bindings("program"),
        Binding("ctrl+c", "quit_twice", "quit", show=False),
    ]

    def __init__(  # noqa: PLR0913 - every choice has a default and a keyword
        self,
        manager: SessionManager,
        *,
        notice: str = "",
        problems: Sequence[str] = (),
        themes: Iterable[ThemeSpec] = (),
        theme: str | None = None,
        keymap: Mapping[str, str] | None = None,
        leader: str = "",
        sidebar: bool = True,
        sidebar_width: int = 26,
        confirm_quit: bool = True,
        seen_after: float = 0.5,
        leader_delay: float = 0.35,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the choices of the user.

        `keymap` holds keys by action id, `leader` the leader key, `problems` sentences about what is wrong in
        the configuration, `notice` one about which model answers. `sidebar_width` is in cells, `seen_after`
        and `leader_delay` are in seconds; `ShellOptions` says what they mean.
        """
        terminal_keys.install()
        super().__init__()
        self.manager = manager
        self.has_panicked = False
        """Whether a defect of the program ended it."""
        self._clock = clock
        self._quit_asked_at: float | None = None
        wanted_keys = {**(keymap or {}), **({LEADER_ID: leader} if leader else {})}
        rows, key_problems = apply_keymap(wanted_keys)
        theme_problems = install_themes(self, themes, theme)
        self.options = ShellOptions(
            rows=rows,
            notice=notice,
            problems=(*problems, *map(str, key_problems), *theme_problems),
            sidebar=sidebar,
            sidebar_width=sidebar_width,
            confirm_quit=confirm_quit,
            seen_after=seen_after,
            leader_delay=leader_delay,
        )
        self.set_keymap(textual_keymap(rows))

    def apply_settings(
        self,
        *,
        keymap: Mapping[str, str],
        sidebar: bool,
        sidebar_width: int,
        confirm_quit: bool,
        problems: Sequence[str] = (),
    ) -> None:
        """Take over what the user has changed; the arguments are those of the constructor."""
        rows, key_problems = apply_keymap(keymap)
        self.options = replace(
            self.options,
            rows=rows,
            sidebar=sidebar,
            sidebar_width=sidebar_width,
            confirm_quit=confirm_quit,
            problems=(*problems, *map(str, key_problems)),
        )
        self.set_keymap(textual_keymap(rows))
        screen = self.screen_stack[0]
        if isinstance(screen, MainScreen):
            screen.use_options(self.options)

    def panic(self, *renderables: RenderableType) -> None:
        """Leave because of a defect, and show it; the input thread reports its own here."""
        self.has_panicked = True
        super().panic(*renderables)

    def get_default_screen(self) -> MainScreen:
        """The main screen is at the bottom of the stack from the start."""
        return MainScreen(self.manager, self.options)

    def on_mount(self) -> None:
        """Tell of problems in the configuration, once."""
        count = len(self.options.problems)
        if count:
            what = "1 problem" if count == 1 else f"{count} problems"
            self.notify(
                f"{what} in the configuration; {self.options.label_of('problems')} shows more.",
                severity="warning",
                markup=False,
            )
        # What is there now stays: without it, collecting garbage among it would stop the screen for
        # 20 to 30 ms now and then.
        self.call_after_refresh(gc.freeze)

    async def on_unmount(self) -> None:
        """Stop the replies and release the agents."""
        await self.manager.aclose()

    async def on_event(self, event: events.Event) -> None:
        """Give the key after the leader key to the leader, and typing to the composer."""
        from textual.events import Key

        screen = self.screen_stack[-1] if self.screen_stack else None
        if isinstance(event, Key) and not event.is_forwarded and isinstance(screen, MainScreen):
            if screen.leader.is_waiting:
                await screen.leader.press(event)
                return
            screen.turn_to_composer(event)
        await super().on_event(event)

    async def action_run(self, action_id: str) -> None:
        """Run an action of the table that counts everywhere."""
        if action_id == "quit":
            await self.action_quit()

    async def action_quit(self) -> None:
        """Leave; while an agent works, ask first."""
        from robota_tui.ui.dialogs import QuitDialog

        if not (self.options.confirm_quit and self.manager.is_busy) or isinstance(self.screen, QuitDialog):
            self.exit()
            return
        chats = list(self.manager.chats)
        working, talks = sum(chat.is_working for chat in chats), sum(bool(chat.messages) for chat in chats)
        who = "One agent is" if working == 1 else f"{working} agents are"
        lost = "1 conversation ends" if talks == 1 else f"{talks} conversations end"
        question = f"{who} still writing. Nothing is stored yet: {lost} with the program."
        self.push_screen(QuitDialog(question), self._quit_if)

    def _quit_if(self, confirmed: bool | None) -> None:
        if confirmed:
            self.exit()

    async def action_quit_twice(self) -> None:
        """Quit when it is asked for twice in a row; the first time, say so."""
        now = self._clock()
        if self._quit_asked_at is not None and now - self._quit_asked_at <= _TWICE_WITHIN:
            await self.action_quit()
            return
        self._quit_asked_at = now
        self.notify("Press ctrl+c again to quit.", timeout=_TWICE_WITHIN)
