"""Code to lines: tabs expanded, colours from the highlighter, cut at the edge between graphemes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robota_tui.ui.markdown.cells import graphemes, is_simple, text_width
from robota_tui.ui.markdown.highlight import highlight_lines
from robota_tui.ui.markdown.lines import Look, Run
from robota_tui.ui.markdown.sanitize import clean
from robota_tui.ui.markdown.wrap import cut

if TYPE_CHECKING:
    from robota_tui.ui.markdown.highlight import Piece

CODE = Look("code-block")
_TAB = 4
_NARROW = 6
"""Cells up to which code has no margin."""


def code_rows(pieces: list[Piece], offset: int, width: int) -> list[list[Run]]:
    """One line of code, which begins at source `offset`, as the rows it takes at `width` cells."""
    runs: list[Run] = []
    column = 0
    for text, role in pieces:
        look = Look(role)
        for index, part in enumerate(text.split("\t")):
            if index:
                spaces = _TAB - column % _TAB
                runs.append(Run(" " * spaces, look, offset, offset + 1))
                column += spaces
                offset += 1
            if part:
                shown = clean(part)
                runs.append(Run(shown, look, offset, offset + len(part)))
                column += len(part) if part.isascii() else text_width(shown)
                offset += len(part)
    if not runs:
        return [[Run("", CODE, offset, offset)]]
    return [runs] if column <= width else _fold(runs, width)


def _fold(runs: list[Run], width: int) -> list[list[Run]]:
    rows: list[list[Run]] = [[]]
    used = 0
    for run in runs:
        first = 0
        for start, cells in _steps(run.text):
            if used + cells > width and used:
                if start > first:
                    rows[-1].append(cut(run, first, start))
                rows.append([])
                first, used = start, 0
            used += cells
        rows[-1].append(cut(run, first, len(run.text)))
    return rows


def _steps(text: str) -> list[tuple[int, int]]:
    """Where each grapheme begins, and its width."""
    if is_simple(text):
        return [(index, 1) for index in range(len(text))]
    return [(start, width) for start, _, width in graphemes(text)]


def code_label(language: str, width: int, at: int, *, empty: bool) -> list[list[Run]]:
    """The row above code that names its language, which also stands for a block without code."""
    margin = " " if width > _NARROW else ""
    return [[Run(margin + clean(language), Look("code-comment"), at, at)]] if language or empty else []


def code_lines(
    lines: list[str], language: str, offsets: list[int], width: int, first: int = 0, *, partial: bool = False
) -> list[list[Run]]:
    """The rows of `lines[first:]`, which stand at `offsets`; see `highlight_lines`."""
    margin = 1 if width > _NARROW else 0
    rows: list[list[Run]] = []
    coloured = highlight_lines(lines, language, first, partial=partial)
    for pieces, offset in zip(coloured, offsets[first:], strict=True):
        folded = code_rows(pieces, offset, width - margin)
        rows += [[Run(" ", CODE, row[0].start, row[0].start), *row] for row in folded] if margin else folded
    return rows
