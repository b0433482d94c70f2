"""States of sessions and chats, and the frozen snapshots that the manager hands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SessionState(StrEnum):
    """What a session allows: all, nothing new (paused), or reading only (terminated)."""

    ACTIVE = "active"
    PAUSED = "paused"
    TERMINATED = "terminated"


class ChatStatus(StrEnum):
    """What a chat wants of you, most urgent first."""

    NEEDS_YOU = "needs_you"
    FAILED = "failed"
    UNSEEN = "unseen"
    """Finished, and not looked at yet."""
    WORKING = "working"
    IDLE = "idle"

    @property
    def urgency(self) -> int:
        """0 is the most urgent."""
        return _URGENCY[self]


_URGENCY = {status: place for place, status in enumerate(ChatStatus)}


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """A session as it was when asked for."""

    id: str
    name: str
    user_id: str
    workspace_id: str | None
    state: SessionState
    chat_count: int
    active_chat_id: str | None
    max_chats: int
    created_at: datetime
    last_used_at: datetime


@dataclass(frozen=True, slots=True)
class ChatInfo:
    """A chat as it was when asked for."""

    id: str
    session_id: str
    name: str
    description: str
    is_active: bool
    status: ChatStatus
    message_count: int
    """Successful exchanges, as upstream counts them; not the length of the history."""
    agent_template: str | None
    provider: str
    model: str
    created_at: datetime
    last_used_at: datetime


@dataclass(frozen=True, slots=True)
class ChatStats:
    """Figures of one chat."""

    message_count: int
    """Successful exchanges."""
    history_length: int
    """Messages in the history."""
    prompt_tokens: int
    completion_tokens: int
    cost: float | None
    """In US dollars; `None` while no price of the model is known."""
    mean_response_time: float | None
    """Seconds from sending to the end of the answer; `None` before the first answer."""
    created_at: datetime
    last_activity: datetime

    @property
    def total_tokens(self) -> int:
        """Prompt and completion together."""
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True)
class ChatMetadata:
    """What upstream calls a chat's metadata, as it was when asked for."""

    chat_id: str
    session_id: str
    chat_name: str
    description: str
    created_at: datetime
    updated_at: datetime
    last_accessed_at: datetime
    message_count: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """A message that waits for its turn in a chat."""

    id: str
    text: str
