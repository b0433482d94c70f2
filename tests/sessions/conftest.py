from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from robota_tui.sessions.chat import ChatInstance
from robota_tui.sessions.events import Event
from robota_tui.sessions.manager import SessionManager
from tests.support import ScriptedProvider, agent


@pytest.fixture
def provider() -> ScriptedProvider:
    return ScriptedProvider()


@pytest.fixture
async def manager(provider: ScriptedProvider) -> AsyncIterator[SessionManager]:
    manager = SessionManager(providers={provider.name: provider})
    yield manager
    await manager.aclose()


@pytest.fixture
def events_heard(manager: SessionManager) -> list[Event]:
    heard: list[Event] = []
    manager.subscribe(heard.append)
    return heard


@pytest.fixture
async def chat(manager: SessionManager) -> ChatInstance:
    session_id = manager.create_session("Work")
    chat_id = await manager.create_chat(session_id, "Coder", agent())
    found = manager.get_chat(chat_id)
    assert found is not None
    return found
