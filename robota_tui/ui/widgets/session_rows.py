"""The rows of the sidebar: which sessions and chats are in sight, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from robota_tui.sessions.manager import SessionManager


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A row of the sidebar: a session, or a chat of an open one."""

    session_id: str
    chat_id: str | None = None


class SessionRows:
    """The rows in the manager's order; sessions are open until they are closed."""

    def __init__(self, manager: SessionManager) -> None:
        self._manager = manager
        self._closed: set[str] = set()
        self._places: dict[str, int] = {}
        self.rows: list[SessionRow] = []
        self.rebuild()

    def rebuild(self) -> None:
        """Read the structure out of the manager again."""
        self.rows = []
        for session in self._manager.list_sessions():
            self.rows.append(SessionRow(session.id))
            if session.id not in self._closed:
                chats = self._manager.get_session_chats(session.id)
                self.rows += [SessionRow(session.id, chat.id) for chat in chats]
        self._places = {row.chat_id or row.session_id: place for place, row in enumerate(self.rows)}

    def place_of(self, session_or_chat_id: str) -> int | None:
        """Where a session or chat stands; `None` if it is not in sight."""
        return self._places.get(session_or_chat_id)

    def is_open(self, session_id: str) -> bool:
        """Whether the chats of a session are in sight."""
        return session_id not in self._closed

    def toggle(self, session_id: str) -> None:
        """Open or close a session."""
        self._closed ^= {session_id}
        self.rebuild()
