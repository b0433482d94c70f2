"""Pictures of the key screens; a difference is looked at in the report before it is taken over."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from robota_tui.agents.config import AgentConfig, ModelConfig
from robota_tui.agents.messages import Message, MessageState, Role, Usage
from robota_tui.config.loader import load_configuration
from robota_tui.sessions.manager import SessionManager
from robota_tui.ui.app import RobotaApp
from tests.support import ScriptedProvider

if TYPE_CHECKING:
    from textual.pilot import Pilot

Setup = Callable[["Pilot[None]"], Awaitable[None]]
NINE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

ANSWER = """\
Slicing does it:

```python
def reverse(text: str) -> str:
    return text[::-1]
```

| way | speed |
|---|---|
| `text[::-1]` | fast |
| `"".join(reversed(text))` | slower |

1. It works on *any* sequence.
2. 日本語 and 👩‍🚀 stay whole, see [the docs](https://docs.python.org/3/).

> Strings are immutable.
"""


class SnapCompare(Protocol):
    def __call__(self, app: RobotaApp, *, terminal_size: tuple[int, int], run_before: Setup) -> bool: ...


@pytest.fixture(autouse=True)
def same_everywhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pictures show times of day and a cursor: both must not depend on where and when they are taken."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    monkeypatch.setattr("textual.widgets.TextArea.cursor_blink", False)
    yield
    monkeypatch.undo()
    time.tzset()


def message(role: Role, content: str, minute: int, **fields: Any) -> Message:
    at = NINE + timedelta(minutes=minute)
    return Message(role, content, id=f"msg_{role}_{minute}", created_at=at, **fields)


async def filled(provider: ScriptedProvider) -> SessionManager:
    """Two sessions, a conversation, and chats that finished, failed and write."""
    manager = SessionManager(providers={provider.name: provider})

    def agent(name: str) -> AgentConfig:
        return AgentConfig(name=name, default_model=ModelConfig(provider=provider.name, model="model-1"))

    development = manager.create_session("Development")
    for name in ("Coder", "Reviewer", "Documenter"):
        await manager.create_chat(development, name, agent(name))
    research = manager.create_session("Research")
    await manager.create_chat(research, "Scout", agent("Scout"))
    coder = next(iter(manager.chats))
    history = coder.robota.history
    history.add(message(Role.USER, "How do I reverse a string in Python?", 0))
    usage = Usage(120, 240)
    history.add(message(Role.ASSISTANT, ANSWER, 1, model="model-1", usage=usage))
    history.add(message(Role.USER, "And in C?", 2))
    failed = {"error": "lab at 127.0.0.1:8000 refused the connection.", "hint": "Is the server running?"}
    history.add(message(Role.ASSISTANT, "", 3, model="model-1", state=MessageState.FAILED, metadata=failed))
    return manager


class Program(RobotaApp):
    """The program, its pictures without the fonts that the export would have from a server."""

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        picture = super().export_screenshot(title=title, simplify=simplify)
        return re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)


def program(manager: SessionManager, theme: str = "robota-dark", **options: Any) -> Program:
    themes = load_configuration().theme_list
    return Program(manager, themes=themes, theme=theme, leader_delay=0, **options)


async def at_rest(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.pause()


@pytest.mark.parametrize("theme", ["robota-dark", "robota-light", "robota-high-contrast", "robota-ansi"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_conversation(snap_compare: SnapCompare, theme: str, size: tuple[int, int]) -> None:
    app = program(asyncio.run(filled(ScriptedProvider())), theme)
    assert snap_compare(app, terminal_size=size, run_before=at_rest)


def test_the_first_start(snap_compare: SnapCompare) -> None:
    async def empty() -> SessionManager:
        provider = ScriptedProvider()
        manager = SessionManager(providers={provider.name: provider})
        await manager.create_chat(manager.create_session())
        return manager

    notice = "model-1 on this machine answers.\nFor a better one set OPENAI_API_KEY."
    app = program(asyncio.run(empty()), notice=notice)
    assert snap_compare(app, terminal_size=(80, 24), run_before=at_rest)


def test_agents_at_work_and_messages_in_the_queue(snap_compare: SnapCompare) -> None:
    provider = ScriptedProvider()
    manager = asyncio.run(filled(provider))
    _coder, reviewer, documenter, scout = manager.chats

    async def work(pilot: Pilot[None]) -> None:
        gate = asyncio.Event()
        provider.then("done")
        reviewer.submit("go")
        await reviewer.settled()
        provider.then("Half of an ans", gate)
        documenter.submit("go")
        provider.then("Half of an ans", gate)
        scout.submit("go")
        scout.submit("and then?")
        await at_rest(pilot)

    assert snap_compare(program(manager), terminal_size=(100, 30), run_before=work)


def test_a_narrow_pane(snap_compare: SnapCompare) -> None:
    app = program(asyncio.run(filled(ScriptedProvider())))
    assert snap_compare(app, terminal_size=(40, 20), run_before=at_rest)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("leader", ["ctrl+x"]),
        ("new chat", ["ctrl+n"]),
        ("go to", ["ctrl+o", "s", "c"]),
        ("help", ["f1"]),
        ("rename", ["f2"]),
        ("code block", ["ctrl+x", "Y"]),
        ("close", ["ctrl+x", "x"]),
    ],
)
def test_what_keys_open(snap_compare: SnapCompare, name: str, keys: list[str]) -> None:
    async def press(pilot: Pilot[None]) -> None:
        await at_rest(pilot)
        await pilot.press(*keys)
        await at_rest(pilot)

    app = program(asyncio.run(filled(ScriptedProvider())))
    assert snap_compare(app, terminal_size=(100, 30), run_before=press)


@pytest.mark.parametrize("theme", [spec.name for spec in load_configuration().theme_list])
async def test_no_text_is_drawn_in_the_colour_it_stands_on(theme: str) -> None:
    app = program(await filled(ScriptedProvider()), theme)
    async with app.run_test(size=(100, 30)) as pilot:
        await at_rest(pilot)
        for strip in app.screen._compositor.render_strips():
            for text, style, _ in strip:
                # The terminal's default colours have one name and are two.
                if text.strip() and style is not None and style.color and not style.color.is_default:
                    assert style.color != style.bgcolor, f"{text!r} cannot be read"
