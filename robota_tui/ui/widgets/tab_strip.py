"""The chats of the shown session as numbered tabs, drawn in one line, the shown one underlined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from robota_tui.sessions.state import ChatStatus
from robota_tui.ui.plain import plain_line
from robota_tui.ui.statuses import STATUS_LOOKS
from robota_tui.ui.widgets.lines import LineBuilder, LineWidget, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

_MIDDLE_BUTTON = 2
_LONGEST_NAME = 24
"""Cells; longer names are cut, so that a few chats are always in sight."""
_NEW = "new"


@dataclass(frozen=True, slots=True)
class TabItem:
    """One tab."""

    chat_id: str
    name: str
    status: ChatStatus


class TabStrip(LineWidget[str]):
    """Numbered tabs; those that do not fit scroll so that the active one is in sight.

    Nothing is mounted for a tab: a change of names, statuses or of the whole session is one repaint.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "tab--active",
        "tab--number",
        "tab--rule",
        "tab--underline",
        "tab--more",
    }

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, chat_id: str) -> None:
            super().__init__()
            self.chat_id = chat_id

    class CloseRequested(Message):
        """A tab was clicked with the middle button."""

        def __init__(self, chat_id: str) -> None:
            super().__init__()
            self.chat_id = chat_id

    class NewRequested(Message):
        """The plus sign was clicked."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._tabs: tuple[TabItem, ...] = ()
        self._active = 0
        self._first = 0

    def show(self, tabs: Sequence[TabItem], active_chat_id: str | None) -> None:
        """Show these tabs; repaints only if something is different."""
        active = next((i for i, tab in enumerate(tabs) if tab.chat_id == active_chat_id), -1)
        if tuple(tabs) != self._tabs or active != self._active:
            self._tabs, self._active = tuple(tabs), active
            self.refresh()

    def build_lines(self, width: int, height: int) -> list[LineBuilder[str]]:
        """The tabs and, where there is room, the line below them."""
        tabs = [self._tab(index) for index in range(len(self._tabs))]
        first, last = self._window([tab.width for tab in tabs], width)
        self._first = first
        line: LineBuilder[str] = LineBuilder()
        rule: LineBuilder[str] = LineBuilder()
        if first > 0:
            line.add("‹ ", self.look("tab--more"), self._tabs[first - 1].chat_id)
        rule.pad_to(line.width, self.look("tab--rule"), "─")
        for index in range(first, last):
            line.extend(tabs[index])
            is_active = index == self._active
            rule.pad_to(
                line.width,
                self.look("tab--underline" if is_active else "tab--rule"),
                "━" if is_active else "─",
            )
        if last < len(tabs):
            line.pad_to(width - 2)
            line.add(" ›", self.look("tab--more"), self._tabs[last].chat_id)
        elif self._tabs and line.width + 3 <= width:
            line.add(" + ", self.look("tab--number"), _NEW)
        rule.pad_to(width, self.look("tab--rule"), "─")
        return [line, rule]

    def choose(self, target: str, event: events.Click) -> None:
        """Ask for the chat of the tab, for its end, or for a new one."""
        if target == _NEW:
            self.post_message(self.NewRequested())
        elif event.button == _MIDDLE_BUTTON:
            self.post_message(self.CloseRequested(target))
        else:
            self.post_message(self.Chosen(target))

    def _tab(self, index: int) -> LineBuilder[str]:
        item = self._tabs[index]
        is_active = index == self._active
        base = self.look("tab--active") if is_active else self.base
        number = base if is_active else self.look("tab--number")
        tab: LineBuilder[str] = LineBuilder()
        tab.add(f" {index + 1} ", number, item.chat_id)
        tab.add(fit(plain_line(item.name), _LONGEST_NAME), base, item.chat_id)
        # The cell of the glyph is there without one, too: tabs hold still when a status changes.
        glyph = STATUS_LOOKS[item.status].glyph
        tab.add(f" {glyph} ", base + self.status_style(item.status), item.chat_id)
        return tab

    def _window(self, widths: Sequence[int], width: int) -> tuple[int, int]:
        """The tabs that are in sight, as little moved as possible, with room for the marks of the others."""
        if sum(widths) <= width:
            return 0, len(widths)
        active = max(self._active, 0)
        first = min(self._first, active, max(len(widths) - 1, 0))
        room = max(width - 4, 1)
        while first < active and sum(widths[first : active + 1]) > room:
            first += 1
        last = first + 1
        while last < len(widths) and sum(widths[first : last + 1]) <= room:
            last += 1
        return first, last
