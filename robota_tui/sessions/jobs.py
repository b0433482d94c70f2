"""One message on its way through a chat: waiting, being answered, done."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from uuid import uuid4

from robota_tui.agents.messages import Message, MessageState, Role
from robota_tui.agents.provider import StreamEvent
from robota_tui.sessions.state import QueuedMessage


@dataclass(slots=True, eq=False)
class Job:
    """A message to answer; `text` is `None` where the last answer is to be replaced."""

    text: str | None
    outcome: asyncio.Future[str] | None = None
    """Gets the whole answer or the error; `None` where nobody waits."""
    listener: asyncio.Queue[StreamEvent | None] | None = None
    """Gets the events of the stream and `None` at the end."""
    is_stored: bool = False
    """Whether the question stands in the history."""
    reply: Message | None = None
    """The newest reply to it, at the end the answer."""
    begun_at: float = 0.0
    """When its turn came, on the monotonic clock."""
    id: str = field(default_factory=lambda: f"queued_{uuid4().hex}")

    @property
    def is_attended(self) -> bool:
        """Whether a caller waits for the outcome, and so decides what comes next."""
        return self.outcome is not None

    @property
    def snapshot(self) -> QueuedMessage:
        """What a screen shows of it while it waits."""
        return QueuedMessage(self.id, self.text or "")

    def note(self, message: Message) -> None:
        """Take note of a message that its run has added to the history."""
        if message.role is Role.USER:
            self.is_stored = True
        elif message.role is Role.ASSISTANT:
            self.reply = message

    @property
    def is_answered(self) -> bool:
        """Whether the whole answer has come."""
        return (
            self.reply is not None and self.reply.state is MessageState.COMPLETE and not self.reply.tool_calls
        )

    def hear(self, event: StreamEvent) -> None:
        """Pass an event on to who listens."""
        if self.listener is not None:
            self.listener.put_nowait(event)

    def succeed(self, answer: str) -> None:
        """Hand over the whole answer."""
        if self.outcome is not None and not self.outcome.done():
            self.outcome.set_result(answer)
        self._end_stream()

    def fail(self, error: BaseException) -> None:
        """Hand over the error."""
        if self.outcome is not None and not self.outcome.done():
            self.outcome.set_exception(error)
            # Whoever waits may have been cancelled meanwhile; that is no unhandled error.
            self.outcome.exception()
        self._end_stream()

    def _end_stream(self) -> None:
        if self.listener is not None:
            self.listener.put_nowait(None)
