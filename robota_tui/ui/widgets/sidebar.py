"""The sidebar: the tree of sessions and chats with what each of them wants."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from robota_tui.sessions.state import ChatStatus, SessionState
from robota_tui.ui.plain import plain_line
from robota_tui.ui.statuses import STATUS_COMPONENTS, STATUS_LOOKS
from robota_tui.ui.widgets.lines import LineBuilder, LineWidget, fill
from robota_tui.ui.widgets.session_rows import SessionRow, SessionRows

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events

    from robota_tui.sessions.manager import SessionManager
    from robota_tui.sessions.state import SessionInfo

_STATE_MARKS = {SessionState.ACTIVE: "", SessionState.PAUSED: "‖ ", SessionState.TERMINATED: "■ "}
_TWISTIE_COLUMNS = 3


class Sidebar(ScrollView, can_focus=True):
    """A tree drawn line by line: a status is one repainted line, however many chats there are.

    It draws from the manager; the shell calls `rebuild` when sessions or chats come, go or move, and
    `refresh_row` when one of them looks different.
    """

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "up", show=False),
        Binding("down", "move(1)", "down", show=False),
        Binding("home", "move(-1000000)", "first", show=False),
        Binding("end", "move(1000000)", "last", show=False),
        Binding("enter", "choose", "show", show=False),
        Binding("space", "open_or_close", "open or close", show=False),
        Binding("left", "open_or_close(False)", "close", show=False),
        Binding("right", "open_or_close(True)", "open", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *STATUS_COMPONENTS,
        "row--session",
        "row--chat",
        "row--muted",
        "row--active",
        "row--cursor",
    }

    class SessionChosen(Message):
        """A session was clicked or entered."""

        def __init__(self, session_id: str) -> None:
            super().__init__()
            self.session_id = session_id

    class ChatChosen(Message):
        """A chat was clicked or entered."""

        def __init__(self, chat_id: str) -> None:
            super().__init__()
            self.chat_id = chat_id

    def __init__(self, manager: SessionManager, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._manager = manager
        self._rows = SessionRows(manager)
        self._cursor = 0
        self._active: str | None = None

    # ----------------------------------------------------------------- what the shell tells

    def rebuild(self) -> None:
        """Sessions or chats have come, gone or moved."""
        self._rows.rebuild()
        self._cursor = min(self._cursor, max(len(self._rows.rows) - 1, 0))
        self.virtual_size = Size(0, len(self._rows.rows))
        self.refresh()

    def refresh_row(self, session_or_chat_id: str) -> None:
        """A session or chat looks different."""
        place = self._rows.place_of(session_or_chat_id)
        if place is not None:
            self.refresh_line(place)

    def show_active(self, session_id: str | None, chat_id: str | None) -> None:
        """Mark the shown chat, or the shown session if it has none, and bring it into sight."""
        before, self._active = self._active, chat_id or session_id
        for marked in (before, session_id, chat_id):
            if marked is not None:
                self.refresh_row(marked)
        place = self._rows.place_of(self._active or "")
        if place is None and session_id is not None:
            place = self._rows.place_of(session_id)
        if place is not None:
            self._set_cursor(place)

    # ----------------------------------------------------------------- drawing

    def on_mount(self) -> None:
        """Take the size of the tree."""
        self.virtual_size = Size(0, len(self._rows.rows))

    def render_line(self, y: int) -> Strip:
        """Draw the row that stands at line `y` of what is in sight."""
        width = self.scrollable_content_region.width
        place = y + self.scroll_offset.y
        if place >= len(self._rows.rows):
            return Strip.blank(self.size.width, self.rich_style)
        row = self._rows.rows[place]
        base = self._base_style(row, place)
        builder = self._chat_line(row, width, base) if row.chat_id else self._session_line(row, width, base)
        return builder.strip(width, base).extend_cell_length(self.size.width, base)

    def _base_style(self, row: SessionRow, place: int) -> Style:
        if self.has_focus and place == self._cursor:
            return self.get_component_rich_style("row--cursor")
        if (row.chat_id or row.session_id) == self._active:
            return self.get_component_rich_style("row--active")
        return self.get_component_rich_style("row--chat" if row.chat_id else "row--session")

    def _session_line(self, row: SessionRow, width: int, base: Style) -> LineBuilder[None]:
        session = self._manager.get_session(row.session_id)
        line: LineBuilder[None] = LineBuilder()
        if session is None:
            return line
        badge, style = self._roll_up(session)
        twistie = ("▾" if self._rows.is_open(session.id) else "▸") if session.chat_count else " "
        name = f"{_STATE_MARKS[session.state]}{plain_line(session.name)}"
        line.add(f"{'▌' if session.id == self._active else ' '}{twistie} ", base)
        line.add(fill(name, max(width - 3 - len(badge) - 1, 1)), base)
        line.add(f"{badge} ", base + style)
        return line

    def _roll_up(self, session: SessionInfo) -> tuple[str, Style]:
        """The most urgent status of a session's chats, and how many have it."""
        status = self._manager.get_status(session.id)
        style = self.get_component_rich_style(STATUS_LOOKS[status].component, partial=True)
        if status is ChatStatus.IDLE:
            return "", style
        same = sum(chat.status is status for chat in self._manager.get_session_chats(session.id))
        return f"{STATUS_LOOKS[status].glyph}{same if same > 1 else ''}", style

    def _chat_line(self, row: SessionRow, width: int, base: Style) -> LineBuilder[None]:
        chat = self._manager.get_chat(row.chat_id or "")
        line: LineBuilder[None] = LineBuilder()
        if chat is None:
            return line
        look = STATUS_LOOKS[chat.status]
        line.add(" ▌ " if chat.id == self._active else "   ", base)
        line.add("  ", base)
        line.add(fill(plain_line(chat.name), max(width - 7, 1)), base)
        line.add(f"{look.glyph} ", base + self.get_component_rich_style(look.component, partial=True))
        return line

    # ----------------------------------------------------------------- moving and choosing

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh_line(self._cursor)

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh_line(self._cursor)

    def on_click(self, event: events.Click) -> None:
        """Show the chat or session of the row; a click on the triangle opens or closes the session."""
        place = event.y + self.scroll_offset.y
        if place < len(self._rows.rows):
            self._set_cursor(place)
            if self._rows.rows[place].chat_id is None and event.x < _TWISTIE_COLUMNS:
                self.action_open_or_close()
            else:
                self.action_choose()

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self._set_cursor(self._cursor + by)

    def action_choose(self) -> None:
        """Show what stands at the cursor."""
        if row := self._row_at_cursor():
            chosen = self.ChatChosen(row.chat_id) if row.chat_id else self.SessionChosen(row.session_id)
            self.post_message(chosen)

    def action_open_or_close(self, is_open: bool | None = None) -> None:
        """Open or close the session at the cursor, or the one of the chat there."""
        row = self._row_at_cursor()
        if row is None or self._rows.is_open(row.session_id) is is_open:
            return
        self._rows.toggle(row.session_id)
        self.virtual_size = Size(0, len(self._rows.rows))
        self._set_cursor(self._rows.place_of(row.session_id) or 0)
        self.refresh()

    def _row_at_cursor(self) -> SessionRow | None:
        rows = self._rows.rows
        return rows[self._cursor] if self._cursor < len(rows) else None

    def _set_cursor(self, place: int) -> None:
        before, self._cursor = self._cursor, max(0, min(place, len(self._rows.rows) - 1))
        self.refresh_line(before)
        self.refresh_line(self._cursor)
        top, height = self.scroll_offset.y, self.size.height
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False)
        elif height and self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False)


class SidebarHeader(LineWidget[None]):
    """The heading of the sidebar, as high as the tabs beside it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"header--title", "header--rule"}

    def build_lines(self, width: int, height: int) -> list[LineBuilder[None]]:
        """The heading and the line below it."""
        title: LineBuilder[None] = LineBuilder()
        title.add(fill(" Sessions", width), self.look("header--title"))
        rule: LineBuilder[None] = LineBuilder()
        rule.add("─" * width, self.look("header--rule"))
        return [title, rule]
