from __future__ import annotations

import pytest

from robota_tui.config.loader import load_configuration

from .conftest import OpenShell


@pytest.mark.parametrize("wanted", ["robota-ansi", "ansi-dark"])
async def test_without_colours_the_themes_of_the_terminals_colours_give_way(
    shell: OpenShell, monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with shell(themes=load_configuration().theme_list, theme=wanted) as it:
        assert it.app.theme == "robota-dark"
        assert not [name for name, theme in it.app.available_themes.items() if theme.ansi]
        assert it.screen.options.problems == ()
        for strip in it.app.screen._compositor.render_strips():
            for text, style, _ in strip:
                if text.strip() and style is not None and style.color is not None:
                    assert style.color != style.bgcolor, f"{text!r} cannot be read"


async def test_with_colours_they_are_there(shell: OpenShell) -> None:
    async with shell(themes=load_configuration().theme_list, theme="robota-ansi") as it:
        assert it.app.theme == "robota-ansi"
