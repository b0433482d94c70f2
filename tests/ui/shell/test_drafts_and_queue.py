"""Nothing that was written gets lost, and what waits says what for."""

from __future__ import annotations

import asyncio

import pytest
from textual.events import Key

from robota_tui.agents.errors import ProviderError
from robota_tui.ui.dialogs import ConfirmDialog
from robota_tui.ui.dialogs.confirm import QuitDialog

from .conftest import OpenShell, Shell


async def back(it: Shell) -> None:
    await it.until(lambda: it.app.screen is it.screen)


def question(it: Shell) -> str:
    return " ".join(it.text().replace("│", " ").split())


async def held(it: Shell) -> None:
    """A chat whose first answer failed while two more messages waited."""
    gate = asyncio.Event()
    it.provider.then(gate, ProviderError("The line broke", kind="connection"))
    for text in ("one", "two", "three"):
        await it.type(text)
        await it.press("enter")
    gate.set()
    await it.until(lambda: not it.chat("Coder").is_working)
    assert [message.text for message in it.chat("Coder").queue] == ["two", "three"]


async def test_a_new_session_has_a_chat_at_once(shell: OpenShell) -> None:
    async with shell() as it:
        await it.press("ctrl+t")
        await it.type("Ideas")
        await it.press("enter")
        await back(it)
        await it.until(lambda: it.session_name == "Ideas" and it.screen.chat is not None)
        assert it.screen.chat is not None
        assert it.screen.chat.agent_template == "general"


async def test_a_draft_in_a_session_without_chats_becomes_that_of_its_first_chat(shell: OpenShell) -> None:
    async with shell() as it:
        await it.press("alt+up")
        assert (it.session_name, it.shown) == ("Empty", None)
        assert "This session has no chat; ctrl+n opens one." in it.text()
        await it.type("idea")
        await it.press("alt+down")
        assert it.screen.composer.text == ""
        await it.press("alt+up")
        assert it.screen.composer.text == "idea"
        await it.press("ctrl+n", "enter")
        await back(it)
        await it.until(lambda: it.shown == "General")
        assert it.screen.composer.text == "idea"
        await it.press("alt+down", "alt+up")
        assert it.screen.composer.text == "idea"


async def test_the_shown_session_without_chats_is_marked(shell: OpenShell) -> None:
    async with shell() as it:
        await it.press("alt+up")
        assert any(line.startswith("▌") and "Empty" in line for line in it.lines())


@pytest.mark.parametrize(
    ("what", "lost"),
    [
        ("draft", "forget your draft?"),
        ("working", "forget its 2 messages and the reply it is writing?"),
        ("queue", "forget its 2 messages and 2 queued messages?"),
    ],
)
async def test_closing_a_chat_asks_for_what_is_lost(shell: OpenShell, what: str, lost: str) -> None:
    async with shell() as it:
        if what == "draft":
            await it.type("idea")
        elif what == "working":
            it.provider.then(asyncio.Event())
            await it.type("go")
            await it.press("enter")
            await it.until(lambda: len(it.chat("Coder").messages) == 2)
        else:
            await held(it)
        await it.leader("x")
        assert isinstance(it.app.screen, ConfirmDialog)
        await it.pilot.pause()
        assert lost in question(it)
        await it.press("escape")
        await back(it)
        assert "Coder" in it.order()


async def test_a_held_queue_says_so_and_enter_sends_it(shell: OpenShell) -> None:
    async with shell() as it:
        await held(it)
        await it.pilot.pause()
        assert "2 queued, held · enter sends · ↑ edits the last" in it.text()
        await it.press("enter")
        await it.until(lambda: not it.chat("Coder").queue and not it.chat("Coder").is_working)
        assert it.provider.sent()[-1] == ("user", "three")


async def test_up_takes_the_last_message_of_a_held_queue_back(shell: OpenShell) -> None:
    async with shell() as it:
        await held(it)
        await it.press("up")
        assert it.screen.composer.text == "three"
        assert [message.text for message in it.chat("Coder").queue] == ["two"]


async def test_resuming_a_session_sends_what_was_held(shell: OpenShell) -> None:
    async with shell() as it:
        await held(it)
        await it.leader("P")
        assert "session paused · ctrl+x P resumes it" in it.text()
        await it.leader("P")
        await it.until(lambda: not it.chat("Coder").queue and not it.chat("Coder").is_working)


async def test_sending_in_a_paused_session_names_the_key_that_resumes(shell: OpenShell) -> None:
    async with shell() as it:
        await it.leader("P")
        await it.type("hello")
        await it.press("enter")
        assert any("ctrl+x P resumes it" in note for note in it.notes())
        assert it.screen.composer.text == "hello"


async def test_a_failed_answer_says_how_to_ask_again(shell: OpenShell) -> None:
    async with shell() as it:
        it.provider.then(ProviderError("The line broke", kind="connection"))
        await it.type("hello")
        await it.press("enter")
        await it.until(lambda: not it.chat("Coder").is_working and bool(it.chat("Coder").messages))
        assert "failed · ctrl+x t asks again" in it.text()


async def test_asking_again_while_an_answer_is_written_queues_nothing(shell: OpenShell) -> None:
    async with shell() as it:
        await it.leader("t")
        assert it.notes() == ["There is nothing to answer again yet"]
        it.provider.then(asyncio.Event())
        await it.type("hello")
        await it.press("enter")
        await it.until(lambda: it.chat("Coder").is_working)
        await it.leader("t")
        assert any("Coder is still writing\nesc stops it." in note for note in it.notes())
        assert it.chat("Coder").queue == ()


async def test_asking_to_quit_over_another_question_still_asks(shell: OpenShell) -> None:
    async with shell() as it:
        it.provider.then(asyncio.Event())
        await it.type("hello")
        await it.press("enter")
        await it.until(lambda: len(it.chat("Coder").messages) == 2)
        await it.leader("x")
        await it.press("ctrl+q")
        assert not it.app._exit
        assert isinstance(it.app.screen, QuitDialog)
        assert "Nothing is stored yet: 1 conversation ends with the program." in question(it)
        await it.press("ctrl+q")
        await it.until(lambda: it.app._exit)


async def test_spaces_typed_quickly_into_the_sidebar_reach_the_message(shell: OpenShell) -> None:
    async with shell() as it:
        await it.leader("o")
        assert it.screen.sidebar.has_focus
        # Without a pause between them, as a fast typist's keys are read at once.
        for letter in "a b c":
            it.app.post_message(Key("space" if letter == " " else letter, letter))
        await it.until(lambda: it.screen.composer.text == "a b c")


async def test_a_middle_click_asks_without_switching(shell: OpenShell) -> None:
    async with shell() as it:
        it.chat("Reviewer").draft = "kept"
        it.screen.tabs.post_message(it.screen.tabs.CloseRequested(it.chat("Reviewer").id))
        await it.until(lambda: isinstance(it.app.screen, ConfirmDialog))
        assert it.shown == "Coder"
        await it.press("y")
        await back(it)
        await it.until(lambda: it.order() == ["Coder", "Documenter"])


async def test_an_empty_chat_names_its_agent_in_one_block(shell: OpenShell) -> None:
    async with shell({"Only": ()}, notice="model-1 answers.\nSet a key for more.") as it:
        await it.press("ctrl+n", "enter")
        await back(it)
        await it.until(lambda: it.shown == "General")
        await it.until(lambda: "Answers anything." in it.text())
        words = ("Answers anything.", "Set a key for more.", "Write a message below.")
        lines = [line for line in it.lines()[:-2] if any(word in line for word in words)]
        assert len({line.index(word) for word in words for line in lines if word in line}) == 1


async def test_in_a_narrow_terminal_the_notice_goes_with_the_first_answer(shell: OpenShell) -> None:
    async with shell(notice="A notice.", size=(100, 30)) as it:
        assert "A notice." in it.lines()[-2]
        await it.type("hello")
        await it.press("enter")
        await it.until(lambda: not it.chat("Coder").is_working and bool(it.chat("Coder").messages))
        assert "A notice." not in it.lines()[-2]


async def test_changed_settings_count_at_once(shell: OpenShell) -> None:
    async with shell() as it:
        it.app.apply_settings(
            keymap={"help": "f4", "chat.next": "f6"}, sidebar=False, sidebar_width=40, confirm_quit=False
        )
        await it.pilot.pause()
        assert not it.screen.query_one("#sidebar").display
        assert "f4 help" in it.text()
        await it.press("f6")
        assert it.shown == "Reviewer"
        await it.press("ctrl+pagedown")
        assert it.shown == "Reviewer"
        it.app.apply_settings(keymap={}, sidebar=True, sidebar_width=40, confirm_quit=True)
        await it.pilot.pause()
        assert it.screen.query_one("#sidebar").size.width >= 39
        it.screen.sidebar.focus()
        await it.press("ctrl+pagedown")
        assert it.shown == "Documenter"
