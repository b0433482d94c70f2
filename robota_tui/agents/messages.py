"""What is said in a conversation: messages, tool calls and token usage."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
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

    `metadata` keys the program itself writes: `reasoning` (str), `error` and `hint` (str, for a
    failed message), `duration` and `first_token` (seconds), `provider` (str), `finish_reason` (str),
    `alternatives` (list of earlier answers, as `Message`), `turn_usage` (`Usage` of all requests of a
    turn with tools so far); for a tool's result `tool` (str), `success` (bool), `duration` (seconds).
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

    def copy(self) -> Message:
        """An independent copy; changing it changes nothing here."""
        # Only the metadata can be changed from outside, and a deep copy of the rest is slow.
        return replace(self, metadata=copy.deepcopy(self.metadata) if self.metadata else {})
