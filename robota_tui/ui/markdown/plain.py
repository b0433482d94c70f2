"""Text that means nothing but itself: wrapped, made safe, every line break kept."""

from __future__ import annotations

from robota_tui.ui.markdown.code import code_rows
from robota_tui.ui.markdown.lines import Line, Look, Run
from robota_tui.ui.markdown.sanitize import clean, normalise_newlines
from robota_tui.ui.markdown.wrap import wrap_runs


def render_plain(text: str, width: int, look: Look) -> list[Line]:
    """`text` in lines of `width` cells (>= 1); an empty text has none."""
    lines: list[Line] = []
    at = 0
    text = normalise_newlines(text)
    for row in text.split("\n") if text else ():
        if "\t" in row:
            wrapped = code_rows([(row, look.role)], at, width)
        elif row:
            wrapped = wrap_runs([Run(clean(row), look, at, at + len(row))], width)
        else:
            wrapped = [[Run("", look, at, at)]]
        lines += [Line(runs or [Run("", look, at, at)]) for runs in wrapped]
        at += len(row) + 1
    return lines
