"""Imports that the first message would otherwise wait for, in steps short enough not to be felt."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def warm_up_steps() -> list[Callable[[], object]]:
    """What to call, one after the other, while there is nothing else to do."""
    return [
        _parser,
        lambda: _code("text"),
        *(lambda language=language: _code(language) for language in ("python", "bash", "json", "javascript")),
        # What was imported lives as long as the program: the garbage collector need not walk it.
        gc.freeze,
    ]


def _parser() -> None:
    from robota_tui.ui.markdown.blocks import render

    render("A *word* and `code`, [a link](http://a.b/c).\n\n- item\n\n| a |\n|---|\n| b |\n", 40)


def _code(language: str) -> None:
    from robota_tui.ui.markdown.highlight import highlight_lines

    highlight_lines(["x = 1"], language)
