"""All keys on one screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input

from robota_tui.ui.dialogs.base import LineInput, prompt_line
from robota_tui.ui.dialogs.matching import Match, Searched, rank
from robota_tui.ui.dialogs.reader import ReaderDialog, columns, hanging
from robota_tui.ui.dialogs.rows import marked
from robota_tui.ui.plain import line_content, plain_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

_WIDEST_KEYS = 20
_WIDEST_LEADER = 14
_NARROWEST_DESCRIPTION = 24


@dataclass(frozen=True, slots=True)
class HelpRow:
    """One action and its keys."""

    group: str
    """The heading it stands under; groups come in the order in which they first appear."""
    keys: str
    """The keys as they are written for people; empty where there is only the leader."""
    leader: str
    """The key after the leader, the leader included; empty where there is none."""
    description: str


class HelpScreen(ReaderDialog):
    """The rows by group; typing, after a slash or at once, leaves only those that fit."""

    DEFAULT_CSS = """
    HelpScreen {
        & > #dialog { width: 96%; height: 90%; }
        &.-narrow > #dialog, &.-short > #dialog { height: 100%; }
        ReaderPane { height: 1fr; margin-top: 1; }
        &.-short ReaderPane { margin-top: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1", "cancel", "Close", show=False)]
    hints: ClassVar[Sequence[tuple[str, str]]] = (("esc", "close"), ("/", "search"), ("↑↓", "scroll"))

    _filter = query_one("#filter", LineInput)

    def __init__(self, rows: Sequence[HelpRow], title: str = "Keys") -> None:
        super().__init__(title, None)
        groups = list(dict.fromkeys(row.group for row in rows))
        self._rows = sorted(rows, key=lambda row: groups.index(row.group))
        widest = max((line_content(row.keys).cell_length for row in rows), default=0)
        self._keys_width = min(widest, _WIDEST_KEYS)
        widest = max((line_content(row.leader).cell_length for row in rows), default=0)
        self._leader_width = min(widest, _WIDEST_LEADER)

    def compose_body(self) -> ComposeResult:
        """The filter above the keys."""
        yield prompt_line(LineInput(placeholder="type to search actions and keys", id="filter"))
        yield from super().compose_body()

    def on_mount(self) -> None:
        """Let typing search at once."""
        self._filter.focus()

    @on(Input.Changed)
    def _search(self) -> None:
        self.update_text()
        self._pane.scroll_home(animate=False)

    def text(self, width: int) -> Content:
        """The rows that fit, under their headings."""
        # A slash starts a search in many programs: the first one is a habit, not a part of what is searched.
        query = self._filter.value.removeprefix("/")
        found = {id(row): match for row, match in rank(query, self._rows, _searched)}
        if not found:
            return Content.assemble(("No action or key matches ", "dim"), line_content(query, "bold"))
        lines: list[Content] = []
        group = None
        for row in self._rows:
            if (match := found.get(id(row))) is None:
                continue
            if row.group != group:
                group = row.group
                lines += [Content()] * bool(lines) + [line_content(group, "bold $text-primary")]
            lines.append(self._line(row, match, width))
        return Content("\n").join(lines)

    def _line(self, row: HelpRow, match: Match, width: int) -> Content:
        keys = marked(row.keys, match.positions_in(1), "bold $text-accent")
        leader = marked(row.leader, match.positions_in(2), "$text-accent")
        description = marked(row.description, match.positions_in(0))
        room = width - self._keys_width - self._leader_width - 6
        if room < _NARROWEST_DESCRIPTION:
            head = hanging(
                Content("  "), Content("  ").join([part for part in (keys, leader) if part]), width
            )
            return Content.assemble(head, "\n", hanging(Content("    "), description, width))
        cells = [(Content(), 0), (keys, self._keys_width), (leader, self._leader_width), (description, room)]
        return columns(cells)


def _searched(row: HelpRow) -> Searched:
    return Searched(
        (plain_line(row.description), plain_line(row.keys), plain_line(row.leader)),
        hidden=plain_line(row.group),
    )
