from __future__ import annotations

from textual import events

from robota_tui.ui.dialogs import NameDialog

from .conftest import OpenDialog


async def test_the_name_typed_is_returned_without_outer_blanks(opened: OpenDialog) -> None:
    async with opened(NameDialog("New session")) as shown:
        await shown.type(" My team ")
        await shown.press("enter")
        assert shown.results == ["My team"]


async def test_typing_replaces_the_old_name(opened: OpenDialog) -> None:
    async with opened(NameDialog("Rename", "Old")) as shown:
        await shown.press("N", "enter")
        assert shown.results == ["N"]


async def test_enter_keeps_the_old_name(opened: OpenDialog) -> None:
    async with opened(NameDialog("Rename", "Old")) as shown:
        await shown.press("enter")
        assert shown.results == ["Old"]


async def test_a_blank_name_is_refused_with_the_reason(opened: OpenDialog) -> None:
    async with opened(NameDialog("New session", placeholder="name")) as shown:
        await shown.press("space", "enter")
        assert shown.is_open
        assert "needs at least one letter" in shown.screen()
        await shown.press("x")
        assert "needs at least one letter" not in shown.screen()


async def test_a_name_of_a_page_is_refused_with_the_reason(opened: OpenDialog) -> None:
    async with opened(NameDialog("Rename", "x" * 500)) as shown:
        await shown.press("enter")
        assert "500 characters" in shown.screen()


async def test_control_characters_that_are_pasted_do_not_get_into_the_name(opened: OpenDialog) -> None:
    async with opened(NameDialog("Rename")) as shown:
        shown.pilot.app.post_message(events.Paste("a\x1b[31mb\tc\u202ed"))
        await shown.pilot.pause()
        await shown.press("enter")
        assert shown.results == ["ab cd"]


async def test_escape_cancels(opened: OpenDialog) -> None:
    async with opened(NameDialog("Rename", "Old")) as shown:
        await shown.press("x", "escape")
        assert shown.results == [None]


async def test_the_title_is_not_markup(opened: OpenDialog) -> None:
    async with opened(NameDialog("Rename [/] [red]", "[/]")) as shown:
        assert "Rename [/] [red]" in shown.screen()
