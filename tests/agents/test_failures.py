from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

import pytest

from robota_tui.agents.errors import ConfigurationError, ProviderError
from robota_tui.agents.messages import MessageState
from robota_tui.agents.provider import (
    ChatRequest,
    Finished,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
)
from robota_tui.agents.robota import Robota
from robota_tui.agents.tools import Tool
from tests.support import ScriptedProvider, agent, until


async def test_a_failed_reply_keeps_its_text_and_says_why(robota: Robota, provider: ScriptedProvider) -> None:
    error = ProviderError("The key is wrong", kind="authentication", hint="Set LAB_KEY.")
    provider.then("half", error)
    with pytest.raises(ProviderError, match="The key is wrong") as caught:
        await robota.run("q")
    assert caught.value is error
    reply = robota.history[-1]
    assert (reply.content, reply.state) == ("half", MessageState.FAILED)
    assert (reply.metadata["error"], reply.metadata["hint"]) == ("The key is wrong", "Set LAB_KEY.")
    assert robota.live is None
    assert provider.streams_open == 0


async def test_d15_a_foreign_error_becomes_ours_with_the_cause_kept(
    robota: Robota, provider: ScriptedProvider
) -> None:
    cause = KeyError("choices")
    provider.then(cause)
    with pytest.raises(ProviderError) as caught:
        await robota.run("q")
    assert str(caught.value) == str(cause) == robota.history[-1].metadata["error"]
    assert caught.value.__cause__ is cause
    assert caught.value.kind == "protocol"
    assert "'scripted'" in caught.value.hint
    assert "KeyError" in caught.value.hint


async def test_d15_a_foreign_error_without_a_text_is_told_by_its_type(
    robota: Robota, provider: ScriptedProvider
) -> None:
    provider.then(TimeoutError())
    with pytest.raises(ProviderError, match=r"^TimeoutError$"):
        await robota.run("q")


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ("bare text", "Provider 'odd' yielded a str, not a StreamEvent"),
        (None, "Provider 'odd' yielded a NoneType, not a StreamEvent"),
        (TextDelta(b"raw"), "Provider 'odd' yielded a TextDelta whose text is a bytes"),  # type: ignore[arg-type]
        (ReasoningDelta(None), "Provider 'odd' yielded a ReasoningDelta whose text is a NoneType"),  # type: ignore[arg-type]
    ],
)
async def test_a_provider_that_yields_something_else_fails_the_reply_and_not_the_chat(
    given: Any, complaint: str
) -> None:
    class Odd(ScriptedProvider):
        async def stream(self, request: ChatRequest) -> AsyncIterator[StreamEvent]:
            yield TextDelta("half")
            if len(self.requests) == 0:
                self.requests.append(request)
                yield given
            yield Finished("stop")

    robota = Robota(agent("odd"), {"odd": Odd("odd")})
    with pytest.raises(ProviderError) as caught:
        await robota.run("q")
    assert (str(caught.value), caught.value.kind) == (complaint, "protocol")
    reply = robota.history[-1]
    assert (reply.content, reply.state, reply.metadata["error"]) == ("half", MessageState.FAILED, complaint)
    assert (robota.live, robota.is_running) == (None, False)
    assert await robota.run("again") == "half"


async def test_tool_calls_that_cannot_be_put_together_fail_the_reply_and_not_the_chat(
    make: Callable[..., Robota], provider: ScriptedProvider
) -> None:
    robota = make(tools=[Tool("look", "Looks.", {}, str)])
    provider.then(ToolCallDelta(0, "c", "look", {"a": 1})).then("fine")  # type: ignore[arg-type]
    with pytest.raises(ProviderError):
        await robota.run("q")
    assert robota.history[-1].state is MessageState.FAILED
    assert (robota.live, robota.is_running) == (None, False)
    assert await robota.run("again") == "fine"


async def test_an_error_that_cannot_even_be_told_ends_the_reply(
    robota: Robota, provider: ScriptedProvider
) -> None:
    class MuteError(Exception):
        def __str__(self) -> str:
            raise ValueError("no words")

    provider.then("half", MuteError()).then("fine")
    with pytest.raises(ValueError, match="no words"):
        await robota.run("q")
    assert robota.history[-1].state is MessageState.INTERRUPTED
    assert robota.live is None
    assert await robota.run("again") == "fine"


async def test_d15_the_cause_that_a_provider_chained_is_kept(
    robota: Robota, provider: ScriptedProvider
) -> None:
    error = ProviderError("No connection", kind="connection")
    error.__cause__ = OSError("refused")
    provider.then(error)
    with pytest.raises(ProviderError) as caught:
        await robota.run("q")
    assert isinstance(caught.value.__cause__, OSError)


async def test_a_stream_that_breaks_off_is_a_failure_with_the_text_kept(
    robota: Robota, provider: ScriptedProvider
) -> None:
    provider.then("half", finish=False)
    with pytest.raises(ProviderError, match="broke off") as caught:
        await robota.run("q")
    assert caught.value.kind == "truncated"
    reply = robota.history[-1]
    assert (reply.content, reply.state) == ("half", MessageState.FAILED)
    assert reply.metadata["error"] == str(caught.value)
    assert reply.metadata["hint"]


async def test_d5_after_a_failure_the_provider_never_sees_two_questions_in_a_row(
    robota: Robota, provider: ScriptedProvider
) -> None:
    provider.then(ProviderError("down", kind="server")).then("fine")
    with pytest.raises(ProviderError):
        await robota.run("q1")
    await robota.run("q2")
    assert provider.sent() == [("user", "q1\n\nq2")]
    assert [m.content for m in robota.history] == ["q1", "", "q2", "fine"]


async def test_d5_repeating_a_failed_question_sends_it_once(
    robota: Robota, provider: ScriptedProvider
) -> None:
    provider.then(ProviderError("down", kind="server")).then("fine")
    with pytest.raises(ProviderError):
        await robota.run("q")
    await robota.run("q")
    assert provider.sent() == [("user", "q")]


async def test_an_unknown_provider_fails_the_reply_and_lists_the_known_ones(
    provider: ScriptedProvider,
) -> None:
    robota = Robota(agent(provider="nowhere"), {"scripted": provider})
    with pytest.raises(ConfigurationError, match="nowhere") as caught:
        _ = robota.provider
    assert "scripted" in caught.value.hint
    with pytest.raises(ConfigurationError, match="nowhere"):
        await robota.run("q")
    assert [(m.content, m.state) for m in robota.history] == [
        ("q", MessageState.COMPLETE),
        ("", MessageState.FAILED),
    ]


async def test_a_provider_that_appears_later_is_found() -> None:
    providers: dict[str, ScriptedProvider] = {}
    robota = Robota(agent(), providers)
    providers["scripted"] = ScriptedProvider()
    assert await robota.run("q") == "echo: q"
    assert robota.provider is providers["scripted"]


async def test_a_providers_own_object_goes_before_a_shared_one_of_that_name() -> None:
    own, shared = ScriptedProvider().then("own"), ScriptedProvider().then("shared")
    robota = Robota(agent(ai_providers=[own]), {"scripted": shared})
    assert await robota.run("q") == "own"


async def test_a_cancelled_run_keeps_the_text_so_far_and_closes_the_stream(
    robota: Robota, provider: ScriptedProvider
) -> None:
    provider.then("half", asyncio.Event(), "never").then("fine")
    task = asyncio.create_task(robota.run("q"))
    await until(lambda: robota.live is not None and len(robota.live) == 4)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    reply = robota.history[-1]
    assert (reply.content, reply.state) == ("half", MessageState.INTERRUPTED)
    assert provider.streams_open == 0
    assert "error" not in reply.metadata
    assert robota.live is None
    assert await robota.run("again") == "fine"
    assert provider.sent() == [("user", "q"), ("assistant", "half"), ("user", "again")]


async def test_a_run_cancelled_before_its_first_word_is_interrupted(
    robota: Robota, provider: ScriptedProvider
) -> None:
    provider.then(asyncio.Event())
    task = asyncio.create_task(robota.run("q"))
    await until(lambda: provider.streams_open == 1)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert (robota.history[-1].content, robota.history[-1].state) == ("", MessageState.INTERRUPTED)


async def test_closing_the_stream_early_interrupts_the_reply(
    robota: Robota, provider: ScriptedProvider
) -> None:
    provider.then("one", "two", "three").then("fine")
    async with aclosing(robota.run_stream("q")) as events:
        async for event in events:
            if event == TextDelta("two"):
                break
    reply = robota.history[-1]
    assert (reply.content, reply.state) == ("onetwo", MessageState.INTERRUPTED)
    assert provider.streams_open == 0
    assert await robota.run("again") == "fine"


async def test_a_stream_that_is_merely_dropped_is_closed_as_well(
    robota: Robota, provider: ScriptedProvider
) -> None:
    provider.then("one", "two").then("fine")
    async for _ in robota.run_stream("q"):
        break
    gc.collect()
    assert await robota.run("again") == "fine"
    assert robota.history[1].state is MessageState.INTERRUPTED


async def test_leaving_at_the_end_of_the_stream_leaves_a_complete_reply(
    robota: Robota, provider: ScriptedProvider
) -> None:
    provider.then("all")
    stream = robota.run_stream("q")
    async for event in stream:
        if isinstance(event, Finished):
            break
    assert robota.history[-1].state is MessageState.COMPLETE
    assert await robota.run("again") == "echo: again"
    await stream.aclose()


async def test_a_provider_that_fails_while_it_is_closed_does_not_hide_the_reply(robota: Robota) -> None:
    class Clumsy(ScriptedProvider):
        async def stream(self, request):  # type: ignore[no-untyped-def]
            try:
                yield TextDelta("half")
                yield TextDelta("never")
            finally:
                raise OSError("while closing")

    robota = Robota(agent(), {"scripted": Clumsy()})
    stream = robota.run_stream("q")
    await anext(stream)
    await stream.aclose()
    assert (robota.history[-1].content, robota.history[-1].state) == ("half", MessageState.INTERRUPTED)
