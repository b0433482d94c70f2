"""New, rename, close, move: each through its keys and its dialog."""

from __future__ import annotations

import asyncio

import pytest

from robota_tui.sessions.state import SessionState
from robota_tui.ui.dialogs import ConfirmDialog, HelpScreen, TemplatePicker
from robota_tui.ui.palette import PaletteDialog

from .conftest import OpenShell, Shell


async def back(it: Shell) -> None:
    await it.until(lambda: it.app.screen is it.screen)


@pytest.mark.parametrize("keys", [("ctrl+n",), ("ctrl+x", "c")])
async def test_a_new_chat_is_made_of_the_picked_template(shell: OpenShell, keys: tuple[str, ...]) -> None:
    async with shell() as it:
        await it.press(*keys)
        assert isinstance(it.app.screen, TemplatePicker)
        await it.type("code")
        await it.press("enter")
        await back(it)
        await it.until(lambda: it.shown == "Coder" and len(it.order()) == 4)
        assert it.screen.chat is not None
        assert it.screen.chat.agent_template == "coder"
        assert it.screen.composer.has_focus


async def test_leaving_the_picker_makes_nothing(shell: OpenShell) -> None:
    async with shell() as it:
        await it.press("ctrl+n", "escape")
        await back(it)
        assert len(it.order()) == 3


async def test_a_full_session_says_so(shell: OpenShell) -> None:
    async with shell(max_chats_per_session=3) as it:
        await it.press("ctrl+n", "enter")
        await back(it)
        await it.until(lambda: any("Maximum chats per session (3)" in note for note in it.notes()))


async def test_a_new_chat_without_any_session_makes_one(shell: OpenShell) -> None:
    async with shell({}) as it:
        await it.press("ctrl+n", "enter")
        await back(it)
        await it.until(lambda: it.shown == "General")


@pytest.mark.parametrize("keys", [("ctrl+t",), ("ctrl+x", "s")])
async def test_a_new_session_is_named_and_selected(shell: OpenShell, keys: tuple[str, ...]) -> None:
    async with shell() as it:
        await it.press(*keys)
        await it.type("Ideas")
        await it.press("enter")
        await back(it)
        await it.until(lambda: it.session_name == "Ideas")
        assert "Ideas" in it.text()


@pytest.mark.parametrize("keys", [("f2",), ("ctrl+x", "r")])
async def test_a_chat_is_renamed(shell: OpenShell, keys: tuple[str, ...]) -> None:
    async with shell() as it:
        await it.press(*keys)
        await it.type("Builder")
        await it.press("enter")
        await back(it)
        await it.until(lambda: it.order()[0] == "Builder")
        await it.until(lambda: "1 Builder" in it.text())


async def test_a_session_is_renamed(shell: OpenShell) -> None:
    async with shell() as it:
        await it.leader("R")
        await it.type("Work")
        await it.press("enter")
        await back(it)
        await it.until(lambda: it.sessions()[0] == "Work")


async def test_an_empty_chat_closes_at_once(shell: OpenShell) -> None:
    async with shell() as it:
        await it.press("alt+2")
        await it.leader("x")
        await it.until(lambda: it.order() == ["Coder", "Documenter"])
        assert it.shown == "Coder"


async def test_a_chat_with_messages_closes_after_a_question(shell: OpenShell) -> None:
    async with shell() as it:
        await it.type("hello")
        await it.press("enter")
        await it.until(lambda: len(it.chat("Coder").messages) == 2 and not it.chat("Coder").is_working)
        await it.leader("x")
        assert isinstance(it.app.screen, ConfirmDialog)
        await it.press("n")
        await back(it)
        assert "Coder" in it.order()
        await it.leader("x")
        await it.press("y")
        await back(it)
        await it.until(lambda: "Coder" not in it.order())


async def test_a_session_closes_with_its_chats_after_a_question(shell: OpenShell) -> None:
    async with shell() as it:
        await it.leader("X")
        await it.press("y")
        await back(it)
        await it.until(lambda: it.sessions() == ["Research", "Empty"])
        assert it.shown == "Scout"


async def test_the_last_session_can_be_closed(shell: OpenShell) -> None:
    async with shell({"Only": ()}) as it:
        await it.leader("X")
        await it.until(lambda: it.sessions() == [])
        for key in ("alt+1", "ctrl+pagedown", "alt+down", "f2", "alt+a", "escape", "alt+slash"):
            await it.press(key)
        for key in "xtyYRX<>{}P":
            await it.leader(key)
        assert it.shown is None


async def test_chats_move_left_and_right(shell: OpenShell) -> None:
    async with shell() as it:
        await it.leader(">")
        assert it.order() == ["Reviewer", "Coder", "Documenter"]
        await it.leader("<")
        await it.leader("<")
        assert it.order() == ["Coder", "Reviewer", "Documenter"]
        assert it.shown == "Coder"


async def test_sessions_move_up_and_down(shell: OpenShell) -> None:
    async with shell() as it:
        await it.leader("}")
        assert it.sessions() == ["Research", "Development", "Empty"]
        await it.leader("{")
        assert it.sessions() == ["Development", "Research", "Empty"]


def state(it: Shell) -> SessionState | None:
    return it.screen.session.state if it.screen.session else None


async def test_a_session_is_paused_and_resumed(shell: OpenShell) -> None:
    async with shell() as it:
        await it.leader("P")
        assert state(it) is SessionState.PAUSED
        await it.leader("P")
        assert state(it) is SessionState.ACTIVE


async def test_help_shows_every_group(shell: OpenShell) -> None:
    async with shell(size=(100, 80)) as it:
        await it.press("f1")
        assert isinstance(it.app.screen, HelpScreen)
        for text in ("Switch", "ctrl+pgdn", "ctrl+x n", "alt+1"):
            assert text in it.text()


@pytest.mark.parametrize("keys", [("ctrl+p",), ("ctrl+x", ":")])
async def test_the_palette_runs_an_action(shell: OpenShell, keys: tuple[str, ...]) -> None:
    async with shell() as it:
        await it.press(*keys)
        assert isinstance(it.app.screen, PaletteDialog)
        await it.type("next session")
        await it.press("enter")
        await it.until(lambda: it.session_name == "Research")


async def test_the_palette_changes_the_theme(shell: OpenShell) -> None:
    async with shell() as it:
        await it.press("ctrl+p")
        await it.type("theme nord")
        await it.press("enter")
        await it.until(lambda: it.app.theme == "nord")


async def test_an_answer_is_copied(shell: OpenShell) -> None:
    async with shell() as it:
        await it.leader("y")
        assert any("no answer" in note for note in it.notes())
        await it.type("hello")
        await it.press("enter")
        await it.until(lambda: len(it.chat("Coder").messages) == 2 and not it.chat("Coder").is_working)
        await it.leader("y")
        assert it.app.clipboard == "echo: hello"


async def test_a_code_block_is_picked_and_copied(shell: OpenShell) -> None:
    async with shell() as it:
        await it.leader("Y")
        await it.until(lambda: any("no code block" in note for note in it.notes()))
        it.provider.then("First\n\n```python\nprint(1)\n```\n\nthen\n\n```sh\nls\n```\n")
        await it.type("hello")
        await it.press("enter")
        await it.until(lambda: len(it.chat("Coder").messages) == 2 and not it.chat("Coder").is_working)
        await it.leader("Y")
        await it.press("2")
        await it.until(lambda: it.app.clipboard == "print(1)\n")


async def test_a_new_answer_replaces_the_old_one(shell: OpenShell) -> None:
    async with shell() as it:
        it.provider.then("old").then("new")
        await it.type("hello")
        await it.press("enter")
        await it.until(lambda: len(it.chat("Coder").messages) == 2 and not it.chat("Coder").is_working)
        await it.leader("t")
        await it.until(lambda: it.chat("Coder").messages[-1].content == "new")
        assert len(it.chat("Coder").messages) == 2


@pytest.mark.parametrize("keys", [("ctrl+q",), ("ctrl+x", "q"), ("ctrl+c", "ctrl+c")])
async def test_quitting_is_quick_when_nothing_runs(shell: OpenShell, keys: tuple[str, ...]) -> None:
    async with shell() as it:
        await it.press(*keys)
        await it.until(lambda: it.app._exit)
        assert it.app.return_code == 0


async def test_one_ctrl_c_only_says_how_to_quit(shell: OpenShell) -> None:
    times = iter([0.0, 10.0, 20.0])
    async with shell(clock=lambda: next(times)) as it:
        await it.press("ctrl+c", "ctrl+c")
        assert not it.app._exit
        assert any("again" in note for note in it.notes())


async def test_ctrl_c_copies_what_is_selected(shell: OpenShell) -> None:
    async with shell() as it:
        await it.type("hello")
        await it.press("shift+home", "ctrl+c")
        assert it.app.clipboard == "hello"
        assert not any("again" in note for note in it.notes())


async def test_quitting_asks_while_an_agent_works(shell: OpenShell) -> None:
    async with shell() as it:
        it.provider.then(asyncio.Event(), "late")
        it.chat("Scout").submit("go")
        await it.until(lambda: it.manager.is_busy)
        await it.press("ctrl+q")
        assert isinstance(it.app.screen, ConfirmDialog)
        await it.press("n")
        await back(it)
        assert not it.app._exit
        await it.press("ctrl+q", "y")
        await it.until(lambda: it.app._exit)


async def test_leaving_closes_the_manager_and_its_providers(shell: OpenShell) -> None:
    async with shell() as it:
        it.provider.then(asyncio.Event(), "late")
        it.chat("Scout").submit("go")
        await it.until(lambda: it.provider.streams_open == 1)
    assert it.provider.streams_open == 0
    assert it.provider.closed == 1
