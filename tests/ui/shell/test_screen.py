"""What is drawn, and what the mouse does with it."""

from __future__ import annotations

import asyncio
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from robota_tui.agents.errors import ProviderError
from robota_tui.config.themes import ThemeSpec
from robota_tui.sessions.state import ChatStatus
from robota_tui.ui.dialogs import TemplatePicker
from robota_tui.ui.widgets.tab_strip import TabItem, TabStrip

from .conftest import OpenShell, Shell

if TYPE_CHECKING:
    from textual.widget import Widget

HOSTILE = [
    "[/]",
    "[red]red",
    "\x1b[31mred\x1b]0;title\x07",
    "🎉👩‍👩‍👧 漢字",
    "e\u0301" * 50,
    "x" * 500,
    "\u202eright to left",
    "a\tb\nc",
]


def is_control(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cs"} or "\u202a" <= char <= "\u202e"


async def click(it: Shell, widget: Widget, text: str, **options: Any) -> None:
    """Click on a text that the widget shows."""
    region = widget.region
    for y in range(region.y, region.bottom):
        line = it.lines()[y]
        place = line.find(text)
        if place >= 0:
            await it.pilot.click(offset=(cell_len(line[:place]), y), **options)
            await it.pilot.pause()
            return
    raise AssertionError(f"{text!r} is not there:\n{it.text()}")


async def test_the_first_screen_shows_sessions_tabs_keys_and_who_answers(shell: OpenShell) -> None:
    async with shell(notice="The built-in model answers.") as it:
        text = it.text()
        for shown in ("Development", "Sceptic", "1 Coder", "3 Documenter", "model-1", "scripted", "f1 help"):
            assert shown in text
        assert "The built-in model answers." in text


async def test_a_click_on_a_tab_shows_its_chat(shell: OpenShell) -> None:
    async with shell() as it:
        await click(it, it.screen.tabs, "Documenter")
        assert it.shown == "Documenter"
        assert it.screen.composer.has_focus


async def test_a_click_with_the_middle_button_closes_a_chat(shell: OpenShell) -> None:
    async with shell() as it:
        await click(it, it.screen.tabs, "Reviewer", button=2)
        await it.until(lambda: it.order() == ["Coder", "Documenter"])


async def test_a_click_on_the_plus_opens_the_picker(shell: OpenShell) -> None:
    async with shell() as it:
        await click(it, it.screen.tabs, "+")
        assert isinstance(it.app.screen, TemplatePicker)


async def test_a_click_in_the_sidebar_shows_chat_or_session(shell: OpenShell) -> None:
    async with shell() as it:
        await click(it, it.screen.sidebar, "Sceptic")
        assert (it.session_name, it.shown) == ("Research", "Sceptic")
        await click(it, it.screen.sidebar, "Development")
        assert (it.session_name, it.shown) == ("Development", "Coder")


async def test_a_click_on_a_triangle_folds_a_session(shell: OpenShell) -> None:
    async with shell() as it:
        await click(it, it.screen.sidebar, "▾")
        assert "Reviewer" not in "".join(line[:25] for line in it.lines())
        await click(it, it.screen.sidebar, "▸")
        assert "Reviewer" in "".join(line[:25] for line in it.lines())


async def test_a_click_on_a_key_of_the_footer_runs_it(shell: OpenShell) -> None:
    async with shell() as it:
        await click(it, it.screen.keys, "new chat")
        assert isinstance(it.app.screen, TemplatePicker)


async def test_a_click_on_the_hotlist_goes_there(shell: OpenShell) -> None:
    async with shell(seen_after=60.0) as it:
        it.chat("Sceptic").submit("hello")
        await it.until(lambda: "Research/Sceptic" in it.text())
        await click(it, it.screen.status, "Sceptic")
        assert it.shown == "Sceptic"


async def test_the_sidebar_works_by_keys(shell: OpenShell) -> None:
    async with shell() as it:
        await it.leader("o")
        assert it.screen.sidebar.has_focus
        await it.press("end", "up", "enter")
        assert it.shown == "Sceptic"
        assert it.screen.composer.has_focus
        await it.leader("o")
        await it.press("left")
        assert "Sceptic" not in "".join(line[:25] for line in it.lines())
        await it.press("right", "down", "enter")
        assert it.shown == "Scout"


async def test_statuses_stand_in_tree_tabs_and_hotlist_rolled_up(shell: OpenShell) -> None:
    async with shell(seen_after=60.0) as it:
        gate = asyncio.Event()
        it.provider.then(gate, "x")
        it.chat("Documenter").submit("go")
        await it.until(lambda: it.chat("Documenter").is_working)
        for name in ("Scout", "Sceptic"):
            it.chat(name).submit("hello")
        await it.until(lambda: it.chat("Sceptic").status is ChatStatus.UNSEEN)
        await it.until(lambda: "3 Documenter ✎" in it.lines()[0])
        await it.until(lambda: any("Research" in line and "●2" in line for line in tree(it)))
        assert any("Development" in line and "✎" in line for line in tree(it))
        assert "Research/Scout done" in it.lines()[-2]
        gate.set()
        await it.until(lambda: "3:Documenter done" in it.lines()[-2])


def tree(it: Shell) -> list[str]:
    return [line[:25] for line in it.lines()]


async def test_tokens_are_shown_when_a_reply_has_come(shell: OpenShell) -> None:
    from robota_tui.agents.messages import Usage

    async with shell() as it:
        it.provider.then("hi", Usage(1200, 34))
        await it.type("hello")
        await it.press("enter")
        await it.until(lambda: "1.2k tokens" in it.text())


async def test_what_never_came_into_the_history_goes_back_to_the_draft(shell: OpenShell) -> None:
    async with shell() as it:
        from robota_tui.sessions.events import SendFailed

        chat = it.chat("Coder")
        it.manager.emit(SendFailed(chat.session_id, chat.id, "my text", "vetoed", "ask again", stored=False))
        await it.pilot.pause()
        assert it.screen.composer.text == "my text"
        assert any("vetoed" in note and "ask again" in note for note in it.notes())


@pytest.mark.parametrize("name", HOSTILE)
async def test_names_of_foreign_origin_are_drawn_letter_by_letter(shell: OpenShell, name: str) -> None:
    async with shell({name: (name, "plain")}, seen_after=60.0, notice=name, problems=[name]) as it:
        it.provider.then(ProviderError(name, kind="server", hint=name), finish=False)
        it.chat(name).submit(name)
        await it.press("alt+2")
        await it.until(lambda: it.chat(name).status is ChatStatus.FAILED)
        for keys in ([], ["ctrl+o"], ["escape"], ["f2"], ["escape"], ["ctrl+x", "!"], ["escape"], ["alt+1"]):
            await it.press(*keys)
            for line in it.lines():
                assert cell_len(line) == 100
                assert not [char for char in line if is_control(char)]


async def test_hostile_models_are_drawn_letter_by_letter(shell: OpenShell) -> None:
    async with shell() as it:
        await it.chat("Coder").update_robota_config({"default_model": {"model": "[/]\x1b[31m\nmodel"}})
        await it.until(lambda: "[/] model" in it.lines()[-2])


@pytest.mark.parametrize(
    "size",
    [(1, 1), (2, 1), (3, 2), (5, 3), (10, 5), (20, 5), (1, 40), (200, 1), (40, 12), (80, 24), (250, 80)],
)
async def test_no_size_breaks_anything(shell: OpenShell, size: tuple[int, int]) -> None:
    async with shell(size=size, seen_after=60.0) as it:
        it.chat("Sceptic").submit("hello")
        await it.until(lambda: it.chat("Sceptic").status is ChatStatus.UNSEEN)
        await it.type("hi there")
        for keys in (
            ["alt+2"],
            ["ctrl+x", "b"],
            ["ctrl+x", "b"],
            ["alt+a"],
            ["ctrl+x"],
            ["escape"],
            ["ctrl+x", "o"],
        ):
            await it.press(*keys)
            assert len(it.lines()) == size[1]
            assert {cell_len(line) for line in it.lines()} == {size[0]}


async def test_growing_and_shrinking_breaks_nothing(shell: OpenShell) -> None:
    async with shell() as it:
        for size in ((1, 1), (120, 40), (20, 5), (5, 50), (100, 30)):
            await it.pilot.resize_terminal(*size)
            await it.press("alt+2", "alt+1")
        assert "1 Coder" in it.text()


async def test_the_sidebar_hides_where_it_is_narrow_until_asked_for(shell: OpenShell) -> None:
    async with shell(size=(60, 20)) as it:
        assert not it.screen.query_one("#sidebar").display
        await it.leader("b")
        assert it.screen.query_one("#sidebar").display
        await it.leader("b")
        assert not it.screen.query_one("#sidebar").display


async def test_the_sidebar_can_be_left_out_and_has_the_wanted_width(shell: OpenShell) -> None:
    async with shell(sidebar=False) as it:
        assert not it.screen.query_one("#sidebar").display
    async with shell(sidebar_width=40) as it:
        assert it.screen.query_one("#sidebar").size.width in (39, 40)


async def test_nothing_is_mounted_by_a_switch(shell: OpenShell) -> None:
    async with shell() as it:
        before = list(it.screen.walk_children())
        for keys in ("alt+2", "alt+3", "alt+down", "alt+up", "alt+slash"):
            await it.press(keys)
        assert list(it.screen.walk_children()) == before


async def test_a_theme_of_the_configuration_is_used(shell: OpenShell) -> None:
    spec = ThemeSpec(name="mine", primary="#ff0000", background="#101010")
    async with shell(themes=[spec], theme="mine") as it:
        assert it.app.theme == "mine"
    async with shell(themes=[spec], theme="yours") as it:
        assert any("problem" in note for note in it.notes())
        assert any("yours" in problem for problem in it.app.options.problems)


def strip(count: int, active: int, width: int, name: str = "Agent") -> str:
    async def draw() -> str:
        from textual.app import App

        class Host(App[None]):
            CSS = "TabStrip { height: 2; }"

            def compose(self) -> Any:
                yield TabStrip(id="tabs")

        app = Host()
        async with app.run_test(size=(width, 2)) as pilot:
            tabs = app.query_one(TabStrip)
            tabs.show([TabItem(str(i), f"{name} {i}", ChatStatus.IDLE) for i in range(count)], str(active))
            await pilot.pause()
            return "".join(segment.text for segment in app.screen._compositor.render_strips()[0])

    return asyncio.run(draw())


@pytest.mark.parametrize("active", [0, 7, 19])
@pytest.mark.parametrize("width", [20, 40, 79])
def test_the_active_tab_is_in_sight_and_marks_tell_of_the_others(active: int, width: int) -> None:
    line = strip(20, active, width)
    assert f" {active + 1} Agent {active} " in line
    assert ("‹" in line) == (active > 0)
    assert ("›" in line) == (active < 19)


def test_few_tabs_need_no_marks() -> None:
    line = strip(3, 1, 60)
    assert "‹" not in line
    assert "›" not in line
    assert line.rstrip().endswith("+")
