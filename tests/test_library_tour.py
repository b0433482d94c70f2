"""The walk through the library, and two agents at once, against the real model."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from robota_tui import LocalProvider, MessageState, SessionManager, TextDelta
from robota_tui.config.paths import sample_configs
from tests.support import agent


def test_the_tour_runs_as_it_stands() -> None:
    done = subprocess.run(
        [sys.executable, str(sample_configs() / "library_tour.py")],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = done.stdout
    assert "[Coding] Write a Python function" in told
    assert "Development (workspace-dev): 2 chats" in told
    assert "* Review: 1 exchanges with smollm2-135m" in told
    assert "Left: ['Development']" in told


@pytest.fixture
async def manager() -> AsyncIterator[SessionManager]:
    manager = SessionManager(providers={"local": LocalProvider()})
    yield manager
    await manager.aclose()


async def test_two_agents_answer_at_the_same_time(manager: SessionManager) -> None:
    session_id = manager.create_session()
    heard: list[str] = []

    async def talk(name: str) -> None:
        chat = manager.get_chat(await manager.create_chat(session_id, name, agent("local", "smollm2-135m")))
        assert chat is not None
        async for event in chat.stream_message("Count from one to twenty in words."):
            heard.extend([name] if isinstance(event, TextDelta) else [])
        assert chat.messages[-1].state is MessageState.COMPLETE
        assert chat.get_stats().completion_tokens > 0

    await asyncio.gather(talk("a"), talk("b"))
    first_b, last_a = heard.index("b"), len(heard) - 1 - heard[::-1].index("a")
    assert first_b < last_a, "one waited for the other"
