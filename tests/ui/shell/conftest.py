from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from robota_tui.agents.templates import AgentTemplate
from robota_tui.sessions.manager import SessionManager
from robota_tui.ui.app import RobotaApp
from robota_tui.ui.screens.main import MainScreen
from tests.support import ScriptedProvider, until

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from robota_tui.sessions.chat import ChatInstance

TEMPLATES = [
    AgentTemplate(id="general", name="General", description="Answers anything."),
    AgentTemplate(id="coder", name="Coder", temperature=0.1, system_message="You write code."),
]
LAYOUT: Mapping[str, Sequence[str]] = {
    "Development": ("Coder", "Reviewer", "Documenter"),
    "Research": ("Scout", "Sceptic"),
    "Empty": (),
}


@dataclass
class Shell:
    """The running program, driven by keys."""

    pilot: Pilot[None]
    app: RobotaApp
    screen: MainScreen
    manager: SessionManager
    provider: ScriptedProvider

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        await self.press(*("space" if letter == " " else letter for letter in text))

    async def leader(self, *keys: str) -> None:
        await self.press("ctrl+x", *keys)

    async def until(self, condition: Callable[[], bool]) -> None:
        await until(condition)
        await self.pilot.pause()

    def chat(self, name: str) -> ChatInstance:
        return next(chat for chat in self.manager.chats if chat.name == name)

    @property
    def shown(self) -> str | None:
        """The name of the chat in the transcript."""
        return self.screen.chat.name if self.screen.chat else None

    @property
    def session_name(self) -> str | None:
        return self.screen.session.name if self.screen.session else None

    def order(self) -> list[str]:
        """The names of the selected session's chats."""
        return [chat.name for chat in self.manager.get_session_chats(self.manager.active_session_id or "")]

    def sessions(self) -> list[str]:
        return [session.name for session in self.manager.list_sessions()]

    def lines(self) -> list[str]:
        """What the terminal shows."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip) for strip in strips]

    def text(self) -> str:
        return "\n".join(self.lines())

    def notes(self) -> list[str]:
        return [note.message for note in self.app._notifications]


OpenShell = Callable[..., AbstractAsyncContextManager[Shell]]


async def filled_manager(
    layout: Mapping[str, Sequence[str]], provider: ScriptedProvider, **limits: Any
) -> SessionManager:
    manager = SessionManager(providers={provider.name: provider}, templates=TEMPLATES, **limits)
    for session, chats in layout.items():
        session_id = manager.create_session(session)
        for chat in chats:
            await manager.create_chat(session_id, chat)
    return manager


@pytest.fixture
def shell() -> OpenShell:
    @asynccontextmanager
    async def open_shell(
        layout: Mapping[str, Sequence[str]] = LAYOUT, size: tuple[int, int] = (100, 30), **options: Any
    ) -> AsyncIterator[Shell]:
        provider = ScriptedProvider()
        limits = {name: options.pop(name) for name in ("max_chats_per_session",) if name in options}
        manager = await filled_manager(layout, provider, **limits)
        choices = {"seen_after": 0.0, "leader_delay": 0.0} | options
        app = RobotaApp(manager, **choices)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            screen = app.screen
            assert isinstance(screen, MainScreen)
            yield Shell(pilot, app, screen, manager, provider)

    return open_shell
