"""Tables that stay readable at any width.

The header and the first `SAMPLE` rows decide how wide the columns are; so later rows can be drawn
while they stream in, and nothing above them changes. Cells wrap where columns must shrink; where even
that leaves too little, each row becomes a list of `header: value`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from robota_tui.ui.markdown.cells import text_width
from robota_tui.ui.markdown.lines import BOLD, Look, Run
from robota_tui.ui.markdown.wrap import wrap_runs

if TYPE_CHECKING:
    from collections.abc import Sequence

SAMPLE = 24
"""Body rows that decide the widths of the columns."""

_NARROWEST = 5
_SEPARATOR = " │ "
_GRID = Look("table")

Cell = list[list[Run]]
"""Its text from one line break to the next."""
Row = list[Cell]


class TableShape(NamedTuple):
    """All that drawing a row needs to know of the rest of the table."""

    header: Row
    aligns: tuple[str, ...]
    """"left", "right", "center" or "" for each column."""
    widths: tuple[int, ...]
    """Cells of each column; empty when rows are drawn as lists of values."""
    squeezed: bool
    """Whether columns are narrower than their contents, so that rules must tell rows apart."""
    width: int
    """Cells of the whole table."""


def table_shape(header: Row, rows: Sequence[Row], aligns: Sequence[str], width: int) -> TableShape:
    """Decide the widths of the columns from `header` and the first `SAMPLE` of `rows`."""
    natural = [
        max(1, *(_cell_width(row[column]) for row in (header, *rows[:SAMPLE]) if column < len(row)))
        for column in range(len(header))
    ]
    available = width - len(_SEPARATOR) * (len(natural) - 1)
    if sum(natural) <= available:
        return TableShape(header, tuple(aligns), tuple(natural), False, width)
    if available < _NARROWEST * len(natural):
        return TableShape(header, tuple(aligns), (), True, width)
    return TableShape(header, tuple(aligns), tuple(_shrink(natural, available)), True, width)


def _cell_width(cell: Cell) -> int:
    return max(map(_line_width, cell), default=0)


def _line_width(runs: list[Run]) -> int:
    return sum(text_width(run.text) for run in runs)


def _shrink(natural: list[int], available: int) -> list[int]:
    """Narrow columns keep their width, the others share what is left evenly."""
    widths = list(natural)
    open_columns = sorted(range(len(natural)), key=lambda column: natural[column])
    left = available
    while open_columns:
        share = left // len(open_columns)
        column = open_columns.pop(0)
        widths[column] = min(natural[column], share)
        left -= widths[column]
    return widths


def header_lines(shape: TableShape, at: int, *, alone: bool) -> list[list[Run]]:
    """The header and the rule under it; `at` is where the table begins in the source.

    Where rows are drawn as lists of values the header shows only while it is `alone`.
    """
    if not shape.widths:
        if not alone:
            return []
        runs = [[run for line in cell for run in line] for cell in shape.header]
        names = [run for cell in runs for run in (*cell, Run(" ", _GRID, at, at))]
        return wrap_runs(names, shape.width)
    bold = [[[_bold(run) for run in line] for line in cell] for cell in shape.header]
    return [*_grid_row(shape, bold, at), _rule(shape, "─", at)]


def _bold(run: Run) -> Run:
    return run._replace(look=run.look._replace(flags=run.look.flags | BOLD))


def row_lines(shape: TableShape, row: Row, index: int, at: int) -> list[list[Run]]:
    """The lines of body row number `index` (from 0), which begins at source offset `at`."""
    if not shape.widths:
        return _record(shape, row, index, at)
    lines = _grid_row(shape, row, at)
    return [_rule(shape, "╌", at), *lines] if shape.squeezed and index else lines


def _rule(shape: TableShape, dash: str, at: int) -> list[Run]:
    joint = f"{dash}{'┼'}{dash}"
    return [Run(joint.join(dash * width for width in shape.widths), _GRID, at, at)]


def _grid_row(shape: TableShape, row: Row, at: int) -> list[list[Run]]:
    cells = [
        [line for part in cell for line in wrap_runs(part, width)]
        for cell, width in zip(row, shape.widths, strict=False)
    ]
    cells += [[[]]] * (len(shape.widths) - len(cells))
    lines: list[list[Run]] = []
    for number in range(max(len(cell) for cell in cells)):
        line: list[Run] = []
        for column, cell in enumerate(cells):
            if column:
                line.append(Run(_SEPARATOR, _GRID, at, at))
            runs = cell[number] if number < len(cell) else []
            at = runs[-1].end if runs else at
            _pad(line, runs, shape, column, at)
        lines.append(line)
    return lines


def _pad(line: list[Run], runs: list[Run], shape: TableShape, column: int, at: int) -> None:
    space = max(0, shape.widths[column] - _line_width(runs))
    align = shape.aligns[column] if column < len(shape.aligns) else ""
    left = space if align == "right" else space // 2 if align == "center" else 0
    start = runs[0].start if runs else at
    if left:
        line.append(Run(" " * left, _GRID, start, start))
    line.extend(runs)
    if space - left and column + 1 < len(shape.widths):
        line.append(Run(" " * (space - left), _GRID, at, at))


def _record(shape: TableShape, row: Row, index: int, at: int) -> list[list[Run]]:
    lines: list[list[Run]] = []
    if index:
        lines.append([Run("─" * shape.width, _GRID, at, at)])
    for title, cell in zip(shape.header, row, strict=False):
        label = " ".join("".join(run.text for run in line) for line in title)
        named = [Run(f"{label}: ", Look("table", BOLD), at, at)] if label else []
        for part in cell:
            lines.extend(wrap_runs([*named, *part], shape.width))
            at, named = part[-1].end if part else at, []
    return lines
