"""The line of keys at the bottom of the screen, out of the table of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from robota_tui.ui.actions import FOOTER_ORDER, LEADER_ID
from robota_tui.ui.keynames import key_label
from robota_tui.ui.widgets.lines import LineBuilder, LineWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from robota_tui.ui.actions import ActionRow


class KeyBar(LineWidget[str]):
    """The most useful keys, as many as fit; while the leader waits, what it waits for. A click runs one."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-bar--key", "key-bar--word", "key-bar--leader"}

    class Chosen(Message):
        """A key was clicked."""

        def __init__(self, action_id: str) -> None:
            super().__init__()
            self.action_id = action_id

    def __init__(self, rows: Sequence[ActionRow], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._is_waiting = False
        self.use_rows(rows)

    def use_rows(self, rows: Sequence[ActionRow]) -> None:
        """Show the keys of this table."""
        by_id = {row.id: row for row in rows if row.keys}
        self._rows = [by_id[action_id] for action_id in FOOTER_ORDER if action_id in by_id]
        self._leader = next((key_label(row.keys[0]) for row in rows if row.id == LEADER_ID and row.keys), "")
        self.refresh()

    def show_leader(self, waiting: bool) -> None:
        """Show that the leader key was pressed, or the usual keys again."""
        self._is_waiting = waiting
        self.refresh()

    def build_lines(self, width: int, height: int) -> list[LineBuilder[str]]:
        """The keys with their words, from the left, as many as fit whole."""
        line: LineBuilder[str] = LineBuilder()
        if self._is_waiting:
            line.add(f" {self._leader} ", self.look("key-bar--leader"))
            line.add("  then one of the keys shown · esc leaves", self.look("key-bar--word"))
            return [line]
        for row in self._rows:
            part: LineBuilder[str] = LineBuilder()
            part.add(f" {key_label(row.keys[0])}", self.look("key-bar--key"), row.id)
            part.add(f" {row.footer} ", self.look("key-bar--word"), row.id)
            if line.width + part.width <= width:
                line.extend(part)
        return [line]

    def choose(self, target: str, event: events.Click) -> None:
        """Ask for the action of the key."""
        self.post_message(self.Chosen(target))
