"""The one owner of all sessions and chats: it takes commands and emits events."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import uuid4

from robota_tui.agents.config import AgentConfig, ModelConfig
from robota_tui.agents.errors import ConfigurationError, LimitError, NotFoundError, StateError
from robota_tui.agents.factory import AgentFactory
from robota_tui.agents.provider import Provider
from robota_tui.agents.robota import Robota
from robota_tui.agents.templates import AgentTemplate
from robota_tui.sessions import events
from robota_tui.sessions.attention import by_urgency, most_urgent
from robota_tui.sessions.bus import EventBus
from robota_tui.sessions.chat import ChatInstance
from robota_tui.sessions.record import SessionRecord, now
from robota_tui.sessions.resolve import AgentResolver
from robota_tui.sessions.state import ChatInfo, ChatStatus, SessionInfo, SessionState
from robota_tui.sessions.store import ChatStore
from robota_tui.sessions.templates import TemplateManagerAdapter


class SessionManager:
    """Sessions, each with its chats, each chat an independent agent.

    Ported from upstream's class of this name, without its defects. Everything happens on one event
    loop; `subscribe` tells what has happened.
    """

    def __init__(
        self,
        max_sessions: int = 50,
        max_chats_per_session: int = 10,
        enable_workspace_isolation: bool = True,
        *,
        providers: Mapping[str, Provider] | None = None,
        default_model: ModelConfig | None = None,
        templates: Iterable[AgentTemplate] = (),
        store: ChatStore | None = None,
    ) -> None:
        """Raises `ConfigurationError` for a negative limit; 0 refuses every creation."""
        _require_limit("max_sessions", max_sessions)
        _require_limit("max_chats_per_session", max_chats_per_session)
        self.max_sessions = max_sessions
        self.max_chats_per_session = max_chats_per_session
        self.enable_workspace_isolation = enable_workspace_isolation
        self.providers: dict[str, Provider] = dict(providers or {})
        """The providers that templates and configurations refer to by name."""
        self._default_model = default_model
        self.store = store
        self.active_session_id: str | None = None
        """The selected session, if there is one."""
        self._sessions: dict[str, SessionRecord] = {}
        self._chats: dict[str, ChatInstance] = {}
        self._sessions_named = 0
        self._releases: set[asyncio.Task[None]] = set()
        self._bus = EventBus()
        self.templates = TemplateManagerAdapter(
            templates,
            providers=self.providers,
            default_model=lambda: self.default_model,
            isolated=enable_workspace_isolation,
            on_change=lambda: self.emit(events.TemplatesChanged()),
        )
        self._resolver = AgentResolver(self.templates)
        self._factory = AgentFactory(providers=self.providers)

    @property
    def default_model(self) -> ModelConfig | None:
        """What answers where neither a configuration nor a template says so.

        Without one of its own, the first provider that has a default model.
        """
        if self._default_model is not None:
            return self._default_model
        for name, provider in self.providers.items():
            if model := getattr(provider, "default_model", None):
                return ModelConfig(provider=name, model=model)
        return None

    @default_model.setter
    def default_model(self, value: ModelConfig | None) -> None:
        self._default_model = value

    # ----------------------------------------------------------------- events

    def subscribe(self, callback: Callable[[events.Event], None]) -> Callable[[], None]:
        """Call `callback` with every event, at once; the returned function ends that."""
        return self._bus.subscribe(callback)

    def emit(self, event: events.Event) -> None:
        """Tell the subscribers what has happened."""
        self._bus.emit(event)

    # ----------------------------------------------------------------- sessions

    def create_session(
        self,
        name: str | None = None,
        user_id: str = "anonymous",
        workspace_id: str | None = None,
        max_chats: int | None = None,
    ) -> str:
        """Add a session and return its id; the first one is selected.

        Raises `LimitError` at `max_sessions`, `ConfigurationError` for a blank name or a negative limit.
        """
        if name is not None:
            _require_name(name)
        if max_chats is not None:
            _require_limit("max_chats", max_chats)
        if len(self._sessions) >= self.max_sessions:
            raise LimitError(
                f"Maximum sessions limit ({self.max_sessions}) reached. "
                "Please remove existing sessions before creating new ones."
            )
        self._sessions_named += 1
        limit = self.max_chats_per_session
        record = SessionRecord(
            id=f"session_{uuid4()}",
            name=name if name is not None else f"Session {self._sessions_named}",
            user_id=user_id,
            workspace_id=workspace_id,
            max_chats=limit if max_chats is None else min(limit, max_chats),
        )
        self._sessions[record.id] = record
        self.emit(events.SessionCreated(record.id))
        if self.active_session_id is None:
            self.switch_session(record.id)
        return record.id

    def get_session(self, session_id: str) -> SessionInfo | None:
        """A snapshot of a session, or `None` if it is unknown."""
        record = self._sessions.get(session_id)
        return record.info() if record else None

    def list_sessions(self, user_id: str | None = None, workspace_id: str | None = None) -> list[SessionInfo]:
        """Snapshots of all sessions, or of those of a user or workspace, in the order of the list."""
        return [
            record.info()
            for record in self._sessions.values()
            if (user_id is None or record.user_id == user_id)
            and (workspace_id is None or record.workspace_id == workspace_id)
        ]

    def switch_session(self, session_id: str) -> bool:
        """Select a session; `False` if it is unknown."""
        if session_id not in self._sessions:
            return False
        if self.active_session_id != session_id:
            self.active_session_id = session_id
            self.touch_session(session_id)
            self.emit(events.SessionSwitched(session_id))
        return True

    def rename_session(self, session_id: str, name: str) -> bool:
        """Give a session another name; `False` if unknown, `ConfigurationError` if the name is blank."""
        _require_name(name)
        if (record := self._sessions.get(session_id)) is None:
            return False
        record.name = name
        self.emit(events.SessionRenamed(session_id))
        return True

    def move_session(self, session_id: str, index: int) -> bool:
        """Put a session at a place of the list, counted from 0; places beyond the ends mean the ends."""
        if session_id not in self._sessions:
            return False
        order = _moved(list(self._sessions), session_id, index)
        self._sessions = {key: self._sessions[key] for key in order}
        self.emit(events.SessionMoved(session_id))
        return True

    def pause_session(self, session_id: str) -> bool:
        """Refuse new messages and keep queues; replies that are being written go on to their end."""
        return self._set_state(session_id, SessionState.PAUSED)

    def resume_session(self, session_id: str) -> bool:
        """Take messages again and go on with the queues."""
        done = self._set_state(session_id, SessionState.ACTIVE)
        for chat in self._chats_of(session_id):
            chat.wake()
        return done

    def terminate_session(self, session_id: str) -> bool:
        """Stop the session's replies, drop its queues, and allow nothing but reading from now on."""
        done = self._set_state(session_id, SessionState.TERMINATED)
        for chat in self._chats_of(session_id):
            chat.abandon()
        return done

    def delete_session(self, session_id: str) -> bool:
        """Remove a session with all its chats and release their agents; `False` if it is unknown."""
        if (record := self._sessions.get(session_id)) is None:
            return False
        neighbour = _neighbour(list(self._sessions), session_id)
        del self._sessions[session_id]
        for chat_id in record.chat_ids:
            self._release(self._chats.pop(chat_id))
            self.emit(events.ChatDeleted(session_id, chat_id))
        self.emit(events.SessionDeleted(session_id))
        if self.active_session_id == session_id:
            self.active_session_id = None
            if neighbour is None or not self.switch_session(neighbour):
                self.emit(events.SessionSwitched(None))
        return True

    # ----------------------------------------------------------------- chats

    async def create_chat(
        self,
        session_id: str,
        name: str | None = None,
        agent_config: AgentConfig | Mapping[str, Any] | None = None,
        agent_template: str | None = None,
        description: str | None = None,
    ) -> str:
        """Add a chat with an agent of its own and return its id; a session's first chat becomes active.

        The fields that `agent_config` sets win over the template's. Raises `NotFoundError` for an
        unknown session or template, `LimitError` at the session's limit, `StateError` if it is
        terminated, `ConfigurationError` if no agent can be made of this.
        """
        record = self._require(session_id)
        self.require_writable(session_id)
        if name is not None:
            _require_name(name)
        if record.is_full:
            raise LimitError(f"Maximum chats per session ({record.max_chats}) reached")
        config, template_id = self._resolver.resolve(agent_config, agent_template, record.workspace_id)
        # The place is held before the first await, so that concurrent calls cannot share it.
        record.creating += 1
        try:
            robota = await self._factory.create_agent(config)
        finally:
            record.creating -= 1
        if self._sessions.get(session_id) is not record:
            await self._factory.destroy_agent(robota)
            raise NotFoundError(f"Session {session_id} not found")
        record.chats_named += 1
        chat_name = name if name is not None else f"Chat {record.chats_named}"
        return self._add_chat(record, robota, chat_name, description or "", template_id).id

    async def fork_chat(self, chat_id: str, message_id: str, name: str | None = None) -> str:
        """A new chat with the same agent and the history up to a message; raises as `create_chat`."""
        source = self._require_chat(chat_id)
        place = next((i for i, m in enumerate(source.messages) if m.id == message_id), None)
        if place is None:
            raise NotFoundError(f"Message {message_id} not found")
        copies = source.get_history()[: place + 1]
        fork_id = await self.create_chat(
            source.session_id,
            name if name is not None else f"{source.name} (fork)",
            agent_config=source.get_robota_config(),
            description=source.description,
        )
        self._chats[fork_id].adopt(copies, source.agent_template)
        return fork_id

    def get_chat(self, chat_id: str) -> ChatInstance | None:
        """The chat itself, or `None` if it is unknown."""
        return self._chats.get(chat_id)

    def get_session_chats(self, session_id: str) -> list[ChatInfo]:
        """Snapshots of a session's chats in tab order; empty for an unknown session."""
        return [chat.info() for chat in self._chats_of(session_id)]

    def switch_chat(self, session_id: str, chat_id: str) -> bool:
        """Make a chat the active one of its session; `False` if there is no such chat in it."""
        record = self._sessions.get(session_id)
        if record is None or chat_id not in record.chat_ids:
            return False
        self._chats[chat_id].note_use()
        if record.active_chat_id != chat_id:
            record.active_chat_id = chat_id
            self.emit(events.ChatSwitched(session_id, chat_id))
        return True

    def rename_chat(self, chat_id: str, name: str) -> bool:
        """Give a chat another name; `False` if unknown, `ConfigurationError` if the name is blank."""
        _require_name(name)
        if (chat := self._chats.get(chat_id)) is None:
            return False
        chat.rename(name)
        return True

    def move_chat(self, chat_id: str, index: int) -> bool:
        """Put a chat at a place of its session, counted from 0; places beyond the ends mean the ends."""
        if (chat := self._chats.get(chat_id)) is None:
            return False
        record = self._sessions[chat.session_id]
        record.chat_ids = _moved(record.chat_ids, chat_id, index)
        self.emit(events.ChatMoved(record.id, chat_id))
        return True

    def delete_chat(self, chat_id: str) -> bool:
        """Remove a chat, stop its reply and release its agent; `False` if it is unknown.

        If it was the active one, the most recently used of the others becomes active.
        """
        if (chat := self._chats.pop(chat_id, None)) is None:
            return False
        record = self._sessions[chat.session_id]
        record.chat_ids.remove(chat_id)
        self._release(chat)
        self.emit(events.ChatDeleted(record.id, chat_id))
        if record.active_chat_id == chat_id:
            rest = [self._chats[other] for other in record.chat_ids]
            latest = max(rest, key=lambda other: other.use_order, default=None)
            record.active_chat_id = latest.id if latest else None
            self.emit(events.ChatSwitched(record.id, record.active_chat_id))
        return True

    # ----------------------------------------------------------------- across sessions

    @property
    def chats(self) -> Iterable[ChatInstance]:
        """All chats, session by session, in tab order."""
        return [chat for session_id in self._sessions for chat in self._chats_of(session_id)]

    @property
    def is_busy(self) -> bool:
        """Whether any reply is being written."""
        return any(chat.is_working for chat in self._chats.values())

    def get_status(self, session_id: str) -> ChatStatus:
        """The most urgent status of a session's chats."""
        return most_urgent(self._chats_of(session_id))

    def wanting_attention(self) -> list[ChatInstance]:
        """The chats that need the user, failed or finished unseen: most urgent, then longest waiting."""
        return by_urgency(self.chats)

    def next_attention(self, chat_id: str | None = None) -> str | None:
        """The chat that most wants attention, other than `chat_id`; `None` if none does."""
        return next((chat.id for chat in self.wanting_attention() if chat.id != chat_id), None)

    def may_share(self, session_id: str, other_id: str) -> bool:
        """Whether two sessions may see each other's contents: isolation keeps workspaces apart."""
        one, other = self._require(session_id), self._require(other_id)
        return not self.enable_workspace_isolation or one.workspace_id == other.workspace_id

    async def aclose(self) -> None:
        """Stop all replies and release all agents and providers; may be called twice."""
        chats = list(self._chats.values())
        for chat in chats:
            chat.close()
        await asyncio.gather(*(chat.settled() for chat in chats), *self._releases)
        await self._factory.aclose()
        self._sessions.clear()
        self._chats.clear()
        self.active_session_id = None
        await asyncio.gather(*(provider.aclose() for provider in self.providers.values()))

    # ----------------------------------------------------------------- what chats ask (ChatHost)

    def touch_session(self, session_id: str) -> None:
        """Note that a session was used now."""
        if (record := self._sessions.get(session_id)) is not None:
            record.last_used_at = now()

    def require_open(self, session_id: str) -> None:
        """Raise unless the session takes new messages."""
        self.require_writable(session_id)
        if (record := self._require(session_id)).state is SessionState.PAUSED:
            raise StateError(f'Session "{record.name}" is paused', hint="Resume it to send messages.")

    def require_writable(self, session_id: str) -> None:
        """Raise if the session is terminated or gone."""
        if (record := self._require(session_id)).state is SessionState.TERMINATED:
            raise StateError(f'Session "{record.name}" is terminated; it can only be read')

    def may_answer(self, session_id: str) -> bool:
        """Whether queues of the session go on."""
        record = self._sessions.get(session_id)
        return record is not None and record.state is SessionState.ACTIVE

    def is_active(self, chat_id: str) -> bool:
        """Whether a chat is the active one of its session."""
        chat = self._chats.get(chat_id)
        return chat is not None and self._sessions[chat.session_id].active_chat_id == chat_id

    def set_active(self, chat_id: str, active: bool) -> None:
        """Make a chat the active one of its session, or no longer."""
        chat = self._require_chat(chat_id)
        if active:
            self.switch_chat(chat.session_id, chat_id)
        elif self.is_active(chat_id):
            self._sessions[chat.session_id].active_chat_id = None
            self.emit(events.ChatSwitched(chat.session_id, None))

    def template_config(self, template_id: str, session_id: str, base: AgentConfig) -> AgentConfig:
        """The agent of a template, as a chat with the agent `base` becomes it."""
        return self._resolver.upgrade(base, template_id, self._require(session_id).workspace_id)

    # ----------------------------------------------------------------- helpers

    def _require(self, session_id: str) -> SessionRecord:
        if (record := self._sessions.get(session_id)) is None:
            raise NotFoundError(f"Session {session_id} not found")
        return record

    def _require_chat(self, chat_id: str) -> ChatInstance:
        if (chat := self._chats.get(chat_id)) is None:
            raise NotFoundError(f"Chat {chat_id} not found")
        return chat

    def _chats_of(self, session_id: str) -> list[ChatInstance]:
        record = self._sessions.get(session_id)
        return [self._chats[chat_id] for chat_id in record.chat_ids] if record else []

    def _add_chat(
        self, record: SessionRecord, robota: Robota, name: str, description: str, template_id: str | None
    ) -> ChatInstance:
        chat = ChatInstance(
            robota,
            self,
            session_id=record.id,
            name=name,
            description=description,
            agent_template=template_id,
        )
        self._chats[chat.id] = chat
        record.chat_ids.append(chat.id)
        self.touch_session(record.id)
        self.emit(events.ChatCreated(record.id, chat.id))
        if record.active_chat_id is None:
            self.switch_chat(record.id, chat.id)
        return chat

    def _set_state(self, session_id: str, state: SessionState) -> bool:
        if (record := self._sessions.get(session_id)) is None:
            return False
        self.require_writable(session_id)
        if record.state is not state:
            record.state = state
            self.emit(events.SessionStateChanged(session_id, state))
        return True

    def _release(self, chat: ChatInstance) -> None:
        chat.close()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            # Without a loop no reply can be running; only the agent has to be given back.
            asyncio.run(self._factory.destroy_agent(chat.robota))
            return
        task = loop.create_task(self._release_agent(chat))
        self._releases.add(task)
        task.add_done_callback(self._releases.discard)

    async def _release_agent(self, chat: ChatInstance) -> None:
        await chat.settled()
        await self._factory.destroy_agent(chat.robota)


def _require_limit(name: str, value: int) -> None:
    if value < 0:
        raise ConfigurationError(f"{name} must be 0 or more, not {value}")


def _require_name(name: str) -> None:
    if not name.strip():
        raise ConfigurationError("A name needs at least one visible character")


def _moved(order: list[str], item: str, index: int) -> list[str]:
    rest = [other for other in order if other != item]
    rest.insert(max(0, min(index, len(rest))), item)
    return rest


def _neighbour(order: list[str], item: str) -> str | None:
    place = order.index(item)
    rest = order[:place] + order[place + 1 :]
    return rest[min(place, len(rest) - 1)] if rest else None
