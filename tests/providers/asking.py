"""How the provider tests ask, and what they look at."""

from __future__ import annotations

from typing import Any

import pytest

from robota_tui.agents.errors import ProviderError
from robota_tui.agents.messages import Message, Role
from robota_tui.agents.provider import ChatRequest, Provider, StreamEvent, TextDelta


def request(text: str = "Hello", model: str = "m", **settings: Any) -> ChatRequest:
    return ChatRequest([Message(Role.USER, text)], model, **settings)


async def ask(provider: Provider, question: ChatRequest | None = None) -> list[StreamEvent]:
    return [event async for event in provider.stream(question or request())]


def text_of(events: list[StreamEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


async def failure(provider: Provider, question: ChatRequest | None = None) -> ProviderError:
    """The error that asking ends in; every one is a full sentence with a hint."""
    with pytest.raises(ProviderError) as caught:
        await ask(provider, question)
    message = str(caught.value)
    assert message.endswith((".", "…"))
    assert "\n" not in message
    assert caught.value.hint
    return caught.value
