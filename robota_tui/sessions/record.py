"""What the manager keeps of one session."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from robota_tui.sessions.state import SessionInfo, SessionState


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class SessionRecord:
    """A session's mutable state; only the manager touches it."""

    id: str
    name: str
    user_id: str
    workspace_id: str | None
    max_chats: int
    state: SessionState = SessionState.ACTIVE
    chat_ids: list[str] = field(default_factory=list)
    """In tab order."""
    active_chat_id: str | None = None
    """The chat that is shown when the session is."""
    creating: int = 0
    """Places held for chats whose agents are being made."""
    chats_named: int = 0
    """How many chats were ever added, for their default names."""
    created_at: datetime = field(default_factory=now)
    last_used_at: datetime = field(default_factory=now)

    @property
    def is_full(self) -> bool:
        """Whether one more chat would be one too many."""
        return len(self.chat_ids) + self.creating >= self.max_chats

    def info(self) -> SessionInfo:
        """A frozen snapshot."""
        return SessionInfo(
            id=self.id,
            name=self.name,
            user_id=self.user_id,
            workspace_id=self.workspace_id,
            state=self.state,
            chat_count=len(self.chat_ids),
            active_chat_id=self.active_chat_id,
            max_chats=self.max_chats,
            created_at=self.created_at,
            last_used_at=self.last_used_at,
        )
