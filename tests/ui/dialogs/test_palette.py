from __future__ import annotations

import pytest

from robota_tui.ui.actions import ActionRow
from robota_tui.ui.palette import Command, PaletteDialog, commands

from .conftest import OpenDialog

ROWS = [
    ActionRow("chat.next", "next chat", "Show the chat to the right.", "Chat", ("ctrl+n",), ("n",)),
    ActionRow("hidden", "hidden", "Not for the palette.", "Chat", palette=False),
    ActionRow("quit", "quit", "Leave.", "Program"),
]


def test_actions_come_first_then_themes_with_the_programs_own_on_top() -> None:
    found = commands(ROWS, "ctrl+x", ["zenburn", "robota-light", "ansi", "robota-dark"])
    assert [(command.kind, command.id) for command in found] == [
        ("action", "chat.next"),
        ("action", "quit"),
        ("theme", "robota-dark"),
        ("theme", "robota-light"),
        ("theme", "ansi"),
        ("theme", "zenburn"),
    ]
    assert (found[0].label, found[0].keys) == ("Chat: next chat", ("ctrl+n", "ctrl+x n"))


@pytest.mark.parametrize("size", [(200, 50), (80, 24), (40, 12), (20, 5)])
async def test_entries_are_seen_at_every_size(opened: OpenDialog, size: tuple[int, int]) -> None:
    offered = commands(ROWS, "ctrl+x", ["robota-dark"])
    async with opened(PaletteDialog(offered), size=size) as shown:
        await shown.pilot.pause()
        assert "Chat: next" in shown.screen()
        await shown.press("down", "down")
        assert "Theme: robota" in shown.screen()
        await shown.press("enter")
        assert shown.results == [offered[2]]


async def test_keys_stand_at_the_right_edge_also_after_a_resize(opened: OpenDialog) -> None:
    async with opened(PaletteDialog(commands(ROWS, "ctrl+x", [])), size=(80, 24)) as shown:
        await shown.press("down")
        for width in (80, 50, 30):
            await shown.pilot.resize_terminal(width, 24)
            await shown.pilot.pause()
            line = shown.lines()[shown.line_with("Chat: next chat")]
            keys = "  ctrl+n · ctrl+x n" if width > 30 else "  ctrl+n"
            assert line.rstrip("│ ").endswith(keys)
            assert width - len(line.rstrip("│ ")) <= 5
        await shown.press("enter")
        assert [found.id for found in shown.results] == ["quit"]


async def test_a_command_is_found_by_the_words_that_explain_it(opened: OpenDialog) -> None:
    chosen = Command("action", "a", "Chat: other", detail="Shows the neighbour.")
    async with opened(PaletteDialog([Command("action", "b", "Chat: rename"), chosen])) as shown:
        await shown.type("neighbour")
        await shown.press("enter")
        assert shown.results == [chosen]
