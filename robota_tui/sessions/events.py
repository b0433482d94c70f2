"""What has happened, told to everyone who subscribed to the `SessionManager`.

Events are facts in the past tense and carry ids, not objects: who hears one looks up the present
state in the manager.
"""

from __future__ import annotations

from dataclasses import dataclass

from robota_tui.sessions.state import ChatStatus, SessionState


@dataclass(frozen=True, slots=True)
class SessionCreated:
    """A session was added at the end of the list."""

    session_id: str


@dataclass(frozen=True, slots=True)
class SessionRenamed:
    """A session has a new name."""

    session_id: str


@dataclass(frozen=True, slots=True)
class SessionMoved:
    """A session stands at another place of the list."""

    session_id: str


@dataclass(frozen=True, slots=True)
class SessionStateChanged:
    """A session was paused, resumed or terminated."""

    session_id: str
    state: SessionState


@dataclass(frozen=True, slots=True)
class SessionDeleted:
    """A session and all its chats are gone; a `ChatDeleted` for each chat came before."""

    session_id: str


@dataclass(frozen=True, slots=True)
class SessionSwitched:
    """Another session is the selected one (`manager.active_session_id`), or none."""

    session_id: str | None


@dataclass(frozen=True, slots=True)
class ChatCreated:
    """A chat was added at the end of its session."""

    session_id: str
    chat_id: str


@dataclass(frozen=True, slots=True)
class ChatRenamed:
    """A chat has a new name."""

    session_id: str
    chat_id: str


@dataclass(frozen=True, slots=True)
class ChatMoved:
    """A chat stands at another place of its session."""

    session_id: str
    chat_id: str


@dataclass(frozen=True, slots=True)
class ChatDeleted:
    """A chat is gone."""

    session_id: str
    chat_id: str


@dataclass(frozen=True, slots=True)
class ChatSwitched:
    """Another chat is the active one of its session, or none."""

    session_id: str
    chat_id: str | None


@dataclass(frozen=True, slots=True)
class ChatStatusChanged:
    """A chat needs you, failed, finished, works or is idle now."""

    session_id: str
    chat_id: str
    status: ChatStatus


@dataclass(frozen=True, slots=True)
class ChatConfigured:
    """A chat has another template, provider, model or other settings."""

    session_id: str
    chat_id: str


@dataclass(frozen=True, slots=True)
class QueueChanged:
    """The messages that wait for their turn in a chat have changed."""

    session_id: str
    chat_id: str


@dataclass(frozen=True, slots=True)
class MessageAdded:
    """A message stands at the end of the chat's history; a reply is added when its run begins."""

    session_id: str
    chat_id: str
    message_id: str


@dataclass(frozen=True, slots=True)
class MessageStreamed:
    """The reply has grown; `ChatInstance.live` holds its text."""

    session_id: str
    chat_id: str
    message_id: str


@dataclass(frozen=True, slots=True)
class MessageChanged:
    """A message was edited, or a reply is complete, interrupted or failed."""

    session_id: str
    chat_id: str
    message_id: str


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """A message is gone from the history."""

    session_id: str
    chat_id: str
    message_id: str


@dataclass(frozen=True, slots=True)
class HistoryCleared:
    """All messages of a chat are gone."""

    session_id: str
    chat_id: str


@dataclass(frozen=True, slots=True)
class SendFailed:
    """A message could not be answered; `stored` tells whether it stands in the history."""

    session_id: str
    chat_id: str
    text: str
    error: str
    hint: str
    stored: bool


@dataclass(frozen=True, slots=True)
class TemplatesChanged:
    """Templates were registered or removed."""


Event = (
    SessionCreated
    | SessionRenamed
    | SessionMoved
    | SessionStateChanged
    | SessionDeleted
    | SessionSwitched
    | ChatCreated
    | ChatRenamed
    | ChatMoved
    | ChatDeleted
    | ChatSwitched
    | ChatStatusChanged
    | ChatConfigured
    | QueueChanged
    | MessageAdded
    | MessageStreamed
    | MessageChanged
    | MessageDeleted
    | HistoryCleared
    | SendFailed
    | TemplatesChanged
)
