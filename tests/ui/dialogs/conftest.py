from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from robota_tui.ui.dialogs.base import Dialog


class Host(App[None]):
    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        yield Static("behind")


@dataclass
class Opened:
    """A dialog on the screen of a host."""

    pilot: Pilot[None]
    dialog: Dialog[Any]
    results: list[Any] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.pilot.app.screen is self.dialog

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        await self.press(*("space" if letter == " " else letter for letter in text))

    def lines(self) -> list[str]:
        """What the terminal shows."""
        strips = self.pilot.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip) for strip in strips]

    def screen(self) -> str:
        return "\n".join(self.lines())

    def line_with(self, text: str) -> int:
        return next(number for number, line in enumerate(self.lines()) if text in line)


OpenDialog = Callable[..., AbstractAsyncContextManager[Opened]]


@pytest.fixture
def opened() -> OpenDialog:
    @asynccontextmanager
    async def open_dialog(dialog: Dialog[Any], size: tuple[int, int] = (80, 24)) -> AsyncIterator[Opened]:
        app = Host()
        async with app.run_test(size=size) as pilot:
            shown = Opened(pilot, dialog)
            app.push_screen(dialog, shown.results.append)
            await pilot.pause()
            yield shown

    return open_dialog
