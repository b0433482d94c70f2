from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from robota_tui.agents.config import AgentConfig
from robota_tui.agents.errors import ConfigurationError
from robota_tui.agents.messages import Message, MessageState, Role, ToolCall, Usage
from robota_tui.agents.observer import SilentObserver
from robota_tui.agents.provider import Finished, TextDelta, ToolCallDelta
from robota_tui.agents.robota import Robota
from robota_tui.agents.toolcalls import ToolCallAssembler, carry_out
from robota_tui.agents.tools import Tool
from robota_tui.agents.wire import MISSING_TOOL_RESULT
from tests.support import ScriptedProvider, until

Make = Callable[..., Robota]
Handler = Callable[[dict[str, Any]], object]


def tool(name: str, handler: Handler, timeout: float = 60.0) -> Tool:
    return Tool(name, f"Does {name}.", {"type": "object"}, handler, timeout)


def call(name: str, arguments: str = "{}", index: int = 0, call_id: str = "c1") -> ToolCallDelta:
    return ToolCallDelta(index, call_id, name, arguments)


def results(robota: Robota) -> list[str]:
    return [message.content for message in robota.history if message.role is Role.TOOL]


async def test_d23_a_tools_result_goes_back_to_the_model_while_streaming(
    make: Make, provider: ScriptedProvider
) -> None:
    robota = make(tools=[tool("add", lambda a: a["x"] + a["y"])])
    pieces = [
        ToolCallDelta(0, "c1", "add"),
        ToolCallDelta(0, arguments='{"x": 1,'),
        ToolCallDelta(0, arguments=' "y": 2}'),
    ]
    provider.then("Let me see. ", *pieces, Usage(10, 1)).then("It is 3.", Usage(20, 2))
    events = [event async for event in robota.run_stream("1+2?")]

    assert events[-1] == Finished("stop")
    assert sum(isinstance(event, Finished) for event in events) == 1
    assert provider.sent() == [
        ("user", "1+2?"),
        ("assistant", "Let me see. "),
        ("tool", "3"),
    ]
    assert [spec.name for spec in provider.requests[0].tools] == ["add"]
    asked, told, answered = list(robota.history)[1:]
    assert asked.tool_calls == (ToolCall("c1", "add", '{"x": 1, "y": 2}'),)
    assert (told.tool_call_id, told.metadata["tool"], told.metadata["success"]) == ("c1", "add", True)
    assert (asked.usage, answered.usage) == (Usage(10, 1), Usage(20, 2))
    assert answered.metadata["turn_usage"] == Usage(30, 3)


async def test_the_usage_of_a_turn_is_summed_over_all_its_rounds(
    make: Make, provider: ScriptedProvider
) -> None:
    robota = make(tools=[tool("look", lambda a: "seen")])
    for number in range(3):
        provider.then(call("look", call_id=f"c{number}"), Usage(10, 1))
    provider.then("ok", Usage(20, 2, 5, 1))
    await robota.run("q")
    assert robota.history[-1].usage == Usage(20, 2, 5, 1)
    assert robota.history[-1].metadata["turn_usage"] == Usage(50, 5, 5, 1)


async def test_a_history_cleared_while_the_model_calls_a_tool_ends_the_turn(
    make: Make, provider: ScriptedProvider
) -> None:
    gate = asyncio.Event()
    robota = make(tools=[tool("look", lambda a: "seen")])
    provider.then("Let me see.", gate, call("look"))
    task = asyncio.create_task(robota.run("q"))
    await until(lambda: robota.live is not None and len(robota.live) == 11)
    robota.clear_history()
    gate.set()
    await task
    assert len(robota.history) == 0
    assert len(provider.requests) == 1


@pytest.mark.parametrize("forget", ["clear", "delete"])
async def test_a_reply_that_is_deleted_while_its_tools_run_ends_the_turn_quietly(
    make: Make, provider: ScriptedProvider, forget: str
) -> None:
    def look(arguments: dict[str, Any]) -> str:
        if forget == "clear":
            robota.clear_history()
        else:
            robota.history.remove(robota.history[-1].id)
        return "seen"

    robota = make(tools=[tool("look", look)])
    provider.then("Let me see.", call("look")).then("fine")
    events = [event async for event in robota.run_stream("q")]
    assert isinstance(events[-1], Finished)
    assert [m.content for m in robota.history] == ([] if forget == "clear" else ["q"])
    assert len(provider.requests) == 1
    assert await robota.run("again") == "fine"


async def test_a_reply_that_was_deleted_is_not_told_of_when_its_tools_are_stopped(
    make: Make, provider: ScriptedProvider
) -> None:
    class Diary(SilentObserver):
        def message_changed(self, message: Message) -> None:
            told.append(message.state)

    async def forever(arguments: dict[str, Any]) -> None:
        await asyncio.Event().wait()

    told: list[MessageState] = []
    robota = make(tools=[tool("forever", forever)])
    robota.observer = Diary()
    provider.then(call("forever"))
    task = asyncio.create_task(robota.run("q"))
    await until(lambda: robota.live is None and len(robota.history) == 2)
    robota.clear_history()
    task.cancel()
    await asyncio.wait([task])
    assert told == [MessageState.COMPLETE]


async def test_run_returns_the_final_answer_of_a_tool_turn(make: Make, provider: ScriptedProvider) -> None:
    provider.then("Wait. ", call("look")).then("Done.")
    assert await make(tools=[tool("look", lambda a: None)]).run("q") == "Done."


async def test_several_calls_are_put_together_by_index_and_answered_in_their_order(
    make: Make, provider: ScriptedProvider
) -> None:
    gate = asyncio.Event()

    async def slow(arguments: dict[str, Any]) -> str:
        await gate.wait()
        return "slow"

    def quick(arguments: dict[str, Any]) -> dict[str, str]:
        loop.call_soon_threadsafe(gate.set)
        return {"quick": "ü"}

    loop = asyncio.get_running_loop()
    robota = make(tools=[tool("slow", slow), tool("quick", quick)])
    provider.then(call("slow", "", 0, "a"), call("quick", "{", 1, "b"), ToolCallDelta(1, arguments="}")).then(
        "ok"
    )
    await robota.run("q")
    assert results(robota) == ["slow", '{"quick": "ü"}']


async def test_a_plain_function_runs_beside_the_loop_and_its_awaitable_result_is_awaited(
    make: Make, provider: ScriptedProvider
) -> None:
    threads: list[int] = []

    async def finish() -> str:
        threads.append(threading.get_ident())
        return "awaited"

    def begin(arguments: dict[str, Any]) -> object:
        threads.append(threading.get_ident())
        return finish()

    robota = make(tools=[tool("work", begin)])
    provider.then(call("work")).then("ok")
    await robota.run("q")
    assert results(robota) == ["awaited"]
    assert threads[0] != threading.get_ident()
    assert threads[1] == threading.get_ident()


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("look", "{broken", "not valid JSON"),
        ("look", "[1]", "must be a JSON object"),
        ("fly", "{}", "no tool named 'fly'. Known tools: fail, look."),
        ("fail", "{}", "Error: no luck"),
    ],
)
async def test_d26_a_call_that_fails_is_explained_to_the_model_and_the_turn_goes_on(
    make: Make, provider: ScriptedProvider, name: str, arguments: str, told: str
) -> None:
    def fail(_: dict[str, Any]) -> None:
        raise ValueError("no luck")

    robota = make(tools=[tool("look", lambda a: "seen"), tool("fail", fail)])
    provider.then(call(name, arguments)).then("Sorry.")
    assert await robota.run("q") == "Sorry."
    assert results(robota)[0].startswith("Error: ")
    assert told in results(robota)[0]
    assert robota.history[2].metadata["success"] is False


async def test_d26_ids_that_a_provider_uses_again_are_accepted(
    make: Make, provider: ScriptedProvider
) -> None:
    seen: list[int] = []

    def look(arguments: dict[str, Any]) -> int:
        seen.append(arguments["n"])
        return seen[-1]

    robota = make(tools=[tool("look", look)])
    twice = [call("look", '{"n": 1}', 0, "call_0"), call("look", '{"n": 2}', 1, "call_0")]
    provider.then(*twice).then(call("look", '{"n": 3}', 0, "call_0")).then("ok")
    assert await robota.run("q") == "ok"
    assert sorted(seen) == [1, 2, 3]
    assert [text for role, text in provider.sent() if role == "tool"] == ["1", "2", "3"]
    sent = provider.requests[-1].messages
    for message in sent:
        ids = [c.id for c in message.tool_calls]
        assert len(set(ids)) == len(ids)


def test_calls_that_all_have_index_zero_are_told_apart_by_their_ids() -> None:
    assembler = ToolCallAssembler()
    for delta in (call("a", "{", call_id="1"), ToolCallDelta(0, arguments="}"), call("b", "{}", call_id="2")):
        assembler.add(delta)
    assert assembler.calls() == (ToolCall("1", "a", "{}"), ToolCall("2", "b", "{}"))


def test_a_call_without_an_id_gets_one() -> None:
    assembler = ToolCallAssembler()
    assembler.add(ToolCallDelta(0, name="a"))
    assert assembler.calls()[0].id


async def test_d25_after_ten_rounds_the_model_is_asked_once_more_without_tools(
    make: Make, provider: ScriptedProvider
) -> None:
    robota = make(tools=[tool("look", lambda a: "seen")])
    for number in range(10):
        provider.then(call("look", call_id=f"c{number}"))
    provider.then("Enough: ", call("look", call_id="again"), "done.")
    assert await robota.run("q") == "Enough: done."
    assert len(provider.requests) == 11
    assert [bool(request.tools) for request in provider.requests] == [True] * 10 + [False]
    assert robota.history[-1].tool_calls == ()
    assert len(results(robota)) == 10


async def test_d25_an_empty_answer_is_an_answer(robota: Robota, provider: ScriptedProvider) -> None:
    provider.then()
    assert await robota.run("q") == ""
    assert robota.history[-1].state is MessageState.COMPLETE


async def test_d27_at_most_five_tools_run_at_once(make: Make, provider: ScriptedProvider) -> None:
    running, most, gate = 0, 0, asyncio.Event()

    async def work(arguments: dict[str, Any]) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await gate.wait()
        running -= 1
        return int(arguments["n"])

    robota = make(tools=[tool("work", work)])
    provider.then(*[call("work", json.dumps({"n": n}), n, f"c{n}") for n in range(12)]).then("ok")
    task = asyncio.create_task(robota.run("q"))
    await until(lambda: running == 5)
    gate.set()
    await task
    assert most == 5
    assert results(robota) == [str(n) for n in range(12)]


async def test_d27_a_tool_that_takes_too_long_counts_as_failed() -> None:
    async def sleep(arguments: dict[str, Any]) -> None:
        await asyncio.Event().wait()

    [told] = await carry_out([ToolCall("c", "sleep", "{}")], {"sleep": tool("sleep", sleep, timeout=0)})
    assert told.content == "Error: the tool gave no result within 0 seconds."


async def test_a_timeout_of_the_tools_own_is_told_as_its_own() -> None:
    async def fetch(arguments: dict[str, Any]) -> None:
        raise TimeoutError("the server is asleep")

    [told] = await carry_out([ToolCall("c", "fetch", "{}")], {"fetch": tool("fetch", fetch)})
    assert told.content == "Error: the server is asleep"


async def test_a_tool_that_cancels_itself_does_not_cancel_the_turn() -> None:
    async def give_up(arguments: dict[str, Any]) -> None:
        raise asyncio.CancelledError

    [told] = await carry_out([ToolCall("c", "give_up", "{}")], {"give_up": tool("give_up", give_up)})
    assert told.content.startswith("Error: ")


async def test_d26_a_turn_stopped_while_its_tools_run_can_be_continued(
    make: Make, provider: ScriptedProvider
) -> None:
    stopped = False

    async def forever(arguments: dict[str, Any]) -> None:
        nonlocal stopped
        try:
            await asyncio.Event().wait()
        finally:
            stopped = True

    robota = make(tools=[tool("forever", forever)])
    provider.then("Working. ", call("forever")).then("fine")
    task = asyncio.create_task(robota.run("q"))
    await until(lambda: robota.live is None and len(robota.history) == 2)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert stopped
    assert robota.history[-1].state is MessageState.INTERRUPTED
    assert await robota.run("go on") == "fine"
    assert provider.sent() == [
        ("user", "q"),
        ("assistant", "Working. "),
        ("tool", MISSING_TOOL_RESULT),
        ("user", "go on"),
    ]


async def test_half_a_tool_call_of_a_failed_reply_is_not_kept(make: Make, provider: ScriptedProvider) -> None:
    robota = make(tools=[tool("look", lambda a: "seen")])
    provider.then("Let me ", ToolCallDelta(0, "c", "look", '{"a'), OSError("gone"))
    with pytest.raises(Exception, match="gone"):
        await robota.run("q")
    assert robota.history[-1].tool_calls == ()


async def test_tools_can_be_registered_and_taken_back(make: Make, provider: ScriptedProvider) -> None:
    robota = make(tools=[tool("a", lambda _: 1)])
    robota.register_tool(tool("b", lambda _: 2))
    assert [t.name for t in robota.tools] == ["a", "b"]
    with pytest.raises(ConfigurationError, match="'b'"):
        robota.register_tool(tool("b", lambda _: 3))
    assert robota.unregister_tool("a")
    assert not robota.unregister_tool("a")
    await robota.run("q")
    assert [spec.name for spec in provider.requests[0].tools] == ["b"]


async def test_a_turn_keeps_the_tools_it_began_with(make: Make, provider: ScriptedProvider) -> None:
    robota = make(tools=[tool("once", lambda _: robota.unregister_tool("once"))])
    provider.then(call("once")).then("ok")
    await robota.run("q")
    assert [len(request.tools) for request in provider.requests] == [1, 1]
    assert robota.tools == ()


def test_two_tools_of_one_name_are_refused(make: Make) -> None:
    with pytest.raises(ConfigurationError, match="look"):
        make(tools=[tool("look", str), tool("look", repr)])


def test_a_configuration_takes_tools_as_a_list(provider: ScriptedProvider) -> None:
    model = {"provider": "scripted", "model": "m"}
    config = AgentConfig.model_validate({"name": "A", "default_model": model, "tools": [tool("a", str)]})
    assert config.tools[0].name == "a"
    assert Message(Role.USER, "x").tool_calls == ()
    assert TextDelta("x").text == "x"
