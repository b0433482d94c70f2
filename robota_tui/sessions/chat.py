"""One chat: an independent agent with its history, its queue and its state."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from robota_tui.agents.config import AgentConfig
from robota_tui.agents.errors import ConfigurationError, NotFoundError, RobotaError, StateError
from robota_tui.agents.messages import Message, Role
from robota_tui.sessions import events
from robota_tui.sessions.host import ChatHost
from robota_tui.sessions.jobs import Job
from robota_tui.sessions.merge import merged_config
from robota_tui.sessions.record import now
from robota_tui.sessions.runner import ReplyRunner
from robota_tui.sessions.state import ChatInfo, ChatMetadata, ChatStats, ChatStatus, QueuedMessage
from robota_tui.sessions.statistics import chat_stats

if TYPE_CHECKING:
    from robota_tui.agents.live import LiveReply
    from robota_tui.agents.provider import StreamEvent
    from robota_tui.agents.robota import Robota
    from robota_tui.sessions.store import ChatStore

_use_counter = itertools.count(1)


class ChatInstance:
    """An independent agent in a session: send, stop, regenerate, edit, configure."""

    def __init__(
        self,
        robota: Robota,
        host: ChatHost,
        *,
        session_id: str,
        name: str,
        description: str = "",
        agent_template: str | None = None,
    ) -> None:
        self.id = f"chat_{uuid4()}"
        self.session_id = session_id
        self.robota = robota
        self.draft = ""
        """The text in the composer that is not sent yet."""
        self.status_since = now()
        """Since when `status` is what it is."""
        self._name = name
        self._description = description
        self._template = agent_template
        self._host = host
        self._status = ChatStatus.IDLE
        self._closed = False
        self._exchanges = 0
        self._answers = 0
        self._answer_seconds = 0.0
        self._created_at = self._updated_at = self._last_used_at = now()
        self.use_order = next(_use_counter)
        """Grows with each use, over all chats; tells which of two was used last."""
        self._runner = ReplyRunner(self)
        robota.observer = self

    # ----------------------------------------------------------------- what it is

    @property
    def name(self) -> str:
        """The name on its tab."""
        return self._name

    @property
    def description(self) -> str:
        """What it is for, in the user's words."""
        return self._description

    @property
    def agent_template(self) -> str | None:
        """Id of the template that it was made from or upgraded to."""
        return self._template

    @property
    def status(self) -> ChatStatus:
        """What it wants of you."""
        return self._status

    @property
    def is_active(self) -> bool:
        """Whether it is the active chat of its session."""
        return self._host.is_active(self.id)

    @property
    def is_working(self) -> bool:
        """Whether a reply is being written."""
        return self._runner.is_working

    @property
    def messages(self) -> Sequence[Message]:
        """The live history, for reading only; `get_history` hands out copies."""
        return self.robota.history

    @property
    def live(self) -> LiveReply | None:
        """The reply that is being written, with its text so far."""
        return self.robota.live

    @property
    def queue(self) -> tuple[QueuedMessage, ...]:
        """The messages that wait for their turn, first the next one."""
        return self._runner.waiting

    @property
    def metadata(self) -> ChatMetadata:
        """A frozen snapshot of its names, dates and counts."""
        return ChatMetadata(
            self.id,
            self.session_id,
            self._name,
            self._description,
            self._created_at,
            self._updated_at,
            self._last_used_at,
            self._exchanges,
            self.is_active,
        )

    @property
    def last_used_at(self) -> datetime:
        """When it was last shown or written to."""
        return self._last_used_at

    def info(self) -> ChatInfo:
        """A frozen snapshot for lists."""
        model = self.robota.config.default_model
        return ChatInfo(
            id=self.id,
            session_id=self.session_id,
            name=self._name,
            description=self._description,
            is_active=self.is_active,
            status=self._status,
            message_count=self._exchanges,
            agent_template=self._template,
            provider=model.provider,
            model=model.model,
            created_at=self._created_at,
            last_used_at=self._last_used_at,
        )

    def get_stats(self) -> ChatStats:
        """Messages, tokens and times, counted now."""
        mean = self._answer_seconds / self._answers if self._answers else None
        return chat_stats(self.messages, self._exchanges, mean, self._created_at, self._last_used_at)

    # ----------------------------------------------------------------- talking

    async def send_message(self, text: str) -> str:
        """Send a message and return the whole answer.

        While another answer is being written the message waits for its turn. Raises `StateError` if
        the session is paused or terminated, `ConfigurationError` if the text is blank, and
        `SendError` (`Failed to send message: CAUSE`) if no whole answer came.
        """
        _require_text(text)
        return await self._runner.finish(self._runner.add(self._new_job(text, attended=True)))

    def stream_message(self, text: str) -> AsyncGenerator[StreamEvent, None]:
        """Send a message and yield the answer piece by piece; errors as `send_message`.

        Leaving the loop early stops the reply, its text so far is kept.
        """
        _require_text(text)
        return self._runner.listen(self._new_job(text, attended=True, streaming=True))

    async def regenerate_response(self) -> str:
        """Replace the last answer by a new one, which is returned; the old one is kept as an alternative.

        Raises `RobotaError` if there is nothing to answer, and else as `send_message`.
        """
        self._require_question()
        return await self._runner.finish(self._runner.add(self._new_job(None, attended=True)))

    def submit(self, text: str) -> None:
        """Send a message without waiting for its answer.

        Raises `StateError` or `ConfigurationError` at once, as `send_message`; what fails later is
        told by the failed message, the status and `SendFailed`.
        """
        _require_text(text)
        self._runner.add(self._new_job(text))
        self._runner.release()

    def retry(self) -> None:
        """Ask for the last answer once more, without waiting for it; raises as `regenerate_response`."""
        self._require_question()
        self._runner.add_first(self._new_job(None))
        self._runner.release()

    def cancel(self) -> bool:
        """Stop the reply, keeping its text so far; messages that nobody waits for stay in the queue."""
        return self._runner.cancel()

    def release_queue(self) -> None:
        """Let a queue that was held by a failure or a stop go on."""
        self._host.require_open(self.session_id)
        self._runner.release()

    def drop_queued(self, queued_id: str) -> bool:
        """Take a waiting message out of the queue."""
        return self._runner.drop(queued_id)

    def edit_queued(self, queued_id: str, text: str) -> bool:
        """Change the text of a waiting message; raises `ConfigurationError` if it is blank."""
        _require_text(text)
        return self._runner.edit(queued_id, text)

    # ----------------------------------------------------------------- the history

    def get_history(self) -> list[Message]:
        """Copies of all messages, oldest first."""
        return self.robota.get_history()

    def clear_history(self) -> None:
        """Forget all messages and counts; stops a reply that is being written."""
        self._host.require_writable(self.session_id)
        self.cancel()
        self.robota.clear_history()
        self._exchanges = 0
        self._updated_at = now()
        self._emit(events.HistoryCleared(self.session_id, self.id))

    def edit_message(self, message_id: str, text: str) -> None:
        """Change the text of a message.

        Raises `NotFoundError`, `StateError` while it is written, `ConfigurationError` if the text is blank.
        """
        self._host.require_writable(self.session_id)
        _require_text(text)
        self._found(message_id).content = text
        self._changed(events.MessageChanged(self.session_id, self.id, message_id))

    def delete_message(self, message_id: str) -> None:
        """Take a message out of the history; raises `NotFoundError`, or `StateError` while it is written."""
        self._host.require_writable(self.session_id)
        self.robota.history.remove(self._found(message_id).id)
        self._changed(events.MessageDeleted(self.session_id, self.id, message_id))

    async def save(self) -> None:
        """Write the history to the manager's store; raises `StateError` if it has none."""
        await self._require_store().save_chat(self.id, self.get_history())

    async def load(self) -> None:
        """Replace the history by what the store holds; raises `StateError` if there is no store."""
        self._host.require_writable(self.session_id)
        stored = await self._require_store().load_chat(self.id)
        if stored is None:
            return
        self.clear_history()
        self.adopt(stored)

    # ----------------------------------------------------------------- configuration

    def get_robota_config(self) -> AgentConfig:
        """The agent's configuration; frozen, so it can be handed on."""
        return self.robota.config

    async def update_robota_config(self, config: AgentConfig | Mapping[str, Any]) -> None:
        """Use another configuration from the next message on.

        A mapping changes the fields that it names, those of `default_model` one by one. Raises
        `ConfigurationError` (`Failed to update robota config: CAUSE`), and the old one stays.
        """
        self._host.require_writable(self.session_id)
        try:
            self.robota.update_config(merged_config(self.robota.config, config))
        except (RobotaError, ValueError) as error:
            hint = error.hint if isinstance(error, RobotaError) else ""
            raise ConfigurationError(f"Failed to update robota config: {error}", hint=hint) from error
        self._changed(events.ChatConfigured(self.session_id, self.id))

    async def upgrade_to_template(self, template_id: str) -> None:
        """Become the agent that a template describes, keeping the history.

        Raises `NotFoundError` (`Template 'X' not found`), and else as `update_robota_config`.
        """
        config = self._host.template_config(template_id, self.session_id, self.robota.config)
        before = self._template
        self._template = template_id
        try:
            await self.update_robota_config(config)
        except RobotaError:
            self._template = before
            raise

    # ----------------------------------------------------------------- being looked at

    def activate(self) -> None:
        """Become the active chat of the session."""
        self._host.set_active(self.id, True)

    def deactivate(self) -> None:
        """Be the active chat of the session no longer."""
        self._host.set_active(self.id, False)

    def mark_seen(self) -> None:
        """Note that the user has seen the end of the transcript."""
        if self._status in (ChatStatus.UNSEEN, ChatStatus.FAILED):
            self.set_status(ChatStatus.IDLE)

    # ----------------------------------------------------------------- for the manager and the runner

    def adopt(self, messages: Sequence[Message]) -> None:
        """Add messages that come from elsewhere to the history."""
        for message in messages:
            self.robota.history.add(message)
            self.message_added(message)

    def rename(self, name: str) -> None:
        """Set the name; the manager has checked it."""
        self._name = name
        self._changed(events.ChatRenamed(self.session_id, self.id))

    def note_use(self) -> None:
        """Note that the chat was shown or written to now."""
        self._last_used_at = now()
        self.use_order = next(_use_counter)
        self._host.touch_session(self.session_id)

    def note_exchange(self, seconds: float) -> None:
        """Count one question that got its whole answer after so many seconds."""
        self._exchanges += 1
        self._answers += 1
        self._answer_seconds += seconds
        self._updated_at = now()
        self.note_use()

    def set_status(self, status: ChatStatus) -> None:
        """Set what the chat wants of the user and tell it, if it is news."""
        if status is not self._status:
            self._status = status
            self.status_since = now()
            self._emit(events.ChatStatusChanged(self.session_id, self.id, status))

    def emit_queue_changed(self) -> None:
        """Tell that other messages wait now."""
        self._emit(events.QueueChanged(self.session_id, self.id))

    def emit_send_failed(self, text: str, error: RobotaError, stored: bool) -> None:
        """Tell that a message got no whole answer."""
        self._emit(events.SendFailed(self.session_id, self.id, text, str(error), error.hint, stored))

    def may_answer(self) -> bool:
        """Whether the session lets the queue go on."""
        return not self._closed and self._host.may_answer(self.session_id)

    def require_open(self) -> None:
        """Raise `NotFoundError` if the chat is deleted, `StateError` unless its session takes messages."""
        if self._closed:
            raise NotFoundError(f"Chat {self.id} not found")
        self._host.require_open(self.session_id)

    def wake(self) -> None:
        """Go on with the queue, if there is one and it is not held."""
        self._runner.kick()

    def abandon(self) -> None:
        """Stop the reply and drop the queue, because the session ends."""
        self._runner.abandon()

    def close(self) -> None:
        """Stop the reply and take no more messages, because the chat is deleted."""
        self._closed = True
        self.abandon()

    async def settled(self) -> None:
        """Return when no reply is being written any more."""
        await self._runner.settled()

    def message_added(self, message: Message) -> None:
        """A message was added to the history (called by the agent)."""
        self._runner.note(message)
        self._emit(events.MessageAdded(self.session_id, self.id, message.id))

    def message_streamed(self, message: Message) -> None:
        """The reply has grown (called by the agent)."""
        self._emit(events.MessageStreamed(self.session_id, self.id, message.id))

    def message_changed(self, message: Message) -> None:
        """A message changed or is complete (called by the agent)."""
        self._emit(events.MessageChanged(self.session_id, self.id, message.id))

    def message_removed(self, message: Message) -> None:
        """A message was taken out of the history (called by the agent)."""
        self._emit(events.MessageDeleted(self.session_id, self.id, message.id))

    # ----------------------------------------------------------------- helpers

    def _emit(self, event: events.Event) -> None:
        # A deleted chat is silent: whoever hears it would look for it in vain.
        if not self._closed:
            self._host.emit(event)

    def _new_job(self, text: str | None, *, attended: bool = False, streaming: bool = False) -> Job:
        self.require_open()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise StateError(
                "A message can only be sent from a running event loop",
                hint="Call it from a coroutine that asyncio.run() runs.",
            ) from None
        self.note_use()
        outcome = loop.create_future() if attended else None
        return Job(text, outcome, asyncio.Queue() if streaming else None)

    def _require_question(self) -> None:
        if not any(message.role is Role.USER for message in self.messages):
            raise RobotaError("No user message found to regenerate response for")

    def _require_store(self) -> ChatStore:
        if self._host.store is None:
            raise StateError(
                "This session manager has no store to save chats to",
                hint="Hand one in: SessionManager(store=...).",
            )
        return self._host.store

    def _found(self, message_id: str) -> Message:
        message = self.robota.history.get(message_id)
        if message is None:
            raise NotFoundError(f"Message {message_id} not found")
        if self._runner.is_writing(message):
            raise StateError("The reply is still being written", hint="Stop it first.")
        return message

    def _changed(self, event: events.Event) -> None:
        self._updated_at = now()
        self._emit(event)


def _require_text(text: str) -> None:
    if not isinstance(text, str) or not text.strip():
        raise ConfigurationError("A message needs some text")
