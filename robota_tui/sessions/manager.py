"""The one owner of all sessions and chats: it takes commands and emits events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from robota_tui.agents.builtin import builtin_templates
from robota_tui.agents.config import AgentConfig, ModelConfig
from robota_tui.agents.errors import ConfigurationError, LimitError, NotFoundError, StateError
from robota_tui.agents.factory import default_models
from robota_tui.agents.messages import Message
from robota_tui.agents.provider import Provider
from robota_tui.agents.templates import AgentTemplate
from robota_tui.sessions import events
from robota_tui.sessions.attention import by_urgency, most_urgent
from robota_tui.sessions.bus import EventBus
from robota_tui.sessions.chat import ChatInstance
from robota_tui.sessions.fork import forked
from robota_tui.sessions.keeper import AgentKeeper
from robota_tui.sessions.record import SessionRecord
from robota_tui.sessions.registry import Registry
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
        templates: Iterable[AgentTemplate] | None = None,
        store: ChatStore | None = None,
    ) -> None:
        """Without `templates` the built-in ones are there.

        Raises `ConfigurationError` for a negative limit; 0 refuses every creation.
        """
        _require_limit("max_sessions", max_sessions)
        _require_limit("max_chats_per_session", max_chats_per_session)
        self.max_sessions = max_sessions
        self.max_chats_per_session = max_chats_per_session
        self._isolated = enable_workspace_isolation
        self.providers: dict[str, Provider] = dict(providers or {})
        """The providers that templates and configurations refer to by name."""
        self._default_model = default_model
        self.store = store
        self.active_session_id: str | None = None
        """The selected session, if there is one."""
        self._registry = Registry()
        self._sessions_named = 0
        self._closed = False
        self._bus = EventBus()
        self.templates = TemplateManagerAdapter(
            builtin_templates() if templates is None else templates,
            providers=self.providers,
            default_model=lambda: self.default_model,
            isolated=enable_workspace_isolation,
            on_change=lambda: self.emit(events.TemplatesChanged()),
        )
        self._resolver = AgentResolver(self.templates)
        self._keeper = AgentKeeper(self._registry, self.providers)

    @property
    def default_model(self) -> ModelConfig | None:
        """What answers where neither a configuration nor a template says so.

        Without one of its own, the first provider that has a default model.
        """
        if self._default_model is not None:
            return self._default_model
        known = default_models(self.providers)
        return next((ModelConfig(provider=name, model=model) for name, model in known.items()), None)

    @default_model.setter
    def default_model(self, value: ModelConfig | None) -> None:
        self._default_model = value

    @property
    def enable_workspace_isolation(self) -> bool:
        """Whether sessions of different workspaces share nothing; chosen once."""
        return self._isolated

    # ----------------------------------------------------------------- events

    def subscribe(self, callback: Callable[[events.Event], object]) -> Callable[[], None]:
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
        self._require_not_closed()
        if len(self._registry.sessions) >= self.max_sessions:
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
        self._registry.sessions[record.id] = record
        self.emit(events.SessionCreated(record.id))
        if self.active_session_id is None:
            self.switch_session(record.id)
        return record.id

    def get_session(self, session_id: str) -> SessionInfo | None:
        """A snapshot of a session, or `None` if it is unknown."""
        record = self._registry.sessions.get(session_id)
        return record.info() if record else None

    def list_sessions(self, user_id: str | None = None, workspace_id: str | None = None) -> list[SessionInfo]:
        """Snapshots of all sessions, or of those of a user or workspace, in the order of the list."""
        return [
            record.info()
            for record in self._registry.sessions.values()
            if (user_id is None or record.user_id == user_id)
            and (workspace_id is None or record.workspace_id == workspace_id)
        ]

    def switch_session(self, session_id: str) -> bool:
        """Select a session; `False` if it is unknown."""
        if session_id not in self._registry.sessions:
            return False
        if self.active_session_id != session_id:
            self.active_session_id = session_id
            self.touch_session(session_id)
            self.emit(events.SessionSwitched(session_id))
        return True

    def rename_session(self, session_id: str, name: str) -> bool:
        """Give a session another name; `False` if unknown, `ConfigurationError` if the name is blank."""
        _require_name(name)
        if (record := self._registry.sessions.get(session_id)) is None:
            return False
        record.name = name
        self.emit(events.SessionRenamed(session_id))
        return True

    def move_session(self, session_id: str, index: int) -> bool:
        """Put a session at a place of the list, counted from 0; places beyond the ends mean the ends."""
        if session_id not in self._registry.sessions:
            return False
        self._registry.move_session(session_id, index)
        self.emit(events.SessionMoved(session_id))
        return True

    def pause_session(self, session_id: str) -> bool:
        """Refuse new messages and keep queues; replies that are being written go on to their end."""
        return self._set_state(session_id, SessionState.PAUSED)

    def resume_session(self, session_id: str) -> bool:
        """Take messages again and go on with the queues."""
        done = self._set_state(session_id, SessionState.ACTIVE)
        for chat in self._registry.chats_of(session_id):
            chat.wake()
        return done

    def terminate_session(self, session_id: str) -> bool:
        """Stop the session's replies, drop its queues, and allow nothing but reading from now on."""
        done = self._set_state(session_id, SessionState.TERMINATED)
        for chat in self._registry.chats_of(session_id):
            chat.abandon()
        return done

    def delete_session(self, session_id: str) -> bool:
        """Remove a session with all its chats and release their agents; `False` if it is unknown."""
        if session_id not in self._registry.sessions:
            return False
        neighbour = self._registry.neighbour(session_id)
        chats = self._registry.remove_session(session_id)
        was_active = self.active_session_id == session_id
        if was_active:
            self.active_session_id = neighbour
        for chat in chats:
            self._keeper.release(chat)
        for chat in chats:
            self.emit(events.ChatDeleted(session_id, chat.id))
        self.emit(events.SessionDeleted(session_id))
        if was_active:
            self.emit(events.SessionSwitched(neighbour))
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
        record = self._registry.session(session_id)
        self.require_writable(session_id)
        if name is not None:
            _require_name(name)
        config, template_id = self._resolver.resolve(agent_config, agent_template, record.workspace_id)
        return await self._create_chat(record, config, name, description, template_id)

    async def fork_chat(self, chat_id: str, message_id: str, name: str | None = None) -> str:
        """A new chat with the same agent and the history up to a message; raises as `create_chat`.

        Of a reply that is being written the text so far is taken over, as an interrupted one.
        """
        source = self._registry.chat(chat_id)
        place = next((i for i, m in enumerate(source.messages) if m.id == message_id), None)
        if place is None:
            raise NotFoundError(f"Message {message_id} not found")
        return await self._create_chat(
            self._registry.session(source.session_id),
            source.get_robota_config(),
            name if name is not None else f"{source.name} (fork)",
            source.description,
            source.agent_template,
            [forked(message) for message in source.get_history()[: place + 1]],
        )

    def get_chat(self, chat_id: str) -> ChatInstance | None:
        """The chat itself, or `None` if it is unknown."""
        return self._registry.chats.get(chat_id)

    def get_session_chats(self, session_id: str) -> list[ChatInfo]:
        """Snapshots of a session's chats in tab order; empty for an unknown session."""
        return [chat.info() for chat in self._registry.chats_of(session_id)]

    def switch_chat(self, session_id: str, chat_id: str) -> bool:
        """Make a chat the active one of its session; `False` if there is no such chat in it."""
        record = self._registry.sessions.get(session_id)
        if record is None or chat_id not in record.chat_ids:
            return False
        self._registry.chats[chat_id].note_use()
        if record.active_chat_id != chat_id:
            record.active_chat_id = chat_id
            self.emit(events.ChatSwitched(session_id, chat_id))
        return True

    def rename_chat(self, chat_id: str, name: str) -> bool:
        """Give a chat another name; `False` if unknown, `ConfigurationError` if the name is blank."""
        _require_name(name)
        if (chat := self._registry.chats.get(chat_id)) is None:
            return False
        chat.rename(name)
        return True

    def move_chat(self, chat_id: str, index: int) -> bool:
        """Put a chat at a place of its session, counted from 0; places beyond the ends mean the ends."""
        if (chat := self._registry.chats.get(chat_id)) is None:
            return False
        self._registry.move_chat(chat, index)
        self.emit(events.ChatMoved(chat.session_id, chat_id))
        return True

    def delete_chat(self, chat_id: str) -> bool:
        """Remove a chat, stop its reply and release its agent; `False` if it is unknown.

        If it was the active one, the most recently used of the others becomes active.
        """
        if (chat := self._registry.chats.get(chat_id)) is None:
            return False
        was_active = self._registry.remove_chat(chat)
        active = self._registry.session(chat.session_id).active_chat_id
        self._keeper.release(chat)
        self.emit(events.ChatDeleted(chat.session_id, chat_id))
        if was_active:
            self.emit(events.ChatSwitched(chat.session_id, active))
        return True

    # ----------------------------------------------------------------- across sessions

    @property
    def chats(self) -> Iterable[ChatInstance]:
        """All chats, session by session, in tab order."""
        return self._registry.all_chats()

    @property
    def is_busy(self) -> bool:
        """Whether any reply is being written."""
        return any(chat.is_working for chat in self._registry.chats.values())

    def get_status(self, session_id: str) -> ChatStatus:
        """The most urgent status of a session's chats."""
        return most_urgent(self._registry.chats_of(session_id))

    def wanting_attention(self) -> list[ChatInstance]:
        """The chats that need the user, failed or finished unseen: most urgent, then longest waiting."""
        return by_urgency(self.chats)

    def next_attention(self, chat_id: str | None = None) -> str | None:
        """The chat that most wants attention, other than `chat_id`; `None` if none does."""
        return next((chat.id for chat in self.wanting_attention() if chat.id != chat_id), None)

    def may_share(self, session_id: str, other_id: str) -> bool:
        """Whether two sessions may see each other's contents: isolation keeps workspaces apart."""
        one, other = self._registry.session(session_id), self._registry.session(other_id)
        return not self.enable_workspace_isolation or one.workspace_id == other.workspace_id

    async def aclose(self) -> None:
        """Stop all replies and release all agents and providers; may be called twice."""
        self._closed = True
        await self._keeper.aclose(self._registry.all_chats(), list(self.providers.values()))
        self._registry.clear()
        self.active_session_id = None

    # ----------------------------------------------------------------- what chats ask (ChatHost)

    def touch_session(self, session_id: str) -> None:
        """Note that a session was used now."""
        self._registry.touch(session_id)

    def require_open(self, session_id: str) -> None:
        """Raise unless the session takes new messages."""
        self._registry.require_open(session_id)

    def require_writable(self, session_id: str) -> None:
        """Raise if the session is terminated or gone."""
        self._registry.require_writable(session_id)

    def may_answer(self, session_id: str) -> bool:
        """Whether queues of the session go on."""
        return self._registry.may_answer(session_id)

    def is_active(self, chat_id: str) -> bool:
        """Whether a chat is the active one of its session."""
        return self._registry.is_active(chat_id)

    def set_active(self, chat_id: str, active: bool) -> None:
        """Make a chat the active one of its session, or no longer."""
        chat = self._registry.chat(chat_id)
        if active:
            self.switch_chat(chat.session_id, chat_id)
        elif self.is_active(chat_id):
            self._registry.sessions[chat.session_id].active_chat_id = None
            self.emit(events.ChatSwitched(chat.session_id, None))

    def template_config(self, template_id: str, session_id: str, base: AgentConfig) -> AgentConfig:
        """The agent of a template, as a chat with the agent `base` becomes it."""
        return self._resolver.upgrade(base, template_id, self._registry.session(session_id).workspace_id)

    # ----------------------------------------------------------------- helpers

    async def _create_chat(
        self,
        record: SessionRecord,
        config: AgentConfig,
        name: str | None,
        description: str | None,
        template_id: str | None,
        messages: Sequence[Message] = (),
    ) -> str:
        self._require_not_closed()
        robota = await self._keeper.make(record, config)
        record.chats_named += 1
        chat = ChatInstance(
            robota,
            self,
            session_id=record.id,
            name=name if name is not None else f"Chat {record.chats_named}",
            description=description or "",
            agent_template=template_id,
        )
        for message in messages:
            robota.history.add(message)
        is_active = self._registry.add_chat(chat)
        self.emit(events.ChatCreated(record.id, chat.id))
        if is_active and self.is_active(chat.id):
            self.emit(events.ChatSwitched(record.id, chat.id))
        return chat.id

    def _set_state(self, session_id: str, state: SessionState) -> bool:
        if (record := self._registry.sessions.get(session_id)) is None:
            return False
        self.require_writable(session_id)
        if record.state is not state:
            record.state = state
            self.emit(events.SessionStateChanged(session_id, state))
        return True

    def _require_not_closed(self) -> None:
        if self._closed:
            raise StateError("This session manager is closed", hint="Make a new one.")


def _require_limit(name: str, value: int) -> None:
    if value < 0:
        raise ConfigurationError(f"{name} must be 0 or more, not {value}")


def _require_name(name: str) -> None:
    if not name.strip():
        raise ConfigurationError("A name needs at least one visible character")
