"""The provider port: how one request goes to a model and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from robota_tui.agents.messages import Message, Usage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as the model is told about it; `parameters` is a JSON schema of type object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One request to a model; `None` leaves a setting to the endpoint's default."""

    messages: Sequence[Message]
    """For reading only: most of them are the very messages of the conversation."""
    model: str
    temperature: float | None = None
    max_tokens: int | None = None
    top_p: float | None = None
    tools: Sequence[ToolSpec] = ()


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """A piece of the model's reasoning, which is shown apart from the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A piece of a tool call; pieces with one `index` belong together, `id` and `name` come first."""

    index: int
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of the answer: `stop`, `length`, `tool_calls`, `content_filter`, as the endpoint says."""

    reason: str


StreamEvent = TextDelta | ReasoningDelta | ToolCallDelta | Usage | Finished


@runtime_checkable
class Provider(Protocol):
    """A model endpoint.

    A provider may also have a `default_model: str`, which serves templates that name none.
    """

    @property
    def name(self) -> str:
        """The name by which configurations refer to it."""
        ...

    def stream(self, request: ChatRequest) -> AsyncIterator[StreamEvent]:
        """Answer `request` piece by piece, `Finished` last; raises `ProviderError`.

        Closing the iterator (or cancelling its task) ends the request at the endpoint.
        """
        ...

    async def aclose(self) -> None:
        """Release connections and processes; may be called twice."""
        ...
