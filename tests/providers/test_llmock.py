from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from robota_tui.agents.messages import Message, Role, ToolCall, Usage
from robota_tui.agents.provider import ChatRequest, Finished, ToolCallDelta, ToolSpec
from robota_tui.providers.client import Patience
from robota_tui.providers.openai import OpenAIProvider
from tests.providers.asking import ask, failure, request, text_of

if TYPE_CHECKING:
    from llmock.pytest_plugin import LLMock


@pytest.fixture
async def provider(llmock: LLMock) -> AsyncIterator[OpenAIProvider]:
    """The way a user gets it: address and key from the environment."""
    provider = OpenAIProvider(preset="openai", patience=Patience(idle=0.3))
    yield provider
    await provider.aclose()


async def test_a_reply_streams_with_usage(llmock: LLMock, provider: OpenAIProvider) -> None:
    llmock.reply("A list holds items in order.")
    events = await ask(provider, request(model="gpt-4o-mini", temperature=0.1, max_tokens=50))
    assert text_of(events) == "A list holds items in order."
    assert events[-1] == Finished("stop")
    usage = events[-2]
    assert isinstance(usage, Usage)
    assert usage.prompt_tokens > 0
    assert usage.completion_tokens > 0
    sent = llmock.last_request.body
    assert (sent["temperature"], sent["max_completion_tokens"]) == (0.1, 50)
    llmock.assert_resilient()


async def test_a_tool_call_and_its_result_make_a_round(llmock: LLMock, provider: OpenAIProvider) -> None:
    llmock.call_tool("add", {"a": 1, "b": 2})
    tool = ToolSpec("add", "Adds two numbers.", {"type": "object", "properties": {"a": {"type": "number"}}})
    question = request("1 + 2?", model="gpt-4o-mini", tools=[tool])
    pieces = [event for event in await ask(provider, question) if isinstance(event, ToolCallDelta)]
    call = ToolCall(pieces[0].id, pieces[0].name, "".join(piece.arguments for piece in pieces))
    assert (call.name, call.arguments.replace(" ", "")) == ("add", '{"a":1,"b":2}')
    llmock.reply("It is 3.")
    answered = [
        *question.messages,
        Message(Role.ASSISTANT, "", tool_calls=(call,)),
        Message(Role.TOOL, "3", tool_call_id=call.id),
    ]
    assert text_of(await ask(provider, ChatRequest(answered, "gpt-4o-mini", tools=[tool]))) == "It is 3."


async def test_a_rate_limit_is_waited_out_as_long_as_asked(llmock: LLMock, provider: OpenAIProvider) -> None:
    llmock.rate_limit(times=2, retry_after=0.05)
    llmock.reply("there")
    assert text_of(await ask(provider)) == "there"
    llmock.assert_resilient()


async def test_an_outage_is_given_up_after_three_tries(llmock: LLMock, provider: OpenAIProvider) -> None:
    llmock.fail(503, times=None, retry_after=0.01)
    assert (await failure(provider)).kind == "server"
    assert len(llmock.requests) == 3


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, "authentication"), (403, "permission"), (404, "not_found"), (400, "bad_request")],
)
async def test_a_refusal_is_told_at_once(
    status: int, kind: str, llmock: LLMock, provider: OpenAIProvider
) -> None:
    llmock.fail(status, times=None)
    assert (await failure(provider)).kind == kind
    assert len(llmock.requests) == 1


async def test_a_prompt_that_is_too_long_is_recognised(llmock: LLMock, provider: OpenAIProvider) -> None:
    llmock.context_overflow()
    assert (await failure(provider)).kind == "context_overflow"


async def test_broken_streams_are_told_apart(llmock: LLMock, provider: OpenAIProvider) -> None:
    llmock.disconnect(after_chunks=2)
    assert (await failure(provider)).kind == "connection"
    llmock.truncate(after_chunks=2)
    assert (await failure(provider)).kind == "truncated"
    llmock.corrupt(after_chunks=2)
    assert (await failure(provider)).kind == "protocol"
    llmock.stall(after_chunks=2)
    assert (await failure(provider)).kind == "timeout"
    llmock.reply("well again")
    assert text_of(await ask(provider)) == "well again"


async def test_many_chats_stream_at_once(llmock: LLMock, provider: OpenAIProvider) -> None:
    llmock.pace(5)
    answers = await asyncio.gather(*(ask(provider, request(f"chat {n}")) for n in range(20)))
    assert all(isinstance(answer[-1], Finished) and text_of(answer) for answer in answers)


async def test_the_models_are_listed(llmock: LLMock, provider: OpenAIProvider) -> None:
    assert await provider.list_models()


def test_one_provider_serves_several_event_loops_in_turn(llmock: LLMock) -> None:
    provider = OpenAIProvider(preset="openai")
    llmock.reply("here", times=None)

    async def answer() -> str:
        return text_of(await ask(provider))

    assert asyncio.run(answer()) == "here"
    assert asyncio.run(answer()) == "here"
    asyncio.run(provider.aclose())
