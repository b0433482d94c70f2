"""What a chat needs of the manager that owns it."""

from __future__ import annotations

from typing import Protocol

from robota_tui.agents.config import AgentConfig
from robota_tui.sessions import events
from robota_tui.sessions.store import ChatStore


class ChatHost(Protocol):
    """What a chat needs of the manager that owns it."""

    store: ChatStore | None

    def emit(self, event: events.Event) -> None:
        """Tell the subscribers."""

    def touch_session(self, session_id: str) -> None:
        """Note that the session was used now."""

    def require_open(self, session_id: str) -> None:
        """Raise `StateError` unless the session takes new messages."""

    def require_writable(self, session_id: str) -> None:
        """Raise `StateError` if the session is terminated."""

    def may_answer(self, session_id: str) -> bool:
        """Whether the queue of the session's chats may go on."""

    def is_active(self, chat_id: str) -> bool:
        """Whether the chat is the active one of its session."""

    def set_active(self, chat_id: str, active: bool) -> None:
        """Make the chat the active one of its session, or no longer."""

    def template_config(self, template_id: str, session_id: str, base: AgentConfig) -> AgentConfig:
        """The agent that a template describes, on top of `base`; raises `NotFoundError`."""
