from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import pytest

from robota_tui.agents.errors import ConfigurationError, ProviderError, RobotaError, RunVetoedError
from robota_tui.agents.messages import Message, MessageState
from robota_tui.agents.plugin_host import PluginHost
from robota_tui.agents.plugins import Plugin, RunContext
from robota_tui.agents.provider import ChatRequest, Finished, StreamEvent, TextDelta, ToolCallDelta
from robota_tui.agents.robota import Robota
from robota_tui.agents.tools import Tool
from tests.support import ScriptedProvider, until

Make = Callable[..., Robota]


class Recorder(Plugin):
    """Notes every hook it is called for."""

    def __init__(self, name: str = "recorder", priority: int = 500, log: list[str] | None = None) -> None:
        self.name = name
        self.priority = priority
        self.log: list[str] = [] if log is None else log
        self.contexts: list[RunContext] = []
        self.closed = 0

    def _note(self, context: RunContext, what: str) -> None:
        self.contexts.append(context)
        self.log.append(f"{self.name}: {what}")

    async def before_run(self, context: RunContext, user_input: str) -> None:
        self._note(context, f"before_run {user_input}")

    async def after_run(self, context: RunContext, reply: Message) -> None:
        self._note(context, f"after_run {reply.content} {reply.state.value}")

    async def before_provider_call(self, context: RunContext, request: ChatRequest) -> None:
        self._note(context, f"before_provider_call {len(request.messages)}")

    async def after_provider_call(self, context: RunContext, reply: Message) -> None:
        self._note(context, f"after_provider_call {reply.content}")

    def on_message(self, context: RunContext, message: Message) -> None:
        self._note(context, f"on_message {message.role.value} {message.content} {message.state.value}")

    def on_stream_chunk(self, context: RunContext, event: StreamEvent) -> None:
        self._note(context, f"on_stream_chunk {type(event).__name__}")

    def on_error(self, context: RunContext, error: BaseException) -> None:
        self._note(context, f"on_error {error}")

    async def aclose(self) -> None:
        self.closed += 1


async def test_d28_every_hook_is_called_in_its_place(make: Make, provider: ScriptedProvider) -> None:
    plugin = Recorder("p")
    robota = make(plugins=[plugin])
    provider.then("a")
    await robota.run("q")
    assert plugin.log == [
        "p: before_run q",
        "p: on_message user q complete",
        "p: before_provider_call 1",
        "p: on_stream_chunk TextDelta",
        "p: on_stream_chunk Finished",
        "p: on_message assistant a complete",
        "p: after_provider_call a",
        "p: after_run a complete",
    ]
    assert {context.agent_name for context in plugin.contexts} == {"Agent"}
    assert {context.conversation_id for context in plugin.contexts} == {robota.conversation_id}
    assert len({context.run_id for context in plugin.contexts}) == 1


async def test_d23_provider_hooks_are_called_in_every_round_of_a_streamed_turn(
    make: Make, provider: ScriptedProvider
) -> None:
    plugin = Recorder()
    robota = make(plugins=[plugin], tools=[Tool("look", "Looks.", {}, lambda arguments: "seen")])
    provider.then(ToolCallDelta(0, "c", "look", "{}")).then("a")
    events = [event async for event in robota.run_stream("q")]
    assert events[-1] == Finished("stop")
    names = [entry.split()[1] for entry in plugin.log]
    assert names.count("before_provider_call") == names.count("after_provider_call") == 2
    assert "recorder: on_message tool seen complete" in plugin.log
    assert names.count("after_run") == 1


async def test_higher_priority_goes_first_and_ties_keep_their_order(make: Make) -> None:
    log: list[str] = []
    plugins = [
        Recorder("low", 1, log),
        Recorder("a", 500, log),
        Recorder("high", 900, log),
        Recorder("b", 500, log),
    ]
    robota = make(plugins=plugins)
    await robota.run("q")
    assert [entry.split(":")[0] for entry in log if "before_run" in entry] == ["high", "a", "b", "low"]
    assert [plugin.name for plugin in robota.plugins] == ["high", "a", "b", "low"]


async def test_d28_a_disabled_plugin_is_not_called_and_may_be_enabled_at_any_time(make: Make) -> None:
    plugin = Recorder()
    plugin.enabled = False
    robota = make(plugins=[plugin])
    await robota.run("q")
    assert plugin.log == []
    plugin.enabled = True
    await robota.run("q")
    assert plugin.log


class Refusal(Plugin):
    name = "budget"

    async def before_run(self, context: RunContext, user_input: str) -> None:
        raise RobotaError("no money left", hint="Earn some.")


async def test_d28_a_plugin_can_refuse_a_run_before_anything_is_stored_or_sent(
    make: Make, provider: ScriptedProvider
) -> None:
    after = Recorder(priority=1)
    robota = make(plugins=[Refusal(), after])
    with pytest.raises(RunVetoedError, match=r"budget.*no money left") as caught:
        await robota.run("q")
    assert isinstance(caught.value.__cause__, RobotaError)
    assert caught.value.hint == "Earn some."
    assert len(robota.history) == 0
    assert provider.requests == []
    assert after.log == []


async def test_a_plugin_that_fails_elsewhere_is_logged_and_harms_nobody(
    make: Make, provider: ScriptedProvider, caplog: pytest.LogCaptureFixture
) -> None:
    class Clumsy(Recorder):
        def _note(self, context: RunContext, what: str) -> None:
            if not what.startswith("before_run"):
                raise ValueError(f"oops in {what.split(maxsplit=1)[0]}")

    other = Recorder(priority=1)
    robota = make(plugins=[Clumsy("clumsy"), other])
    provider.then("a").then(ProviderError("down", kind="server"))
    with caplog.at_level(logging.ERROR):
        assert await robota.run("q") == "a"
        with pytest.raises(ProviderError, match="down"):
            await robota.run("q")
    assert "recorder: after_run a complete" in other.log
    assert "recorder: on_error down" in other.log
    for hook in ("on_message", "before_provider_call", "on_stream_chunk", "after_run", "on_error"):
        assert f"The plugin 'clumsy' failed in its hook {hook}" in caplog.text


async def test_d23_a_failed_run_is_an_error_and_not_a_completion(
    make: Make, provider: ScriptedProvider
) -> None:
    plugin = Recorder()
    robota = make(plugins=[plugin])
    provider.then("half", ProviderError("down", kind="server"))
    with pytest.raises(ProviderError):
        await robota.run("q")
    assert plugin.log[-2:] == ["recorder: on_message assistant half failed", "recorder: on_error down"]
    assert not any("after_run" in entry or "after_provider_call" in entry for entry in plugin.log)


async def test_after_run_is_told_of_an_interrupted_answer(make: Make, provider: ScriptedProvider) -> None:
    plugin = Recorder()
    robota = make(plugins=[plugin])
    provider.then("half", asyncio.Event())
    task = asyncio.create_task(robota.run("q"))
    await until(lambda: robota.live is not None and len(robota.live) == 4)
    task.cancel()
    await asyncio.wait([task])
    assert robota.history[-1].state is MessageState.INTERRUPTED
    assert plugin.log[-1] == "recorder: after_run half interrupted"
    assert not any("on_error" in entry for entry in plugin.log)


def test_only_plugins_that_listen_to_chunks_are_called_for_them() -> None:
    assert not PluginHost([Plugin(), Refusal()]).wants_chunks
    host = PluginHost([Plugin(), plugin := Recorder()])
    assert host.wants_chunks
    host.on_stream_chunk(RunContext("a", "c", "r"), TextDelta("x"))
    assert len(plugin.log) == 1
    plugin.enabled = False
    host.on_stream_chunk(RunContext("a", "c", "r"), TextDelta("x"))
    assert len(plugin.log) == 1
    host.remove(plugin)
    assert not host.wants_chunks


async def test_plugins_can_be_added_found_and_removed(make: Make) -> None:
    robota, plugin = make(), Recorder("p")
    robota.add_plugin(plugin)
    assert robota.get_plugin("p") is plugin
    assert robota.get_plugin("q") is None
    with pytest.raises(ConfigurationError, match="'p'"):
        robota.add_plugin(plugin)
    await robota.run("one")
    assert robota.remove_plugin("p")
    assert not robota.remove_plugin("p")
    plugin.log.clear()
    await robota.run("two")
    assert plugin.log == []


async def test_each_plugin_is_closed_once_with_the_agent_removed_ones_too(make: Make) -> None:
    kept, removed, off = Recorder("kept"), Recorder("removed"), Recorder("off")
    off.enabled = False
    robota = make(plugins=[kept, removed, off])
    robota.remove_plugin("removed")
    robota.add_plugin(removed)
    await robota.aclose()
    await robota.aclose()
    assert (kept.closed, removed.closed, off.closed) == (1, 1, 1)
