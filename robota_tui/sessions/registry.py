"""Which sessions and chats there are, in which order, and what their states allow."""

from __future__ import annotations

from robota_tui.agents.errors import NotFoundError, StateError
from robota_tui.sessions.chat import ChatInstance
from robota_tui.sessions.record import SessionRecord, now
from robota_tui.sessions.state import SessionState


class Registry:
    """Holds the sessions and chats of one manager; it tells nobody, that is the manager's part."""

    def __init__(self) -> None:
        self.sessions: dict[str, SessionRecord] = {}
        """By id, in the order of the list."""
        self.chats: dict[str, ChatInstance] = {}

    # ----------------------------------------------------------------- finding

    def session(self, session_id: str) -> SessionRecord:
        """The session; raises `NotFoundError`."""
        if (record := self.sessions.get(session_id)) is None:
            raise NotFoundError(f"Session {session_id} not found")
        return record

    def chat(self, chat_id: str) -> ChatInstance:
        """The chat; raises `NotFoundError`."""
        if (chat := self.chats.get(chat_id)) is None:
            raise NotFoundError(f"Chat {chat_id} not found")
        return chat

    def chats_of(self, session_id: str) -> list[ChatInstance]:
        """The chats of a session in tab order; none if it is unknown."""
        record = self.sessions.get(session_id)
        return [self.chats[chat_id] for chat_id in record.chat_ids] if record else []

    def all_chats(self) -> list[ChatInstance]:
        """All chats, session by session, in tab order."""
        return [self.chats[chat_id] for record in self.sessions.values() for chat_id in record.chat_ids]

    def neighbour(self, session_id: str) -> str | None:
        """The session that is next in the list, or at its end the one before."""
        order = list(self.sessions)
        place = order.index(session_id)
        rest = order[:place] + order[place + 1 :]
        return rest[min(place, len(rest) - 1)] if rest else None

    def is_active(self, chat_id: str) -> bool:
        """Whether a chat is the active one of its session."""
        chat = self.chats.get(chat_id)
        record = self.sessions.get(chat.session_id) if chat is not None else None
        return record is not None and record.active_chat_id == chat_id

    # ----------------------------------------------------------------- what is allowed

    def require_open(self, session_id: str) -> None:
        """Raise unless the session takes new messages."""
        self.require_writable(session_id)
        if (record := self.session(session_id)).state is SessionState.PAUSED:
            raise StateError(f'Session "{record.name}" is paused', hint="Resume it to send messages.")

    def require_writable(self, session_id: str) -> None:
        """Raise if the session is terminated or gone."""
        if (record := self.session(session_id)).state is SessionState.TERMINATED:
            raise StateError(f'Session "{record.name}" is terminated; it can only be read')

    def may_answer(self, session_id: str) -> bool:
        """Whether queues of the session go on."""
        record = self.sessions.get(session_id)
        return record is not None and record.state is SessionState.ACTIVE

    # ----------------------------------------------------------------- changing

    def touch(self, session_id: str) -> None:
        """Note that a session was used now."""
        if (record := self.sessions.get(session_id)) is not None:
            record.last_used_at = now()

    def move_session(self, session_id: str, index: int) -> None:
        """Put a session at a place of the list."""
        order = _moved(list(self.sessions), session_id, index)
        self.sessions = {key: self.sessions[key] for key in order}

    def move_chat(self, chat: ChatInstance, index: int) -> None:
        """Put a chat at a place of its session."""
        record = self.sessions[chat.session_id]
        record.chat_ids = _moved(record.chat_ids, chat.id, index)

    def add_chat(self, chat: ChatInstance) -> bool:
        """Add a chat at the end of its session; whether it is the active one, as the first is."""
        record = self.sessions[chat.session_id]
        self.chats[chat.id] = chat
        record.chat_ids.append(chat.id)
        self.touch(record.id)
        if record.active_chat_id is None:
            record.active_chat_id = chat.id
        return record.active_chat_id == chat.id

    def remove_chat(self, chat: ChatInstance) -> bool:
        """Take a chat out; whether it was the active one, which the most recently used other one is then."""
        record = self.sessions[chat.session_id]
        del self.chats[chat.id]
        record.chat_ids.remove(chat.id)
        was_active = record.active_chat_id == chat.id
        if was_active:
            rest = self.chats_of(record.id)
            latest = max(rest, key=lambda other: other.use_order, default=None)
            record.active_chat_id = latest.id if latest else None
        return was_active

    def remove_session(self, session_id: str) -> list[ChatInstance]:
        """Take a session out with its chats, which are returned in tab order."""
        record = self.sessions.pop(session_id)
        return [self.chats.pop(chat_id) for chat_id in record.chat_ids]

    def clear(self) -> None:
        """Take everything out."""
        self.sessions.clear()
        self.chats.clear()


def _moved(order: list[str], item: str, index: int) -> list[str]:
    rest = [other for other in order if other != item]
    rest.insert(max(0, min(index, len(rest))), item)
    return rest
