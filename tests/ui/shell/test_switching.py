from __future__ import annotations

import asyncio

import pytest

from robota_tui.agents.errors import ProviderError
from robota_tui.sessions.state import ChatStatus

from .conftest import OpenShell


@pytest.mark.parametrize("keys", [("alt+2",), ("ctrl+x", "2")])
async def test_a_number_shows_that_chat(shell: OpenShell, keys: tuple[str, ...]) -> None:
    async with shell() as it:
        await it.press(*keys)
        assert it.shown == "Reviewer"


async def test_the_number_of_the_shown_chat_stays_there(shell: OpenShell) -> None:
    async with shell() as it:
        await it.press("alt+3")
        await it.press("alt+3")
        assert it.shown == "Documenter"


async def test_go_to_begins_with_the_chat_used_before(shell: OpenShell) -> None:
    async with shell() as it:
        await it.press("alt+3")
        await it.press("ctrl+o", "enter")
        await it.until(lambda: it.app.screen is it.screen)
        assert it.shown == "Coder"


async def test_a_number_without_a_chat_changes_nothing(shell: OpenShell) -> None:
    async with shell() as it:
        await it.press("alt+9")
        assert it.shown == "Coder"
        assert "There is no chat 9 in this session." in it.notes()


@pytest.mark.parametrize(
    ("forward", "back"),
    [
        (("ctrl+pagedown",), ("ctrl+pageup",)),
        (("ctrl+x", "n"), ("ctrl+x", "p")),
        (("alt+right",), ("alt+left",)),
    ],
)
async def test_next_and_previous_chat_go_round(
    shell: OpenShell, forward: tuple[str, ...], back: tuple[str, ...]
) -> None:
    async with shell() as it:
        await it.press(*back)
        assert it.shown == "Documenter"
        await it.press(*forward)
        assert it.shown == "Coder"
        await it.press(*forward)
        assert it.shown == "Reviewer"


async def test_alt_arrows_move_by_words_while_there_is_text(shell: OpenShell) -> None:
    async with shell() as it:
        await it.type("two words")
        await it.press("alt+left")
        assert it.shown == "Coder"
        assert it.screen.composer.cursor_location == (0, 4)
        await it.press("alt+right")
        assert it.screen.composer.cursor_location == (0, 9)


@pytest.mark.parametrize(
    ("forward", "back"), [(("alt+down",), ("alt+up",)), (("ctrl+x", "]"), ("ctrl+x", "["))]
)
async def test_next_and_previous_session_show_their_active_chat(
    shell: OpenShell, forward: tuple[str, ...], back: tuple[str, ...]
) -> None:
    async with shell() as it:
        await it.press("alt+2")
        await it.press(*forward)
        assert (it.session_name, it.shown) == ("Research", "Scout")
        await it.press(*forward)
        assert (it.session_name, it.shown) == ("Empty", None)
        await it.press(*back)
        await it.press(*back)
        assert (it.session_name, it.shown) == ("Development", "Reviewer")


@pytest.mark.parametrize("keys", [("alt+slash",), ("ctrl+x", "l")])
async def test_the_last_used_chat_toggles_across_sessions(shell: OpenShell, keys: tuple[str, ...]) -> None:
    async with shell() as it:
        await it.press("alt+2")
        await it.press("alt+down")
        assert it.shown == "Scout"
        await it.press(*keys)
        assert (it.session_name, it.shown) == ("Development", "Reviewer")
        await it.press(*keys)
        assert (it.session_name, it.shown) == ("Research", "Scout")


@pytest.mark.parametrize("keys", [("alt+a",), ("ctrl+x", "a")])
async def test_attention_goes_by_urgency_and_back_to_where_it_began(
    shell: OpenShell, keys: tuple[str, ...]
) -> None:
    async with shell(seen_after=60.0) as it:
        it.provider.then("fine").then(ProviderError("no", kind="server"), finish=False)
        it.chat("Reviewer").submit("first")
        await it.until(lambda: it.chat("Reviewer").status is ChatStatus.UNSEEN)
        it.chat("Sceptic").submit("second")
        await it.until(lambda: it.chat("Sceptic").status is ChatStatus.FAILED)
        await it.press(*keys)
        assert it.shown == "Sceptic"
        await it.press(*keys)
        assert it.shown == "Reviewer"
        await it.press(*keys)
        assert it.shown == "Coder"


async def test_attention_says_so_when_nobody_wants_it(shell: OpenShell) -> None:
    async with shell() as it:
        await it.press("alt+a")
        assert it.shown == "Coder"
        assert any("attention" in note for note in it.notes())


async def test_a_round_begins_anew_after_going_elsewhere(shell: OpenShell) -> None:
    async with shell(seen_after=60.0) as it:
        for name in ("Reviewer", "Sceptic"):
            it.chat(name).submit("hello")
            await it.until(lambda name=name: it.chat(name).status is ChatStatus.UNSEEN)  # type: ignore[misc]
        await it.press("alt+a")
        assert it.shown == "Reviewer"
        await it.press("alt+3")
        await it.press("alt+a", "alt+a", "alt+a")
        assert it.shown == "Documenter"


async def test_keys_typed_in_a_burst_stay_in_order(shell: OpenShell) -> None:
    async with shell() as it:
        driver = it.app._driver
        assert driver is not None
        from textual import events

        for key, character in (
            *((letter, letter) for letter in "hello"),
            ("alt+2", None),
            *((letter, letter) for letter in "bye"),
            ("enter", "\r"),
            ("ctrl+x", "\x18"),
            ("3", "3"),
            ("x", "x"),
        ):
            driver.process_message(events.Key(key, character))
        await it.until(lambda: it.screen.composer.text == "x")
        assert it.shown == "Documenter"
        assert it.chat("Coder").draft == "hello"
        assert [message.content for message in it.chat("Reviewer").messages][:1] == ["bye"]


async def test_switching_works_from_the_sidebar_and_the_transcript(shell: OpenShell) -> None:
    async with shell() as it:
        for widget in (it.screen.sidebar, it.screen.transcript):
            widget.focus()
            await it.press("alt+2")
            assert it.shown == "Reviewer"
            await it.press("ctrl+pageup")
            assert it.shown == "Coder"
            await it.press("ctrl+x", "3")
            assert it.shown == "Documenter"
            await it.press("alt+1")


async def test_typing_goes_to_the_composer_from_anywhere(shell: OpenShell) -> None:
    async with shell() as it:
        it.screen.sidebar.focus()
        await it.type("hi")
        assert it.screen.composer.text == "hi"
        assert it.screen.composer.has_focus


async def test_goto_finds_a_chat_of_another_session(shell: OpenShell) -> None:
    async with shell() as it:
        await it.press("ctrl+o")
        await it.type("scep")
        await it.press("enter")
        await it.until(lambda: it.app.screen is it.screen)
        assert (it.session_name, it.shown) == ("Research", "Sceptic")


async def test_goto_finds_a_session(shell: OpenShell) -> None:
    async with shell() as it:
        await it.leader("g")
        await it.type("empty")
        await it.press("enter")
        await it.until(lambda: it.app.screen is it.screen)
        assert it.session_name == "Empty"


async def test_a_reply_goes_on_in_a_chat_that_is_left(shell: OpenShell) -> None:
    async with shell() as it:
        gate = asyncio.Event()
        it.provider.then("one ", gate, "two")
        await it.type("go")
        await it.press("enter", "alt+2")
        gate.set()
        await it.until(lambda: not it.chat("Coder").is_working)
        assert it.chat("Coder").messages[-1].content == "one two"
        assert it.chat("Coder").status is ChatStatus.UNSEEN


async def test_only_what_was_in_sight_for_a_moment_is_seen(shell: OpenShell) -> None:
    async with shell(seen_after=60.0) as it:
        it.chat("Reviewer").submit("hello")
        await it.until(lambda: it.chat("Reviewer").status is ChatStatus.UNSEEN)
        await it.press("alt+2", "alt+1")
        assert it.chat("Reviewer").status is ChatStatus.UNSEEN


async def test_a_reply_that_ends_in_sight_is_seen(shell: OpenShell) -> None:
    async with shell() as it:
        await it.type("hello")
        await it.press("enter")
        await it.until(lambda: bool(it.chat("Coder").messages) and it.chat("Coder").status is ChatStatus.IDLE)
