from __future__ import annotations

import pytest

from robota_tui.ui.dialogs import ProblemsDialog

from .conftest import OpenDialog

PROBLEMS = [
    "settings.toml:3: unknown key 'tehme'; did you mean 'theme'?",
    "my team.toml:12:4 [/] must be a number\x1b[31m",
    "broken.toml is not UTF-8",
]


async def test_the_place_stands_on_a_line_above_its_message(opened: OpenDialog) -> None:
    async with opened(ProblemsDialog(PROBLEMS)) as shown:
        assert shown.line_with("• settings.toml:3 ") + 1 == shown.line_with("unknown key 'tehme'")
        assert shown.line_with("• my team.toml:12:4 ") + 1 == shown.line_with("[/] must be a number")
        assert "• broken.toml is not UTF-8" in shown.screen()
        assert "3 problems" in shown.screen()


@pytest.mark.parametrize("key", ["escape", "enter", "q"])
async def test_keys_close_it(opened: OpenDialog, key: str) -> None:
    async with opened(ProblemsDialog(PROBLEMS)) as shown:
        await shown.press(key)
        assert shown.results == [None]


async def test_many_problems_scroll_by_key_and_wheel(opened: OpenDialog) -> None:
    async with opened(ProblemsDialog([f"a.toml:{n}: problem {n}." for n in range(100)])) as shown:
        await shown.press("ctrl+end")
        assert "problem 99." in shown.screen()
        await shown.press("pageup", "up")
        assert "problem 99." not in shown.screen()


async def test_a_path_longer_than_the_screen_is_shown_whole(opened: OpenDialog) -> None:
    path = "/" + "x" * 90 + "/end.toml"
    async with opened(ProblemsDialog([f"{path}:3: wrong"]), size=(40, 12)) as shown:
        assert sum(line.count("x") for line in shown.lines()) == 90
        assert "wrong" in shown.screen()
