"""What is said in a conversation: messages, tool calls and token usage."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


class MessageState(StrEnum):
    """How far a message has come."""

    COMPLETE = "complete"
    STREAMING = "streaming"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a tool that the model asks for; `arguments` is JSON text as the model wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one provider call, as the provider counted them; also a `StreamEvent`."""

    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0
    """The part of `prompt_tokens` that the provider had in its cache."""
    reasoning_tokens: int = 0
    """The part of `completion_tokens` that was spent on reasoning."""

    @property
    def total_tokens(self) -> int:
        """Prompt and completion together."""
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cached_tokens + other.cached_tokens,
            self.reasoning_tokens + other.reasoning_tokens,
        )


@dataclass(slots=True)
class Message:
    """One message of a conversation.

    `role` and `state` may be given as their plain strings; `ValueError` for one that does not exist.

    `metadata` keys the program itself writes: `reasoning` (str), `error` and `hint` (str, for a
    failed message), `duration` and `first_token` (seconds), `provider` (str), `finish_reason` (str),
    `alternatives` (list of earlier answers, as `Message`), `turn_usage` (`Usage` of all requests of a
    turn with tools so far), `discarded_usage` (`Usage` of replies that were taken out when the answer
    was regenerated and are not among the alternatives: tool rounds, and replies without text); for a
    tool's result `tool` (str), `success` (bool), `duration` (seconds).

    What a chat has used is therefore, over its messages, `usage`, the `usage` of the alternatives, and
    `discarded_usage`; `turn_usage` repeats what is counted in these.
    """

    role: Role
    content: str
    id: str = field(default_factory=lambda: f"msg_{uuid4().hex}")
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    state: MessageState = MessageState.COMPLETE
    model: str | None = None
    usage: Usage | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Asked by type, which is quick: this is done for every message that is made or copied.
        if type(self.role) is not Role:
            self.role = Role(self.role)
        if type(self.state) is not MessageState:
            self.state = MessageState(self.state)

    def copy(self) -> Message:
        """An independent copy; changing it changes nothing here."""
        # Only the metadata can be changed from outside. By position, as names take three times as long.
        return Message(
            self.role,
            self.content,
            self.id,
            self.created_at,
            self.state,
            self.model,
            self.usage,
            self.tool_calls,
            self.tool_call_id,
            {key: _independent(value) for key, value in self.metadata.items()},
        )


_UNCHANGEABLE = frozenset({str, int, float, bool, type(None), Usage, ToolCall, datetime})


def _independent(value: Any) -> Any:
    """A copy of a value of the metadata, as cheap as it can be: earlier answers may be many."""
    if type(value) in _UNCHANGEABLE:
        return value
    if type(value) is list and all(type(item) is Message for item in value):
        return [item.copy() for item in value]
    return copy.deepcopy(value)
