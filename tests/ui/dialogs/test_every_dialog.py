from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from robota_tui.ui import dialogs
from robota_tui.ui.dialogs.base import Dialog

from .conftest import OpenDialog

HOSTILE = [
    "[/]",
    "[red]open",
    "\x1b[31mred\x1b]0;title\x07\x9b2J",
    "x" * 500,
    "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL} \N{TEST TUBE} 日本語のエージェント",
    "two\nlines\tand\ra tab",
    "\ud800 lone",
    "\u202eturned",
    "",
]
SIZES = [(80, 24), (40, 10), (20, 5), (3, 2)]

Dialogs = Callable[[], Dialog[Any]]

EVERY: dict[str, Dialogs] = {
    "template": lambda: dialogs.TemplatePicker(
        [dialogs.TemplateChoice(str(n), t, t, t, (t, t), t, t, t) for n, t in enumerate(HOSTILE)], HOSTILE[1]
    ),
    "name": lambda: dialogs.NameDialog(HOSTILE[3], HOSTILE[2], HOSTILE[4]),
    "confirm": lambda: dialogs.ConfirmDialog(HOSTILE[2], "".join(HOSTILE), HOSTILE[1], danger=True),
    "goto": lambda: dialogs.GotoDialog(
        [dialogs.GotoEntry(str(n), "chat", t, t, t[:1]) for n, t in enumerate(HOSTILE)], HOSTILE[0]
    ),
    "help": lambda: dialogs.HelpScreen([dialogs.HelpRow(t, t, t, t) for t in HOSTILE], HOSTILE[4]),
    "code": lambda: dialogs.CodeBlockPicker(
        [dialogs.CodeBlockChoice(n, t, t, t) for n, t in enumerate(HOSTILE)], HOSTILE[5]
    ),
    "problems": lambda: dialogs.ProblemsDialog([f"{t}:3: {t}" for t in HOSTILE], HOSTILE[3]),
}


def test_every_name_exported_is_there() -> None:
    assert {name for name in dialogs.__all__ if getattr(dialogs, name).__name__ == name} == set(
        dialogs.__all__
    )


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Nonsense"):
        _ = dialogs.Nonsense


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", EVERY)
async def test_hostile_text_is_drawn_at_every_size_and_no_control_character_with_it(
    opened: OpenDialog, name: str, size: tuple[int, int]
) -> None:
    async with opened(EVERY[name](), size=size) as shown:
        for keys in (["down", "down", "end"], ["tab", "x", "["], ["pagedown", "ctrl+end", "shift+down"]):
            await shown.press(*keys)
            text = shown.screen()
            assert text.encode()
            assert not [
                character
                for character in text.replace("\n", "")
                if character < " " or "\x7f" <= character < "\xa0"
            ]
            assert "\u202e" not in text
        await shown.pilot.resize_terminal(20, 5)
        await shown.press("up")
        assert shown.is_open
        await shown.press("escape")
        assert shown.results == [False if name == "confirm" else None]


@pytest.mark.parametrize("name", EVERY)
async def test_two_answers_in_one_go_close_nothing_but_the_dialog(opened: OpenDialog, name: str) -> None:
    async with opened(EVERY[name]()) as shown:
        below = shown.pilot.app.screen_stack[0]
        shown.dialog.action_cancel()
        shown.dialog.action_cancel()
        await shown.pilot.pause()
        assert shown.pilot.app.screen is below
        assert len(shown.results) == 1


@pytest.mark.parametrize("name", ["confirm", "goto", "help", "name", "problems"])
async def test_a_click_beside_the_box_cancels(opened: OpenDialog, name: str) -> None:
    async with opened(EVERY[name](), size=(120, 40)) as shown:
        await shown.pilot.click(offset=(1, 1))
        await shown.pilot.pause()
        assert shown.results == [False if name == "confirm" else None]


@pytest.mark.parametrize("name", EVERY)
async def test_a_click_inside_the_box_leaves_it_open_and_the_keys_where_they_were(
    opened: OpenDialog, name: str
) -> None:
    async with opened(EVERY[name](), size=(80, 24)) as shown:
        focused = shown.dialog.focused
        await shown.pilot.click("#dialog", offset=(4, 0))
        await shown.pilot.pause()
        assert shown.is_open
        assert shown.dialog.focused is focused
