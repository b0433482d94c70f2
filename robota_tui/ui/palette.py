"""The command palette: the table of actions and the themes, one line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.content import Content

from robota_tui.ui.dialogs.filter_dialog import FilterDialog
from robota_tui.ui.dialogs.matching import Match, Searched
from robota_tui.ui.dialogs.rows import column, marked
from robota_tui.ui.keynames import key_label
from robota_tui.ui.plain import line_content, plain_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual import events

    from robota_tui.ui.actions import ActionRow

_OWN_THEMES = "robota-"


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the palette."""

    kind: Literal["action", "theme"]
    id: str
    """Of the action; the name of the theme."""
    label: str
    keys: tuple[str, ...] = ()
    """As they are written for people."""
    detail: str = ""
    """A sentence that is searched too."""


def commands(rows: Iterable[ActionRow], leader: str, themes: Iterable[str]) -> list[Command]:
    """Every action that the table marks for the palette, then every theme, the program's own ones first.

    `leader` is the leader key as it is written for people, empty where there is none.
    """
    found = [
        Command("action", row.id, f"{row.group}: {row.description}", _keys(row, leader), row.tooltip)
        for row in rows
        if row.palette
    ]
    names = sorted(themes, key=lambda name: (not name.startswith(_OWN_THEMES), name))
    return found + [Command("theme", name, f"Theme: {name}") for name in names]


def _keys(row: ActionRow, leader: str) -> tuple[str, ...]:
    keys = [key_label(key) for key in row.keys]
    keys += [f"{leader} {key}" for key in row.leader] if leader else []
    return tuple(keys)


class PaletteDialog(FilterDialog[Command, Command]):
    """All commands; returns the chosen one."""

    DEFAULT_CSS = """
    PaletteDialog > #dialog { max-width: 84; }
    """
    placeholder = "what to do"
    has_preview = False
    hints: ClassVar[Sequence[tuple[str, str]]] = (("enter", "run"), ("esc", "cancel"), ("↑↓", "move"))

    def __init__(self, choices: Sequence[Command], heading: str = "Commands") -> None:
        super().__init__(heading, choices)
        self._row_width = 0

    def searched(self, choice: Command) -> Searched:
        """The label, and the words that explain it."""
        return Searched((plain_line(choice.label),), hidden=f"{choice.detail} {' '.join(choice.keys)}")

    def row(self, choice: Command, match: Match) -> Content:
        """The label, and at the right edge its keys, or at least the first, if there is room."""
        label = marked(choice.label, match.positions_in(0))
        for keys in (" · ".join(choice.keys), *choice.keys[:1]):
            room = self._row_width - len(keys) - 2
            if room >= label.cell_length:
                return Content.assemble(column(label, room), "  ", line_content(keys, "dim"))
        return label

    def result(self, choice: Command) -> Command:
        """The command itself."""
        return choice

    def on_resize(self, _event: events.Resize) -> None:
        """Put the keys at the right edge, once it is known where that is."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        width = max(0, self._list.scrollable_content_region.width - 2)
        if width == self._row_width:
            return
        self._row_width = width
        highlighted = self._list.highlighted
        self._query = None
        self._refilter()
        self._list.highlighted = highlighted
