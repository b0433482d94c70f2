"""Answering a chat's messages one after the other, whether or not anything shows them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from functools import partial
from typing import TYPE_CHECKING

from robota_tui.agents.errors import RobotaError, SendError
from robota_tui.agents.messages import Message
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
        self._chat.require_open()
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
        """Begin with the next message, if one may be begun; one that a caller waits for is never held."""
        if self._task is not None or not self._chat.may_answer():
            return
        job = next((job for job in self._jobs if job.is_attended or not self._held), None)
        if job is None:
            return
        self._jobs.remove(job)
        job.begun_at = time.monotonic()
        self._current = job
        # Not through the loop's task factory: an eager one (Textual sets one where Python has it) would
        # run the reply, perhaps to its end, before this assignment.
        self._task = asyncio.Task(
            self._perform(job), loop=asyncio.get_running_loop(), name=f"reply of {self._chat.id}"
        )
        self._task.add_done_callback(self._on_done)
        self._chat.set_status(ChatStatus.WORKING)
        self._chat.emit_queue_changed()

    def note(self, message: Message) -> None:
        """Take note of a message that the present run has added to the history."""
        if self._current is not None:
            self._current.note(message)

    def is_writing(self, message: Message) -> bool:
        """Whether a message belongs to the turn that is going on."""
        return self._current is not None and self._current.reply is message

    async def _perform(self, job: Job) -> None:
        conclude = await self._answer(job)
        # Whoever is told of the end finds the chat at rest, and may send the next message.
        self._current = self._task = None
        conclude()
        self.kick()

    async def _answer(self, job: Job) -> Callable[[], None]:
        robota = self._chat.robota
        try:
            stream = robota.regenerate_stream() if job.text is None else robota.run_stream(job.text)
            async for event in stream:
                job.hear(event)
        except asyncio.CancelledError:
            return partial(self._report_success if job.is_answered else self._report_stop, job)
        except Exception as error:
            return partial(self._report_failure, job, _as_robota_error(error))
        return partial(self._report_success, job)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        job = self._current
        if task is self._task and job is not None:
            # Cancelled before its first step, so it could not conclude by itself.
            self._current = self._task = None
            self._report_stop(job)
            self.kick()

    # ----------------------------------------------------------------- ends

    def _report_success(self, job: Job) -> None:
        self._chat.note_exchange(time.monotonic() - job.begun_at)
        self._chat.set_status(ChatStatus.UNSEEN)
        job.succeed(job.reply.content if job.reply is not None else "")

    def _report_stop(self, job: Job) -> None:
        self._chat.set_status(ChatStatus.IDLE)
        job.fail(SendError("Failed to send message: the reply was stopped"))
        if not (job.is_attended or job.is_stored or job.text is None):
            # Stopped before it was sent: what the user wrote must not vanish.
            self._jobs.appendleft(job)
            self._chat.emit_queue_changed()

    def _report_failure(self, job: Job, error: RobotaError) -> None:
        self._held = True
        waits = any(not other.is_attended for other in self._jobs)
        self._chat.set_status(ChatStatus.NEEDS_YOU if waits else ChatStatus.FAILED)
        if job.is_attended:
            failure = SendError(f"Failed to send message: {error}", hint=error.hint)
            failure.__cause__ = _cause_of(error)
            job.fail(failure)
        else:
            self._chat.emit_send_failed(job.text or "", error, job.is_stored or job.text is None)

    # ----------------------------------------------------------------- stopping and taking back

    def cancel(self) -> bool:
        """Stop the reply; says whether there was one. What nobody waits for is held from now on."""
        if self._task is None:
            return False
        self._held = True
        return self._task.cancel()

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
        """Stop the reply and drop all that waits; those who sent it are told."""
        dropped, self._jobs = self._jobs, deque()
        self.cancel()
        error = SendError("Failed to send message: the chat takes no more messages")
        for job in dropped:
            job.fail(error)
            if not job.is_attended:
                self._chat.emit_send_failed(job.text or "", error, stored=False)
        if dropped:
            self._settle_hold()
            self._chat.emit_queue_changed()

    async def settled(self) -> None:
        """Return when no reply is being written."""
        while self._task is not None:
            await asyncio.wait([self._task])
            # The callback of a task that was cancelled at once runs in the next step of the loop.
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


def _cause_of(error: RobotaError) -> BaseException:
    """What went wrong in the first place: a foreign exception itself rather than its mere wrapping."""
    foreign = error.__cause__
    return foreign if foreign is not None and str(foreign) == str(error) else error
