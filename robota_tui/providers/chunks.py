"""Chunks of a streamed answer, as stream events; nothing in a chunk is trusted to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robota_tui.agents.messages import Usage
from robota_tui.agents.provider import ReasoningDelta, StreamEvent, TextDelta, ToolCallDelta

if TYPE_CHECKING:
    from collections.abc import Iterator


class ChunkReader:
    """Reads the chunks of one answer; remembers usage and finish reason, which are due at the end."""

    def __init__(self) -> None:
        self.usage: Usage | None = None
        self.finish_reason: str | None = None
        self.seen = False
        """Whether any chunk has come."""
        self._calls: dict[int, str] = {}
        self._shift = 0

    def read(self, chunk: Any) -> Iterator[StreamEvent]:
        """The events of one chunk."""
        self.seen = True
        usage = _usage(getattr(chunk, "usage", None))
        if usage is not None:
            self.usage = usage
        choices = getattr(chunk, "choices", None)
        choice = choices[0] if isinstance(choices, list) and choices else None
        if choice is None:
            return
        reason = getattr(choice, "finish_reason", None)
        if isinstance(reason, str) and reason:
            self.finish_reason = reason
        yield from self._read_delta(getattr(choice, "delta", None))

    def _read_delta(self, delta: Any) -> Iterator[StreamEvent]:
        if delta is None:
            return
        for name in ("reasoning_content", "reasoning"):
            reasoning = getattr(delta, name, None)
            if isinstance(reasoning, str) and reasoning:
                yield ReasoningDelta(reasoning)
                break
        yield from _content(getattr(delta, "content", None))
        refusal = getattr(delta, "refusal", None)
        if isinstance(refusal, str) and refusal:
            yield TextDelta(refusal)
        calls = getattr(delta, "tool_calls", None)
        for position, call in enumerate(calls if isinstance(calls, list) else ()):
            yield self._tool_call(call, position)

    def _tool_call(self, call: Any, position: int) -> ToolCallDelta:
        """One piece of a call; endpoints that number all calls 0 are told apart by the calls' ids."""
        index = getattr(call, "index", None)
        index = (index if isinstance(index, int) else position) + self._shift
        function = getattr(call, "function", None)
        identity, name, arguments = (
            text if isinstance(text, str) else ""
            for text in (
                getattr(call, "id", None),
                getattr(function, "name", None),
                getattr(function, "arguments", None),
            )
        )
        if identity and self._calls.get(index, identity) != identity and name:
            self._shift += max(self._calls) + 1 - index
            index = max(self._calls) + 1
        if identity:
            self._calls[index] = identity
        return ToolCallDelta(index, identity, name, arguments)


def _content(content: Any) -> Iterator[StreamEvent]:
    """Text, or a list of typed parts as some endpoints send it."""
    if isinstance(content, str):
        if content:
            yield TextDelta(content)
        return
    for part in content if isinstance(content, list) else ():
        if not isinstance(part, dict):
            continue
        text, thinking = part.get("text"), part.get("thinking")
        if isinstance(text, str) and text:
            yield TextDelta(text)
        for thought in thinking if isinstance(thinking, list) else ():
            if isinstance(thought, dict) and isinstance(thought.get("text"), str):
                yield ReasoningDelta(thought["text"])


def _usage(usage: Any) -> Usage | None:
    if usage is None:
        return None
    prompt, completion = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
    if not (prompt or completion):
        return None
    return Usage(
        prompt,
        completion,
        cached_tokens=_count(getattr(usage, "prompt_tokens_details", None), "cached_tokens"),
        reasoning_tokens=_count(getattr(usage, "completion_tokens_details", None), "reasoning_tokens"),
    )


def _count(holder: Any, name: str) -> int:
    value = getattr(holder, name, None)
    return value if isinstance(value, int) else 0
