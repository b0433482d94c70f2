"""One turn: a question, the answer, and the tool rounds between them."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from robota_tui.agents.call import ProviderCall
from robota_tui.agents.errors import ConfigurationError, RobotaError, StateError
from robota_tui.agents.messages import Message, MessageState, Role, Usage
from robota_tui.agents.plugins import RunContext
from robota_tui.agents.toolcalls import carry_out

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from robota_tui.agents.core import AgentCore
    from robota_tui.agents.provider import Finished, StreamEvent

MAX_TOOL_ROUNDS = 10

_OF_THE_ANSWER = ("alternatives", "discarded_usage")
"""Metadata about what was answered before; it belongs to the last reply of a turn."""


class Turn:
    """Answers one message, or the history as it stands; to be iterated once.

    It works with the configuration the agent has when it begins. After `MAX_TOOL_ROUNDS` rounds of
    tool calls the model is asked once more, without tools, so that a turn always ends with an answer.
    """

    def __init__(self, core: AgentCore, text: str | None, *, replace: bool = False) -> None:
        self._core = core
        self._text = text
        self._replace = replace
        self._config = core.config
        self._tools = core.tools
        self._context = RunContext(core.config.name, core.conversation_id, f"run_{uuid4().hex}")
        self._usage: Usage | None = None
        self.reply: Message | None = None
        """The newest reply of the turn, at its end the answer."""
        self.finished: Finished | None = None
        """How the answer ended; `None` while it has not."""

    async def events(self) -> AsyncGenerator[StreamEvent, None]:
        """Run the turn; all events but the last, `finished`. Raises `RobotaError`."""
        metadata = await self._begin()
        host = self._core.host
        try:
            for round_number in range(MAX_TOOL_ROUNDS + 1):
                tools = self._tools if round_number < MAX_TOOL_ROUNDS else {}
                call = ProviderCall(self._core, self._config, self._context, tools, metadata)
                self.reply = call.reply
                async with aclosing(call.events()) as events:
                    async for event in events:
                        yield event
                self._count(call.reply)
                if not call.reply.tool_calls or not await self._use_tools(call.reply):
                    break
                metadata = _moved(call.reply)
        except Exception as error:
            host.on_error(self._context, error)
            raise
        except BaseException:
            self._interrupt()
            if self.reply is not None:
                await host.after_run(self._context, self.reply)
            raise
        self.finished = call.finished
        await host.after_run(self._context, call.reply)

    async def _begin(self) -> dict[str, Any]:
        """Ask the plugins, then store the question; returns the metadata of the reply to come."""
        core = self._core
        if core.closed:
            raise StateError(f"Agent '{core.config.name}' is released and answers no more")
        self._config = core.config
        self._tools = dict(core.tools)
        question = self._question()
        await core.host.before_run(self._context, question)
        if self._text is not None:
            self._add(Message(Role.USER, self._text))
        else:
            # A plugin had the time to delete it.
            self._question()
        return self._take_answer() if self._replace else {}

    def _question(self) -> str:
        if self._text is not None:
            if not self._text.strip():
                raise ConfigurationError("The message is empty", hint="Write something before you send it.")
            return self._text
        last = self._core.history.last(Role.USER)
        if last is None:
            raise RobotaError("No user message found to regenerate response for")
        return last.content

    def _take_answer(self) -> dict[str, Any]:
        """Take the answer to the last question out of the history; returns what is to be kept of it.

        These are, as metadata of the reply to come, all answers there ever were, and the tokens of what
        is no answer: tool rounds, and replies without text.
        """
        question = self._core.history.last(Role.USER)
        removed = self._core.history.truncate_after(question.id) if question else []
        for message in removed:
            self._core.observer.message_removed(message)
        answers = [message for message in removed if message.role is Role.ASSISTANT]
        earlier = [old for answer in answers for old in answer.metadata.get("alternatives", ())]
        spent = [answer.metadata.get("discarded_usage") for answer in answers]
        if answers and answers[-1].content.strip():
            newest = answers.pop()
            own = {key: value for key, value in newest.metadata.items() if key not in _OF_THE_ANSWER}
            earlier.append(replace(newest, metadata=own))
        spent += [answer.usage for answer in answers]
        discarded = sum(filter(None, spent), Usage(0, 0))
        kept = {"alternatives": earlier, "discarded_usage": discarded if any(spent) else None}
        return {key: value for key, value in kept.items() if value}

    def _add(self, message: Message) -> None:
        self._core.history.add(message)
        self._core.observer.message_added(message)
        self._core.host.on_message(self._context, message)

    async def _use_tools(self, reply: Message) -> bool:
        """Add the results of the calls of `reply`, unless it is deleted by now; whether they were added."""
        if reply not in self._core.history:
            return False
        results = await carry_out(reply.tool_calls, self._tools)
        if reply not in self._core.history:
            return False
        for result in results:
            self._add(result)
        return True

    def _count(self, reply: Message) -> None:
        if reply.usage is None:
            return
        if self._usage is not None:
            reply.metadata["turn_usage"] = self._usage + reply.usage
        self._usage = self._usage + reply.usage if self._usage else reply.usage

    def _interrupt(self) -> None:
        """Mark a turn that ended between two requests, while its tools were running."""
        reply = self.reply
        if reply is not None and reply.state is MessageState.COMPLETE and reply.tool_calls:
            reply.state = MessageState.INTERRUPTED
            if reply in self._core.history:
                self._core.observer.message_changed(reply)


def _moved(reply: Message) -> dict[str, Any]:
    """What `reply` knows of earlier answers, taken out of it for the reply that comes next."""
    return {key: reply.metadata.pop(key) for key in _OF_THE_ANSWER if key in reply.metadata}
