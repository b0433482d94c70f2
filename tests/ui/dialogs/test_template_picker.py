from __future__ import annotations

import pytest

from robota_tui.ui.dialogs import NewChat, TemplateChoice, TemplatePicker

from .conftest import OpenDialog

CHOICES = [
    TemplateChoice(
        "general", "General", "Answers questions.", "general", ("chat",), "small", "built-in", "Be brief."
    ),
    TemplateChoice(
        "coder", "Coder", "Writes programs.", "development", ("python",), "large", "user", "You program."
    ),
    TemplateChoice(
        "odd", "[/] Odd", "[bold]Desc\x1b[31m", "[", ("[x]",), "m]", "[/]", "[/red]\x1b]0;title\x07"
    ),
]


async def test_enter_creates_at_once_without_a_name(opened: OpenDialog) -> None:
    async with opened(TemplatePicker(CHOICES)) as shown:
        await shown.press("enter")
        assert shown.results == [NewChat("general", None)]


async def test_the_template_asked_for_is_highlighted(opened: OpenDialog) -> None:
    async with opened(TemplatePicker(CHOICES, highlighted_id="coder")) as shown:
        assert "Writes programs." in shown.screen()
        await shown.press("enter")
        assert shown.results == [NewChat("coder", None)]


@pytest.mark.parametrize("query", ["cod", "python", "large", "user", "programs"])
async def test_name_tag_model_source_and_description_are_searched(opened: OpenDialog, query: str) -> None:
    async with opened(TemplatePicker(CHOICES)) as shown:
        await shown.type(query)
        await shown.press("enter")
        assert shown.results == [NewChat("coder", None)]


async def test_tab_gives_the_chat_a_name(opened: OpenDialog) -> None:
    async with opened(TemplatePicker(CHOICES)) as shown:
        await shown.type("cod")
        await shown.press("tab")
        await shown.type(" my  chat ")
        await shown.press("enter")
        assert shown.results == [NewChat("coder", "my chat")]


async def test_the_list_moves_while_the_name_is_typed(opened: OpenDialog) -> None:
    async with opened(TemplatePicker(CHOICES)) as shown:
        await shown.press("tab", "x", "down", "enter")
        assert shown.results == [NewChat("coder", "x")]


async def test_everything_about_the_highlighted_template_is_shown(opened: OpenDialog) -> None:
    async with opened(TemplatePicker(CHOICES)) as shown:
        await shown.press("down")
        for text in ("Writes programs.", "large", "development", "python", "user", "coder", "You program."):
            assert text in shown.screen()


async def test_markup_in_a_template_is_shown_as_it_is(opened: OpenDialog) -> None:
    async with opened(TemplatePicker(CHOICES)) as shown:
        await shown.press("ctrl+end")
        for text in ("[/] Odd", "[bold]Desc", "[x]", "m]", "[/red]"):
            assert text in shown.screen()


async def test_a_long_system_message_scrolls_by_key(opened: OpenDialog) -> None:
    long = TemplateChoice("long", "Long", system_message="\n".join(f"rule {number}" for number in range(40)))
    async with opened(TemplatePicker([long])) as shown:
        assert "rule 20" not in shown.screen()
        for _ in range(3):
            await shown.press("shift+down")
        assert "rule 20" in shown.screen()
        for _ in range(3):
            await shown.press("shift+up")
        assert "rule 0" in shown.screen()


async def test_a_narrow_tall_screen_has_the_preview_below(opened: OpenDialog) -> None:
    async with opened(TemplatePicker(CHOICES), size=(40, 24)) as shown:
        assert shown.line_with("Answers questions.") > shown.line_with("[/] Odd")
