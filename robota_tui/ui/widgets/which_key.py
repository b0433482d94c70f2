"""The panel that shows what can follow the leader key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from robota_tui.ui.widgets.lines import LineBuilder, LineWidget, fill, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robota_tui.ui.actions import ActionRow

_COLUMN = 26
_KEY = 5


class WhichKey(LineWidget[str]):
    """The keys after the leader, in columns, over the lower part of the screen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"which-key--key", "which-key--group", "which-key--rule"}

    def __init__(self, rows: Sequence[ActionRow], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._groups = _entries(rows)

    def open(self, width: int, height: int) -> None:
        """Show the panel, at most `height` lines high."""
        self.styles.height = min(len(self._lay_out(width)) + 1, max(height, 1))
        self.display = True

    def close(self) -> None:
        """Hide the panel."""
        self.display = False

    def build_lines(self, width: int, height: int) -> list[LineBuilder[str]]:
        """A rule above the rows of keys."""
        rule: LineBuilder[str] = LineBuilder()
        rule.add("─" * width, self.look("which-key--rule"))
        return [rule, *(self._row(cells) for cells in self._lay_out(width))]

    def _row(self, cells: Sequence[tuple[str, str]]) -> LineBuilder[str]:
        line: LineBuilder[str] = LineBuilder()
        for key, text in cells:
            if key:
                line.add(f"{key:>{_KEY - 1}} ", self.look("which-key--key"))
                line.add(fill(text, _COLUMN - _KEY))
            else:
                line.add(fill(f" {text}", _COLUMN), self.look("which-key--group"))
        return line

    def _lay_out(self, width: int) -> list[list[tuple[str, str]]]:
        """Rows of cells; a cell without a key is a heading. Columns are filled from the top."""
        cells = [cell for group in self._groups for cell in group]
        columns = max(width // _COLUMN, 1)
        rows = -(-len(cells) // columns)
        return [cells[row::rows] for row in range(rows)]


def _entries(rows: Sequence[ActionRow]) -> list[list[tuple[str, str]]]:
    """Headings and keys by group; the nine numbers share an entry."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        if not row.leader or row.id[5:] in set("23456789"):
            continue
        group = groups.setdefault(row.group, [("", row.group)])
        if row.id == "chat.1":
            group.append(("1-9", "chat 1 … 9"))
        else:
            group.append((" ".join(row.leader), fit(row.description, _COLUMN - _KEY - 1)))
    return list(groups.values())
