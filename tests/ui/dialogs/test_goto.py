from __future__ import annotations

import pytest
from textual.widgets import OptionList

from robota_tui.ui.dialogs import GotoDialog, GotoEntry

from .conftest import OpenDialog

ENTRIES = [
    GotoEntry("c1", "chat", "Coder", "Development", "●", "$text-success"),
    GotoEntry("c2", "chat", "Reviewer", "Development", "✎"),
    GotoEntry("s1", "session", "Research", "2 chats"),
    GotoEntry("c3", "chat", "Coder", "Research", "✗", "$text-error"),
]


async def test_enter_goes_to_the_first_which_is_the_most_recent(opened: OpenDialog) -> None:
    async with opened(GotoDialog(ENTRIES)) as shown:
        await shown.press("enter")
        assert shown.results == ["c1"]


async def test_the_order_given_is_shown_while_nothing_is_typed(opened: OpenDialog) -> None:
    async with opened(GotoDialog(ENTRIES)) as shown:
        places = [shown.line_with(name) for name in ("● Coder", "✎ Reviewer", "▸ Research", "✗ Coder")]
        assert places == list(range(places[0], places[0] + 4))


async def test_letters_and_enter_sent_in_one_go_choose_what_they_name(opened: OpenDialog) -> None:
    async with opened(GotoDialog(ENTRIES)) as shown:
        await shown.pilot.press(*"revi", "enter")
        await shown.pilot.pause()
        assert shown.results == ["c2"]


async def test_a_session_name_narrows_equal_chat_names(opened: OpenDialog) -> None:
    async with opened(GotoDialog(ENTRIES)) as shown:
        await shown.type("cod rese")
        await shown.press("enter")
        assert shown.results == ["c3"]


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        (["down", "down"], "s1"),
        (["up"], "c3"),
        (["ctrl+end"], "c3"),
        (["ctrl+end", "ctrl+home"], "c1"),
        (["pagedown"], "c3"),
        (["pagedown", "pageup"], "c1"),
    ],
)
async def test_keys_move_the_highlight(opened: OpenDialog, keys: list[str], chosen: str) -> None:
    async with opened(GotoDialog(ENTRIES)) as shown:
        await shown.press(*keys, "enter")
        assert shown.results == [chosen]


async def test_a_click_chooses(opened: OpenDialog) -> None:
    async with opened(GotoDialog(ENTRIES)) as shown:
        await shown.pilot.click(OptionList, offset=(5, 1))
        await shown.pilot.pause()
        assert shown.results == ["c2"]


async def test_enter_chooses_nothing_where_nothing_fits(opened: OpenDialog) -> None:
    async with opened(GotoDialog(ENTRIES)) as shown:
        await shown.type("zzzz")
        assert "Nothing matches zzzz" in shown.screen()
        await shown.press("enter")
        assert shown.is_open
        assert shown.results == []


async def test_deleting_letters_brings_the_others_back(opened: OpenDialog) -> None:
    async with opened(GotoDialog(ENTRIES)) as shown:
        await shown.type("rev")
        assert "(1/4)" in shown.screen()
        await shown.press("backspace", "backspace", "backspace")
        assert "(4)" in shown.screen()


async def test_letters_that_were_found_are_underlined(opened: OpenDialog) -> None:
    async with opened(GotoDialog(ENTRIES)) as shown:
        await shown.type("rev")
        strip = shown.pilot.app.screen._compositor.render_strips()[shown.line_with("Reviewer")]
        marked = "".join(part.text for part in strip if part.style and part.style.underline)
        assert marked == "Rev"


async def test_more_places_than_fit_are_counted(opened: OpenDialog) -> None:
    entries = [GotoEntry(str(number), "chat", f"Agent {number}") for number in range(550)]
    async with opened(GotoDialog(entries)) as shown:
        assert "(550, the first 200 shown)" in shown.screen()
        await shown.type("agent 549")
        await shown.press("enter")
        assert shown.results == ["549"]


async def test_without_places_it_says_so(opened: OpenDialog) -> None:
    async with opened(GotoDialog([])) as shown:
        assert "nothing to choose from" in shown.screen()
        await shown.press("down", "enter", "escape")
        assert shown.results == [None]
