from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from robota_tui.agents.errors import ProviderError, RobotaError, RunVetoedError
from robota_tui.agents.messages import Message, MessageState, Usage
from robota_tui.agents.plugins import Plugin, RunContext
from robota_tui.agents.provider import Finished, TextDelta, ToolCallDelta
from robota_tui.agents.robota import Robota
from robota_tui.agents.tools import Tool
from tests.support import ScriptedProvider, until

Make = Callable[..., Robota]


def alternatives(message: Message) -> list[str]:
    return [old.content for old in message.metadata.get("alternatives", ())]


async def test_d4_regenerating_replaces_the_answer_and_asks_the_question_once(
    robota: Robota, provider: ScriptedProvider
) -> None:
    provider.then("first").then("second").then("third")
    await robota.run("q")
    assert await robota.regenerate() == "second"
    assert await robota.regenerate() == "third"
    assert provider.sent() == [("user", "q")]
    assert [m.content for m in robota.history] == ["q", "third"]
    assert alternatives(robota.history[-1]) == ["first", "second"]
    assert all(alternatives(old) == [] for old in robota.history[-1].metadata["alternatives"])


async def test_regenerating_touches_only_the_last_answer(robota: Robota, provider: ScriptedProvider) -> None:
    provider.then("a1").then("a2").then("b2")
    await robota.run("q1")
    await robota.run("q2")
    events = [event async for event in robota.regenerate_stream()]
    assert events == [TextDelta("b2"), Finished("stop")]
    assert [m.content for m in robota.history] == ["q1", "a1", "q2", "b2"]
    assert provider.sent() == [("user", "q1"), ("assistant", "a1"), ("user", "q2")]


async def test_there_must_be_a_question_to_regenerate(robota: Robota) -> None:
    for attempt in (robota.regenerate(), anext(robota.run_stream(None))):
        with pytest.raises(RobotaError, match=r"^No user message found to regenerate response for$"):
            await attempt


async def test_a_failed_reply_without_text_is_no_alternative(
    robota: Robota, provider: ScriptedProvider
) -> None:
    provider.then(ProviderError("down", kind="server")).then("fine")
    with pytest.raises(ProviderError):
        await robota.run("q")
    assert await robota.regenerate() == "fine"
    assert alternatives(robota.history[-1]) == []
    assert provider.sent() == [("user", "q")]


async def test_the_old_answer_survives_a_regeneration_that_fails(
    robota: Robota, provider: ScriptedProvider
) -> None:
    provider.then("first").then(ProviderError("down", kind="server")).then("third")
    await robota.run("q")
    with pytest.raises(ProviderError):
        await robota.regenerate()
    failed = robota.history[-1]
    assert (failed.content, failed.state, alternatives(failed)) == ("", MessageState.FAILED, ["first"])
    await robota.regenerate()
    assert alternatives(robota.history[-1]) == ["first"]


async def test_the_old_answer_survives_a_regeneration_that_is_stopped(
    robota: Robota, provider: ScriptedProvider
) -> None:
    provider.then("first").then("half", asyncio.Event()).then("third")
    await robota.run("q")
    task = asyncio.create_task(robota.regenerate())
    await until(lambda: robota.live is not None and len(robota.live) == 4)
    task.cancel()
    await asyncio.wait([task])
    assert alternatives(robota.history[-1]) == ["first"]
    await robota.regenerate()
    assert alternatives(robota.history[-1]) == ["first", "half"]


async def test_a_veto_leaves_the_old_answer_where_it_is(robota: Robota, provider: ScriptedProvider) -> None:
    class Refusal(Plugin):
        async def before_run(self, context: RunContext, user_input: str) -> None:
            raise ValueError(f"not again: {user_input}")

    provider.then("first")
    await robota.run("q")
    robota.add_plugin(Refusal())
    with pytest.raises(RunVetoedError, match="not again: q"):
        await robota.regenerate()
    assert [m.content for m in robota.history] == ["q", "first"]


async def test_the_tool_rounds_of_an_answer_go_with_it(make: Make, provider: ScriptedProvider) -> None:
    call = ToolCallDelta(0, "c1", "look", "{}")
    provider.then(call).then("first").then(call).then("second")
    robota = make(tools=[Tool("look", "Looks.", {"type": "object"}, lambda arguments: "seen")])
    await robota.run("q")
    assert [m.role.value for m in robota.history] == ["user", "assistant", "tool", "assistant"]
    assert await robota.regenerate() == "second"
    assert [m.role.value for m in robota.history] == ["user", "assistant", "tool", "assistant"]
    assert alternatives(robota.history[-1]) == ["first"]
    assert alternatives(robota.history[1]) == []
    assert provider.sent(2) == [("user", "q")]


def spent(robota: Robota) -> Usage:
    """The tokens of a chat, counted as `Message` says."""
    total = Usage(0, 0)
    for message in robota.history:
        for answer in (message, *message.metadata.get("alternatives", ())):
            total += answer.usage or Usage(0, 0)
        total += message.metadata.get("discarded_usage", Usage(0, 0))
    return total


async def test_no_tokens_of_a_turn_are_lost_when_it_is_regenerated(
    make: Make, provider: ScriptedProvider
) -> None:
    call = ToolCallDelta(0, "c1", "look", "{}")
    robota = make(tools=[Tool("look", "Looks.", {"type": "object"}, lambda arguments: "seen")])
    provider.then(call, Usage(10, 1)).then("first", Usage(20, 2))
    provider.then(call, Usage(100, 10)).then("second", Usage(200, 20))
    provider.then(Usage(1000, 100)).then("fourth", Usage(2000, 200))
    await robota.run("q")
    assert "discarded_usage" not in robota.history[-1].metadata
    await robota.regenerate()
    assert robota.history[-1].metadata["discarded_usage"] == Usage(10, 1)
    assert spent(robota) == Usage(330, 33)
    assert await robota.regenerate() == ""
    assert spent(robota) == Usage(1330, 133)
    await robota.regenerate()
    assert robota.history[-1].metadata["discarded_usage"] == Usage(1110, 111)
    assert alternatives(robota.history[-1]) == ["first", "second"]
    assert spent(robota) == Usage(3330, 333)


async def test_the_model_is_told_the_old_answer_after_a_regeneration_that_fails(
    robota: Robota, provider: ScriptedProvider
) -> None:
    provider.then("good").then(ProviderError("down", kind="server")).then("fine")
    await robota.run("q")
    with pytest.raises(ProviderError):
        await robota.regenerate()
    await robota.run("r")
    assert provider.sent() == [("user", "q"), ("assistant", "good"), ("user", "r")]


async def test_regenerating_does_not_copy_the_earlier_answers_again(robota: Robota) -> None:
    class Counted:
        copies = 0

        def __deepcopy__(self, memo: object) -> Counted:
            Counted.copies += 1
            return self

    await robota.run("q")
    robota.history[-1].metadata["mark"] = Counted()
    for _ in range(3):
        await robota.regenerate()
    assert len(alternatives(robota.history[-1])) == 3
    assert Counted.copies == 0


async def test_a_question_that_a_plugin_deletes_is_not_regenerated(
    robota: Robota, provider: ScriptedProvider
) -> None:
    class Eraser(Plugin):
        async def before_run(self, context: RunContext, user_input: str) -> None:
            robota.clear_history()

    await robota.run("q")
    robota.add_plugin(Eraser())
    with pytest.raises(RobotaError, match="No user message found"):
        await robota.regenerate()
    assert len(provider.requests) == 1
