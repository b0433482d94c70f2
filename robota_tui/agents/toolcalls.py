"""Tool calls: put together from their pieces, and carried out."""

from __future__ import annotations

import asyncio
import inspect
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from robota_tui.agents.messages import Message, Role, ToolCall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from robota_tui.agents.provider import ToolCallDelta
    from robota_tui.agents.tools import Tool

MAX_TOOLS_AT_ONCE = 5


class ToolError(Exception):
    """A tool call that did not work out; the text is for the model, not for the user."""


@dataclass(slots=True)
class _PartialCall:
    id: str
    name: str
    arguments: list[str] = field(default_factory=list)


class ToolCallAssembler:
    """Collects the pieces of the tool calls of one reply."""

    def __init__(self) -> None:
        self._calls: list[_PartialCall] = []
        self._by_index: dict[int, _PartialCall] = {}

    def add(self, delta: ToolCallDelta) -> None:
        """Take one piece."""
        call = self._by_index.get(delta.index)
        # Some endpoints number every call 0 and tell them apart by id alone.
        if call is None or (delta.id and call.id and delta.id != call.id):
            call = self._by_index[delta.index] = _PartialCall(delta.id, delta.name)
            self._calls.append(call)
        call.id = call.id or delta.id
        call.name = call.name or delta.name
        if delta.arguments:
            call.arguments.append(delta.arguments)

    def calls(self) -> tuple[ToolCall, ...]:
        """The calls so far, in the order they began; an id that is missing or used twice is made up."""
        seen: set[str] = set()
        finished = []
        for call in self._calls:
            call_id = call.id if call.id and call.id not in seen else f"call_{uuid4().hex}"
            seen.add(call_id)
            finished.append(ToolCall(call_id, call.name, "".join(call.arguments)))
        return tuple(finished)


async def carry_out(calls: Sequence[ToolCall], tools: Mapping[str, Tool]) -> list[Message]:
    """The results of `calls` as tool messages, in the order of the calls.

    At most `MAX_TOOLS_AT_ONCE` run at a time. A call that fails gives a message that begins with
    "Error:"; nothing is raised but the cancellation of the caller, which cancels the tools too.
    """
    free = asyncio.Semaphore(MAX_TOOLS_AT_ONCE)

    async def guarded(call: ToolCall) -> Message:
        async with free:
            return await _result_message(call, tools)

    async with asyncio.TaskGroup() as group:
        running = [group.create_task(guarded(call)) for call in calls]
    return [
        _message(call, "Error: the tool was cancelled.", success=False) if task.cancelled() else task.result()
        for call, task in zip(calls, running, strict=True)
    ]


async def _result_message(call: ToolCall, tools: Mapping[str, Tool]) -> Message:
    started = time.monotonic()
    try:
        text, success = _as_text(await _call(_find(call, tools), call)), True
    except Exception as error:
        text, success = f"Error: {str(error) or type(error).__name__}", False
    message = _message(call, text, success=success)
    message.metadata["duration"] = time.monotonic() - started
    return message


def _message(call: ToolCall, text: str, *, success: bool) -> Message:
    metadata = {"tool": call.name, "success": success}
    return Message(Role.TOOL, text, tool_call_id=call.id, metadata=metadata)


def _find(call: ToolCall, tools: Mapping[str, Tool]) -> Tool:
    tool = tools.get(call.name)
    if tool is None:
        known = ", ".join(sorted(tools)) or "none"
        raise ToolError(f"there is no tool named '{call.name}'. Known tools: {known}.")
    return tool


async def _call(tool: Tool, call: ToolCall) -> object:
    arguments = _decode(call)
    limit = asyncio.timeout(tool.timeout)
    try:
        async with limit:
            if inspect.iscoroutinefunction(tool.handler):
                return await tool.handler(arguments)
            # In a thread, so that a slow tool does not stop the screen. After the timeout, or when the
            # turn is stopped, the thread goes on until the function returns; its result is ignored.
            result = await asyncio.to_thread(tool.handler, arguments)
            return await result if inspect.isawaitable(result) else result
    except TimeoutError:
        if not limit.expired():
            raise
        raise ToolError(f"the tool gave no result within {tool.timeout:g} seconds.") from None


def _decode(call: ToolCall) -> dict[str, Any]:
    try:
        arguments = json.loads(call.arguments or "{}")
    except ValueError as error:
        raise ToolError(f"the arguments of '{call.name}' are not valid JSON: {error}") from error
    if not isinstance(arguments, dict):
        raise ToolError(f"the arguments of '{call.name}' must be a JSON object.")
    return arguments


def _as_text(result: object) -> str:
    return result if isinstance(result, str) else json.dumps(result, ensure_ascii=False, default=str)
