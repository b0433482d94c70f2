from __future__ import annotations

import asyncio

from robota_tui.ui.actions import ACTIONS
from robota_tui.ui.leader import Leader, LeaderLeft, LeaderRun, LeaderUnknown

from .conftest import OpenShell, Shell


def leader() -> Leader:
    made = Leader(ACTIONS, ("ctrl+x",))
    made.begin()
    return made


def test_a_known_key_runs_its_action_and_ends_the_wait() -> None:
    made = leader()
    assert made.press("left_square_bracket", "[") == LeaderRun("session.previous")
    assert not made.is_waiting


def test_capitals_are_other_keys() -> None:
    assert leader().press("y", "y") == LeaderRun("reply.copy")
    assert leader().press("Y", "Y") == LeaderRun("reply.code")


def test_escape_ctrl_c_and_the_leader_itself_leave() -> None:
    for key in ("escape", "ctrl+c", "ctrl+x"):
        assert leader().press(key, None) == LeaderLeft()


def test_an_unknown_key_is_named() -> None:
    assert leader().press("z", "z") == LeaderUnknown("z")
    assert leader().press("ctrl+pageup", None) == LeaderUnknown("ctrl+pgup")
    assert leader().press("nothing", "\x1b") == LeaderUnknown("nothing")


async def test_the_panel_shows_the_keys_and_goes_with_escape(shell: OpenShell) -> None:
    async with shell() as it:
        await it.press("ctrl+x")
        await asyncio.wait_for(_shown(it), 5)
        assert "previous session" in it.text()
        assert "then one of the keys" in it.lines()[-1]
        await it.press("escape")
        assert "previous session" not in it.text()
        await it.type("a")
        assert it.screen.composer.text == "a"


async def _shown(it: Shell) -> None:
    while not it.screen.which_key.display:
        await it.pilot.pause()


async def test_an_unknown_key_says_so_and_types_nothing(shell: OpenShell) -> None:
    async with shell() as it:
        await it.leader("z")
        assert it.screen.composer.text == ""
        assert any("does nothing" in note for note in it.notes())
        await it.type("k")
        assert it.screen.composer.text == "k"


async def test_the_wait_has_no_end_of_its_own(shell: OpenShell) -> None:
    async with shell() as it:
        await it.press("ctrl+x")
        await asyncio.wait_for(_shown(it), 5)
        await it.press("2")
        assert it.shown == "Reviewer"


async def test_another_leader_key_works(shell: OpenShell) -> None:
    async with shell(leader="ctrl+b") as it:
        await it.press("ctrl+b", "2")
        assert it.shown == "Reviewer"
        await it.press("ctrl+x", "3")
        assert it.shown == "Reviewer"


async def test_the_users_keys_work_and_the_old_ones_do_not(shell: OpenShell) -> None:
    async with shell(keymap={"chat.next": "f6", "sidebar.toggle": "ctrl+b", "goto": ""}) as it:
        await it.press("f6")
        assert it.shown == "Reviewer"
        await it.press("ctrl+pagedown", "ctrl+o")
        assert it.shown == "Reviewer"
        assert it.app.screen is it.screen
        it.screen.sidebar.focus()
        await it.press("f6")
        assert it.shown == "Documenter"
        await it.press("ctrl+b")
        assert not it.screen.query_one("#sidebar").display


async def test_mistakes_in_the_keymap_are_told(shell: OpenShell) -> None:
    async with shell(keymap={"chat.nxt": "f6"}, problems=["settings.toml:3: theme: unknown"]) as it:
        assert any("2 problems" in note for note in it.notes())
        await it.leader("!")
        assert "chat.next" in it.text()
        assert "settings.toml:3" in it.text()
