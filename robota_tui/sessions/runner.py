"""Answering a chat's messages one after the other, whether or not anything shows them."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from robota_tui.agents.errors import RobotaError, SendError
from robota_tui.agents.provider import StreamEvent
from robota_tui.sessions.jobs import Job
from robota_tui.sessions.state import ChatStatus, QueuedMessage

if TYPE_CHECKING:
    from robota_tui.sessions.chat import ChatInstance

_log = logging.getLogger(__name__)


class ReplyRunner:
    """The queue of one chat and the task that writes its present reply.

    After a failure or a stop, messages that no caller waits for are held until `release`: what the
    user queued was written in the hope of another answer.
    """

    def __init__(self, chat: ChatInstance) -> None:
        self._chat = chat
        self._jobs: deque[Job] = deque()
        self._current: Job | None = None
        self._task: asyncio.Task[None] | None = None
        self._held = False

    @property
    def is_working(self) -> bool:
        """Whether a reply is being written."""
        return self._task is not None

    @property
    def waiting(self) -> tuple[QueuedMessage, ...]:
        """Snapshots of the messages that wait."""
        return tuple(job.snapshot for job in self._jobs)

    # ----------------------------------------------------------------- coming in

    def add(self, job: Job) -> Job:
        """Put a message at the end of the queue, and begin with it if nothing else is being answered."""
        self._jobs.append(job)
        self._after_add()
        return job

    def add_first(self, job: Job) -> Job:
        """Put a message before all that wait."""
        self._jobs.appendleft(job)
        self._after_add()
        return job

    def _after_add(self) -> None:
        self.kick()
        if self._jobs:
            self._chat.emit_queue_changed()

    async def finish(self, job: Job) -> str:
        """Wait for the answer to a job; being cancelled here stops it."""
        assert job.outcome is not None
        try:
            return await job.outcome
        except asyncio.CancelledError:
            self.withdraw(job)
            raise

    async def listen(self, job: Job) -> AsyncGenerator[StreamEvent, None]:
        """Yield the events of a job's answer; being closed here stops it."""
        assert job.outcome is not None
        assert job.listener is not None
        self.add(job)
        try:
            while (event := await job.listener.get()) is not None:
                yield event
            await job.outcome
        finally:
            self.withdraw(job)

    # ----------------------------------------------------------------- going on

    def release(self) -> None:
        """Go on with messages that were held."""
        self._held = False
        self.kick()

    def kick(self) -> None:
        """Begin with the next message, if one may be begun."""
        if self._task is not None or not self._jobs or not self._chat.may_answer():
            return
        if self._held and not self._jobs[0].is_attended:
            return
        self._current = self._jobs.popleft()
        self._task = asyncio.get_running_loop().create_task(
            self._perform(self._current), name=f"reply of {self._chat.id}"
        )
        self._task.add_done_callback(self._on_done)
        self._chat.set_status(ChatStatus.WORKING)
        self._chat.emit_queue_changed()

    def _on_done(self, task: asyncio.Task[None]) -> None:
        job, self._current, self._task = self._current, None, None
        if task.cancelled() and job is not None:
            # Cancelled before its first step, so it could not report by itself.
            self._report_stop(job)
        self.kick()

    async def _perform(self, job: Job) -> None:
        chat = self._chat
        known = chat.messages[-1].id if chat.messages else None
        try:
            stream = chat.robota.regenerate_stream() if job.text is None else chat.robota.run_stream(job.text)
            async for event in stream:
                job.hear(event)
        except asyncio.CancelledError:
            self._report_stop(job)
        except Exception as error:
            stored = bool(chat.messages) and chat.messages[-1].id != known
            self._report_failure(job, _as_robota_error(error), stored=stored)
        else:
            chat.note_exchange()
            chat.set_status(ChatStatus.UNSEEN)
            job.succeed(chat.messages[-1].content)

    # ----------------------------------------------------------------- ends other than success

    def _report_stop(self, job: Job) -> None:
        self._held = True
        self._chat.set_status(ChatStatus.IDLE)
        job.fail(SendError("Failed to send message: the reply was stopped"))

    def _report_failure(self, job: Job, error: RobotaError, *, stored: bool) -> None:
        self._held = True
        waits = bool(self._jobs) and not self._jobs[0].is_attended
        self._chat.set_status(ChatStatus.NEEDS_YOU if waits else ChatStatus.FAILED)
        if job.is_attended:
            failure = SendError(f"Failed to send message: {error}", hint=error.hint)
            failure.__cause__ = error
            job.fail(failure)
        else:
            self._chat.emit_send_failed(job.text or "", error, stored)

    def cancel(self) -> bool:
        """Stop the reply; says whether there was one."""
        return self._task is not None and self._task.cancel()

    def withdraw(self, job: Job) -> None:
        """Take a job back, wherever it is."""
        if job is self._current:
            self.cancel()
        elif job in self._jobs:
            self._jobs.remove(job)
            self._chat.emit_queue_changed()

    def drop(self, queued_id: str) -> bool:
        """Take a waiting message out; says whether it was there."""
        job = self._find(queued_id)
        if job is None:
            return False
        self._jobs.remove(job)
        job.fail(SendError("Failed to send message: it was taken out of the queue"))
        self._settle_hold()
        self._chat.emit_queue_changed()
        return True

    def edit(self, queued_id: str, text: str) -> bool:
        """Change a waiting message; says whether it was there."""
        job = self._find(queued_id)
        if job is None:
            return False
        job.text = text
        self._chat.emit_queue_changed()
        return True

    def abandon(self) -> None:
        """Stop the reply and drop all that waits."""
        dropped, self._jobs = self._jobs, deque()
        for job in dropped:
            job.fail(SendError("Failed to send message: the chat was closed"))
        self.cancel()

    async def settled(self) -> None:
        """Return when no reply is being written."""
        while self._task is not None:
            await asyncio.wait([self._task])
            # The callback that clears the task runs in the next step of the loop.
            await asyncio.sleep(0)

    def _settle_hold(self) -> None:
        if not self._jobs and self._chat.status is ChatStatus.NEEDS_YOU:
            self._chat.set_status(ChatStatus.FAILED)

    def _find(self, queued_id: str) -> Job | None:
        return next((job for job in self._jobs if job.id == queued_id), None)


def _as_robota_error(error: Exception) -> RobotaError:
    if isinstance(error, RobotaError):
        return error
    # A defect of ours must not leave the chat waiting for ever; it is logged as what it is.
    _log.error("A reply failed unexpectedly", exc_info=error)
    wrapped = RobotaError(str(error) or type(error).__name__)
    wrapped.__cause__ = error
    return wrapped
