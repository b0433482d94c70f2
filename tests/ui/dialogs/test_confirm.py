from __future__ import annotations

import pytest
from textual.widgets import Button

from robota_tui.ui.dialogs import ConfirmDialog

from .conftest import Host, OpenDialog


def question(*, danger: bool = False) -> ConfirmDialog:
    return ConfirmDialog("Close [/] the chat?", "[red]12 messages\x1b[31m", "Close [it]", danger=danger)


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["y"], True),
        (["n"], False),
        (["escape"], False),
        (["enter"], True),
        (["left", "enter"], False),
        (["shift+tab", "enter"], False),
        (["left", "right", "enter"], True),
    ],
)
async def test_keys_answer(opened: OpenDialog, keys: list[str], answer: bool) -> None:
    async with opened(question()) as shown:
        await shown.press(*keys)
        assert shown.results == [answer]


async def test_enter_is_harmless_where_there_is_danger(opened: OpenDialog) -> None:
    async with opened(question(danger=True)) as shown:
        await shown.press("enter")
        assert shown.results == [False]


async def test_y_and_the_other_button_confirm_a_danger(opened: OpenDialog) -> None:
    for keys in (["y"], ["right", "enter"]):
        async with opened(question(danger=True)) as shown:
            await shown.press(*keys)
            assert shown.results == [True]


@pytest.mark.parametrize(("button", "answer"), [("confirm", True), ("cancel", False)])
async def test_a_click_answers(opened: OpenDialog, button: str, answer: bool) -> None:
    async with opened(question()) as shown:
        await shown.pilot.click(f"#{button}")
        await shown.pilot.pause()
        assert shown.results == [answer]


async def test_foreign_text_is_shown_as_it_is(opened: OpenDialog) -> None:
    async with opened(question()) as shown:
        for text in ("Close [/] the chat?", "[red]12 messages", "Close [it]"):
            assert text in shown.screen()


@pytest.mark.parametrize("key", ["y", "enter"])
async def test_keys_that_were_pressed_before_it_was_painted_do_not_confirm(key: str) -> None:
    from textual import events

    app = Host()
    answers: list[bool | None] = []
    async with app.run_test() as pilot:
        early = events.Key(key, key if key == "y" else None)
        app.push_screen(question(), answers.append)
        await pilot.pause()
        app.screen.query_one("#confirm", Button).post_message(early)
        await pilot.pause()
        assert answers == []
        await pilot.press(key)
        await pilot.pause()
        assert answers == [True]


async def test_a_long_text_leaves_the_buttons_on_the_screen(opened: OpenDialog) -> None:
    async with opened(ConfirmDialog("Sure?", "word " * 2000, "Go"), size=(40, 10)) as shown:
        assert "Go" in shown.screen()
        assert "Cancel" in shown.screen()
