from __future__ import annotations

import asyncio
import gc
from contextlib import aclosing

import pytest

from robota_tui.agents.errors import ConfigurationError, ProviderError, RobotaError
from robota_tui.agents.messages import MessageState
from robota_tui.agents.provider import Finished, TextDelta
from robota_tui.agents.robota import Robota
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
    with pytest.raises(RobotaError, match=r"scripted.*KeyError.*choices") as caught:
        await robota.run("q")
    assert caught.value.__cause__ is cause
    assert isinstance(caught.value, ProviderError)
    assert caught.value.kind == "protocol"


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
