from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest
from textual import events

from robota_tui.agents.errors import ProviderError
from robota_tui.agents.messages import MessageState
from robota_tui.ui.widgets.composer import without_controls

from .conftest import OpenShell


async def test_enter_sends_and_empties_the_composer(shell: OpenShell) -> None:
    async with shell() as it:
        await it.type("hello")
        await it.press("enter")
        await it.until(lambda: len(it.chat("Coder").messages) == 2)
        assert it.chat("Coder").messages[0].content == "hello"
        assert it.screen.composer.text == ""
        assert it.chat("Coder").draft == ""


@pytest.mark.parametrize("key", ["ctrl+j", "shift+enter", "alt+enter", "ctrl+enter"])
async def test_other_enters_make_a_new_line(shell: OpenShell, key: str) -> None:
    async with shell() as it:
        await it.type("a")
        await it.press(key)
        await it.type("b")
        assert it.screen.composer.text == "a\nb"
        assert it.screen.composer.size.height == 2


async def test_blank_text_is_not_sent(shell: OpenShell) -> None:
    async with shell() as it:
        await it.press("space", "ctrl+j", "space", "enter")
        assert len(it.chat("Coder").messages) == 0
        assert it.screen.composer.text == " \n "


async def test_the_composer_grows_to_a_third_and_no_further(shell: OpenShell) -> None:
    async with shell(size=(100, 30)) as it:
        await it.press(*["ctrl+j"] * 40)
        assert 7 <= it.screen.composer.size.height <= 10


async def test_each_chat_keeps_its_draft_and_cursor(shell: OpenShell) -> None:
    async with shell() as it:
        await it.type("first draft")
        await it.press("left", "left")
        await it.press("alt+2")
        assert it.screen.composer.text == ""
        await it.type("second")
        await it.press("alt+1")
        assert it.screen.composer.text == "first draft"
        assert it.screen.composer.cursor_location == (0, 9)
        await it.press("alt+2")
        assert it.screen.composer.text == "second"
        assert it.chat("Coder").draft == "first draft"


async def test_undo_does_not_bring_back_another_chats_text(shell: OpenShell) -> None:
    async with shell() as it:
        await it.type("secret")
        await it.press("alt+2", "ctrl+z")
        assert it.screen.composer.text == ""


async def test_the_arrows_bring_back_what_was_sent_and_then_the_draft(shell: OpenShell) -> None:
    async with shell() as it:
        for text in ("one", "two"):
            await it.type(text)
            await it.press("enter")
            await it.until(lambda: not it.chat("Coder").is_working)
        await it.type("draft")
        await it.press("up")
        assert it.screen.composer.text == "two"
        await it.press("up", "up")
        assert it.screen.composer.text == "one"
        await it.press("down", "down")
        assert it.screen.composer.text == "draft"
        await it.press("alt+2", "up")
        assert it.screen.composer.text == ""


async def test_the_arrows_first_move_in_the_text(shell: OpenShell) -> None:
    async with shell() as it:
        await it.type("sent")
        await it.press("enter")
        await it.type("a")
        await it.press("ctrl+j", "b", "up")
        assert it.screen.composer.text == "a\nb"
        await it.press("up")
        assert it.screen.composer.text == "sent"


async def test_messages_to_a_busy_chat_wait_and_are_counted(shell: OpenShell) -> None:
    async with shell() as it:
        gate = asyncio.Event()
        it.provider.then(gate, "done")
        for text in ("one", "two", "three"):
            await it.type(text)
            await it.press("enter")
        await it.until(lambda: "2 queued" in it.text())
        assert "writing" in it.text()
        gate.set()
        await it.until(lambda: len(it.chat("Coder").messages) == 6)
        assert "queued" not in it.text()


async def test_escape_stops_the_reply_and_keeps_what_has_come(shell: OpenShell) -> None:
    async with shell() as it:
        it.provider.then("partial ", asyncio.Event(), "never")
        await it.type("go")
        await it.press("enter")
        await it.until(lambda: it.chat("Coder").live is not None and len(it.chat("Coder").live) > 0)  # type: ignore[arg-type]
        await it.press("escape")
        await it.until(lambda: not it.chat("Coder").is_working)
        assert it.chat("Coder").messages[-1].state is MessageState.INTERRUPTED
        assert it.chat("Coder").messages[-1].content == "partial "


async def test_a_paused_session_gives_the_text_back_and_says_why(shell: OpenShell) -> None:
    async with shell() as it:
        await it.leader("P")
        await it.type("hello")
        await it.press("enter")
        assert it.screen.composer.text == "hello"
        assert any("paused" in note for note in it.notes())
        assert "paused" in it.lines()[-2]
        await it.leader("P")
        await it.press("enter")
        await it.until(lambda: len(it.chat("Coder").messages) == 2)


async def test_text_without_a_chat_is_kept(shell: OpenShell) -> None:
    async with shell({"Empty": ()}) as it:
        await it.type("hello")
        await it.press("enter")
        assert it.screen.composer.text == "hello"
        assert any("no chat" in note for note in it.notes())


async def test_a_failed_reply_is_in_the_hotlist(shell: OpenShell) -> None:
    async with shell() as it:
        it.provider.then(ProviderError("no such model", kind="not_found"), finish=False)
        it.chat("Reviewer").submit("hello")
        await it.until(lambda: "2:Reviewer failed" in it.text())


async def test_a_paste_never_sends_and_loses_its_control_characters(shell: OpenShell) -> None:
    async with shell() as it:
        it.screen.composer.post_message(events.Paste("one\r\n\x1b[31mred\x1b[0m\x07\ttab\rlast\n"))
        await it.pilot.pause()
        assert it.screen.composer.text == "one\nred\ttab\nlast\n"
        assert len(it.chat("Coder").messages) == 0


async def test_a_large_paste_is_taken_whole(shell: OpenShell) -> None:
    async with shell() as it:
        text = "word " * 20_000
        it.screen.composer.post_message(events.Paste(text))
        await it.pilot.pause()
        assert it.screen.composer.text == text


def test_escape_sequences_leave_nothing_behind() -> None:
    assert without_controls("a\x1b]0;title\x07b\x1b[1;31mc\x9bd\x00e") == "abcde"


async def test_ctrl_x_does_not_cut(shell: OpenShell) -> None:
    async with shell() as it:
        await it.type("keep me")
        await it.press("ctrl+a", "shift+end", "ctrl+x", "escape")
        assert it.screen.composer.text == "keep me"


async def test_the_editor_gives_its_text_to_the_composer(
    shell: OpenShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\nprintf "%s edited\\n\\033[31m" "$(cat "$1")" > "$1"\n')
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("EDITOR", str(editor))
    async with shell() as it:
        lend_terminal(it.app, monkeypatch)
        await it.type("text")
        await it.press("ctrl+g")
        await it.app.workers.wait_for_complete()
        assert it.screen.composer.text == "text edited\n"[:-1]


@pytest.mark.parametrize(
    ("editor", "says"), [("/no/such/editor", "cannot be started"), ("false", "status 1")]
)
async def test_an_editor_that_fails_changes_nothing(
    shell: OpenShell, monkeypatch: pytest.MonkeyPatch, editor: str, says: str
) -> None:
    monkeypatch.setenv("EDITOR", editor)
    async with shell() as it:
        lend_terminal(it.app, monkeypatch)
        await it.type("text")
        await it.press("ctrl+g")
        await it.app.workers.wait_for_complete()
        assert it.screen.composer.text == "text"
        assert any(says in note for note in it.notes())


def lend_terminal(app: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver of tests has no terminal to lend; here it says it has."""
    driver = type(app._driver)  # type: ignore[attr-defined]
    monkeypatch.setattr(driver, "can_suspend", property(lambda self: True))
    monkeypatch.setattr(driver, "suspend_application_mode", lambda self: None)
    monkeypatch.setattr(driver, "resume_application_mode", lambda self: None)
