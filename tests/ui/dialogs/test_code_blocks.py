from __future__ import annotations

import pytest
from textual.widgets import OptionList

from robota_tui.ui.dialogs import CodeBlockChoice, CodeBlockPicker

from .conftest import OpenDialog

BLOCKS = [
    CodeBlockChoice(7, "python", "\nimport os\nprint(os.name)\n", "Coder, last answer"),
    CodeBlockChoice(3, "bash", "make run\n"),
    CodeBlockChoice(1, "no-such-language", "a[/] \x1b[31mred\n"),
]


async def test_a_digit_picks_at_once_counted_from_the_top(opened: OpenDialog) -> None:
    async with opened(CodeBlockPicker(BLOCKS)) as shown:
        await shown.press("2")
        assert shown.results == [BLOCKS[1]]


async def test_a_digit_without_a_block_picks_nothing(opened: OpenDialog) -> None:
    async with opened(CodeBlockPicker(BLOCKS)) as shown:
        await shown.press("9")
        assert shown.is_open


async def test_digits_belong_to_the_filter_once_something_is_typed(opened: OpenDialog) -> None:
    blocks = [CodeBlockChoice(n, "text", f"line{n}") for n in range(3)]
    async with opened(CodeBlockPicker(blocks)) as shown:
        await shown.type("line2")
        await shown.press("enter")
        assert shown.results == [blocks[2]]


async def test_language_first_line_and_length_are_listed(opened: OpenDialog) -> None:
    async with opened(CodeBlockPicker(BLOCKS)) as shown:
        line = shown.lines()[shown.line_with("1 python")]
        assert "3 import os" in line


async def test_the_highlighted_block_is_shown_with_its_origin(opened: OpenDialog) -> None:
    async with opened(CodeBlockPicker(BLOCKS)) as shown:
        assert "print(os.name)" in shown.screen()
        assert "Coder, last answer" in shown.screen()
        await shown.press("down")
        assert "print(os.name)" not in shown.screen()


async def test_hostile_code_is_drawn_as_text_and_returned_as_it_was(opened: OpenDialog) -> None:
    async with opened(CodeBlockPicker(BLOCKS)) as shown:
        await shown.press("ctrl+end")
        assert "a[/] red" in shown.screen()
        await shown.press("enter")
        assert shown.results == [BLOCKS[2]]


async def test_the_source_is_searched(opened: OpenDialog) -> None:
    async with opened(CodeBlockPicker(BLOCKS)) as shown:
        await shown.type("os.name")
        await shown.press("enter")
        assert shown.results == [BLOCKS[0]]


async def test_a_click_picks(opened: OpenDialog) -> None:
    async with opened(CodeBlockPicker(BLOCKS)) as shown:
        await shown.pilot.click(OptionList, offset=(5, 1))
        await shown.pilot.pause()
        assert shown.results == [BLOCKS[1]]


@pytest.mark.parametrize("source", ["", "\n\n", "x" * 5000])
async def test_strange_sources_are_listed(opened: OpenDialog, source: str) -> None:
    async with opened(CodeBlockPicker([CodeBlockChoice(1, "", source)])) as shown:
        assert "1 text" in shown.screen()
        await shown.press("1")
        assert shown.results[0].source == source
