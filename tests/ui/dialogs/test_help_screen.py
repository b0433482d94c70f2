from __future__ import annotations

import pytest

from robota_tui.ui.dialogs import HelpRow, HelpScreen

from .conftest import OpenDialog

ROWS = [
    HelpRow("Chats", "alt+1", "ctrl+x 1", "Chat n of this session"),
    HelpRow("Find", "ctrl+f", "ctrl+x /", "Search this transcript"),
    HelpRow("Chats", "ctrl+n", "ctrl+x c", "New chat"),
    HelpRow("Find", "", "ctrl+x ?", "Search everything [/]"),
]


async def test_rows_stand_under_their_groups(opened: OpenDialog) -> None:
    async with opened(HelpScreen(ROWS)) as shown:
        order = ["Chats", "alt+1", "ctrl+n", "Find", "ctrl+f", "Search everything [/]"]
        places = [shown.line_with(text) for text in order]
        assert places == sorted(places)


@pytest.mark.parametrize("typed", ["transc", "/transc", "ctrl+f"])
async def test_typing_searches_with_or_without_a_slash(opened: OpenDialog, typed: str) -> None:
    async with opened(HelpScreen(ROWS)) as shown:
        await shown.type(typed)
        assert "Search this transcript" in shown.screen()
        assert "New chat" not in shown.screen()


async def test_a_slash_alone_hides_nothing(opened: OpenDialog) -> None:
    async with opened(HelpScreen(ROWS)) as shown:
        await shown.press("/")
        assert "New chat" in shown.screen()


async def test_what_is_not_there_is_said(opened: OpenDialog) -> None:
    async with opened(HelpScreen(ROWS)) as shown:
        await shown.type("zzzz")
        assert "No action or key matches zzzz" in shown.screen()


@pytest.mark.parametrize("key", ["escape", "f1"])
async def test_escape_and_f1_close(opened: OpenDialog, key: str) -> None:
    async with opened(HelpScreen(ROWS)) as shown:
        await shown.press(key)
        assert shown.results == [None]


async def test_keys_scroll_while_the_search_has_the_focus(opened: OpenDialog) -> None:
    rows = [HelpRow("All", f"f{number}", "", f"Action {number}.") for number in range(100)]
    async with opened(HelpScreen(rows)) as shown:
        await shown.press("ctrl+end")
        assert "Action 99." in shown.screen()
        await shown.press("ctrl+home")
        assert "Action 0." in shown.screen()
        await shown.press("pagedown")
        assert "Action 0." not in shown.screen()


async def test_a_long_description_continues_in_its_own_column(opened: OpenDialog) -> None:
    async with opened(HelpScreen([HelpRow("A", "f1", "ctrl+x h", "word " * 40 + "end")])) as shown:
        lines = [line for line in shown.lines() if "word" in line]
        assert len({line.index("word") for line in lines}) == 1


async def test_a_narrower_terminal_lays_the_text_out_again(opened: OpenDialog) -> None:
    async with opened(HelpScreen([HelpRow("A", "f1", "ctrl+x h", "word " * 20 + "end")])) as shown:
        before = len([line for line in shown.lines() if "word" in line])
        await shown.pilot.resize_terminal(50, 24)
        await shown.pilot.pause()
        assert len([line for line in shown.lines() if "word" in line]) > before
        assert "end" in shown.screen()
