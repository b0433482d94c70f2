"""A provider with prepared answers, and an agent that it answers for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from robota_tui.agents.messages import Message, MessageState, Role, ToolCall
from robota_tui.agents.robota import Robota
from tests.support import ScriptedProvider, agent


@pytest.fixture
def provider() -> ScriptedProvider:
    return ScriptedProvider()


@pytest.fixture
def make(provider: ScriptedProvider) -> Callable[..., Robota]:
    """An agent of `provider`, with the given fields of its configuration."""

    def build(**fields: Any) -> Robota:
        return Robota(agent(**fields), {provider.name: provider})

    return build


@pytest.fixture
def robota(make: Callable[..., Robota]) -> Robota:
    return make()


def user(text: str) -> Message:
    return Message(Role.USER, text)


def answer(text: str, state: MessageState = MessageState.COMPLETE) -> Message:
    return Message(Role.ASSISTANT, text, state=state)


def asks(*ids: str) -> Message:
    return Message(Role.ASSISTANT, "", tool_calls=tuple(ToolCall(call_id, "look", "{}") for call_id in ids))


def result(call_id: str, text: str = "found") -> Message:
    return Message(Role.TOOL, text, tool_call_id=call_id)
