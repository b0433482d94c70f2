"""Go to any session or chat by a few letters of its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.content import Content

from robota_tui.ui.dialogs.filter_dialog import FilterDialog
from robota_tui.ui.dialogs.matching import Match, Searched
from robota_tui.ui.dialogs.rows import column, marked
from robota_tui.ui.plain import line_content, plain_line

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDEST_LABEL = 40


@dataclass(frozen=True, slots=True)
class GotoEntry:
    """A place to go to."""

    id: str
    """What the dialog returns when this one is chosen."""
    kind: Literal["session", "chat"]
    """Shown as a glyph where the entry has no status glyph of its own."""
    label: str
    """The name that is searched first."""
    detail: str = ""
    """Shown dimmed behind the label and searched too: a chat's session."""
    status_glyph: str = ""
    """One or two cells in front of the label."""
    status_style: str = ""
    """A Textual style for the glyph, such as `$text-error`."""


class GotoDialog(FilterDialog[GotoEntry, str]):
    """All sessions and chats, in the order given; returns the id of the chosen one."""

    DEFAULT_CSS = """
    GotoDialog > #dialog { max-width: 76; max-height: 24; }
    """
    placeholder = "name of a chat or session"
    has_preview = False
    hints: ClassVar[Sequence[tuple[str, str]]] = (("enter", "go"), ("esc", "cancel"), ("↑↓", "move"))

    def __init__(self, entries: Sequence[GotoEntry], heading: str = "Go to", *, highlighted: int = 0) -> None:
        super().__init__(heading, entries, highlighted=highlighted)
        widths = [line_content(entry.label).cell_length for entry in entries]
        self._label_width = min(max(widths, default=0), _WIDEST_LABEL)

    def searched(self, choice: GotoEntry) -> Searched:
        """The label, then the session's name; the kind itself finds all of that kind."""
        return Searched((plain_line(choice.label), plain_line(choice.detail)), hidden=choice.kind)

    def row(self, choice: GotoEntry, match: Match) -> Content:
        """Status, label and, in a column of its own, the session."""
        glyph = choice.status_glyph or ("▸" if choice.kind == "session" else " ")
        return Content.assemble(
            column(line_content(glyph, choice.status_style), 2),
            column(marked(choice.label, match.positions_in(0)), self._label_width),
            "  ",
            marked(choice.detail, match.positions_in(1), "dim"),
        )

    def result(self, choice: GotoEntry) -> str:
        """The id of the place."""
        return choice.id
