"""Requests in the words of the chat completions API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robota_tui.agents.messages import Message, Role, ToolCall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robota_tui.agents.provider import ChatRequest, ToolSpec


def to_wire(message: Message) -> dict[str, Any]:
    """One message as the API wants it."""
    if message.role is Role.TOOL:
        return {
            "role": "tool",
            "tool_call_id": message.tool_call_id or "",
            "content": _sendable(message.content),
        }
    if message.role is Role.ASSISTANT and message.tool_calls:
        return {
            "role": "assistant",
            "content": _sendable(message.content) or None,
            "tool_calls": [_tool_call(call) for call in message.tool_calls],
        }
    return {"role": message.role.value, "content": _sendable(message.content)}


def messages_to_wire(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """All messages of a request; an assistant message that says nothing is left out, endpoints refuse it."""
    return [
        to_wire(message)
        for message in messages
        if message.role is not Role.ASSISTANT or message.content or message.tool_calls
    ]


def tools_to_wire(tools: Sequence[ToolSpec]) -> list[dict[str, Any]]:
    """The tools a model is told about."""
    return [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": dict(tool.parameters),
            },
        }
        for tool in tools
    ]


def request_fields(request: ChatRequest, *, model: str, max_tokens_field: str) -> dict[str, Any]:
    """Arguments of a streamed call; a setting that is `None` is not sent."""
    fields: dict[str, Any] = {
        "model": model,
        "messages": messages_to_wire(request.messages),
        "stream": True,
    }
    optional = {
        "temperature": request.temperature,
        "top_p": request.top_p,
        max_tokens_field: request.max_tokens,
        "tools": tools_to_wire(request.tools) or None,
    }
    fields.update({name: value for name, value in optional.items() if value is not None})
    return fields


def _tool_call(call: ToolCall) -> dict[str, Any]:
    return {
        "id": call.id,
        "type": "function",
        "function": {"name": call.name, "arguments": _sendable(call.arguments) or "{}"},
    }


def _sendable(text: str) -> str:
    """`text` as UTF-8 can carry it: a lone surrogate, which no endpoint could read, becomes `?`."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text
