from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

import pytest

from robota_tui.agents.config import AgentConfig, ModelConfig
from robota_tui.agents.errors import ConfigurationError, StateError
from robota_tui.agents.history import ConversationHistory
from robota_tui.agents.messages import Message, MessageState, Role, Usage
from robota_tui.agents.observer import SilentObserver
from robota_tui.agents.provider import ChatRequest, Finished, ReasoningDelta, StreamEvent, TextDelta
from robota_tui.agents.robota import Robota
from tests.agents.conftest import user
from tests.support import ScriptedProvider, agent, until

Make = Callable[..., Robota]


async def test_run_returns_the_whole_answer_and_remembers_the_exchange(
    robota: Robota, provider: ScriptedProvider
) -> None:
    provider.then("Hel", "", "lo")
    assert await robota.run("Hi") == "Hello"
    assert [(m.role, m.content) for m in robota.history] == [(Role.USER, "Hi"), (Role.ASSISTANT, "Hello")]
    assert robota.history[-1].state is MessageState.COMPLETE
    assert robota.live is None


async def test_d23_run_and_run_stream_send_the_same_request_and_give_the_same_answer_d24(make: Make) -> None:
    settings = ModelConfig(
        provider="scripted", model="model-1", temperature=0.1, max_tokens=5, top_p=0.5, system_message="S"
    )
    requests: list[ChatRequest] = []
    texts: list[str] = []
    for streaming in (False, True):
        provider = ScriptedProvider().then("a", "b")
        robota = Robota(AgentConfig(name="A", default_model=settings, ai_providers=(provider,)))
        if streaming:
            events = [event async for event in robota.run_stream("q")]
            assert events == [TextDelta("a"), TextDelta("b"), Finished("stop")]
            texts.append("".join(event.text for event in events if isinstance(event, TextDelta)))
        else:
            texts.append(await robota.run("q"))
        requests.append(provider.requests[0])
    assert texts == ["ab", "ab"]
    for request in requests:
        assert (request.model, request.temperature, request.max_tokens, request.top_p) == (
            "model-1",
            0.1,
            5,
            0.5,
        )
        assert [(m.role, m.content) for m in request.messages] == [(Role.SYSTEM, "S"), (Role.USER, "q")]


async def test_d20_the_system_message_of_the_model_reaches_the_provider(provider: ScriptedProvider) -> None:
    model = ModelConfig(provider="scripted", model="m", system_message="You are an expert programmer.")
    await Robota(AgentConfig(name="A", default_model=model, ai_providers=(provider,))).run("q")
    assert provider.sent()[0] == ("system", "You are an expert programmer.")


async def test_d20_the_system_message_of_the_agent_goes_before_that_of_the_model(
    provider: ScriptedProvider,
) -> None:
    model = ModelConfig(provider="scripted", model="m", system_message="of the model")
    config = AgentConfig(
        name="A", default_model=model, ai_providers=(provider,), system_message="of the agent"
    )
    await Robota(config).run("q")
    assert provider.sent() == [("system", "of the agent"), ("user", "q")]


async def test_d21_the_system_message_stands_once_and_first_in_every_run(
    make: Make, provider: ScriptedProvider
) -> None:
    robota = make(system_message="S")
    for question in ("u1", "u2", "u3"):
        provider.then(f"a to {question}")
        await robota.run(question)
    assert provider.sent() == [
        ("system", "S"),
        ("user", "u1"),
        ("assistant", "a to u1"),
        ("user", "u2"),
        ("assistant", "a to u2"),
        ("user", "u3"),
    ]
    assert all(message.role is not Role.SYSTEM for message in robota.history)


async def test_d22_max_messages_limits_what_is_sent_and_not_what_is_kept(
    make: Make, provider: ScriptedProvider
) -> None:
    robota = make(system_message="S", max_messages=3)
    for question in ("u1", "u2", "u3"):
        await robota.run(question)
    assert provider.sent() == [("system", "S"), ("user", "u3")]
    assert len(robota.history) == 6


async def test_usage_reasoning_and_times_are_kept_with_the_answer(
    robota: Robota, provider: ScriptedProvider
) -> None:
    provider.then(ReasoningDelta("thin"), ReasoningDelta("king"), "yes", Usage(9, 1), Usage(9, 2))
    assert await robota.run("q") == "yes"
    reply = robota.history[-1]
    assert (reply.model, reply.usage) == ("model-1", Usage(9, 2))
    assert reply.metadata["reasoning"] == "thinking"
    assert (reply.metadata["provider"], reply.metadata["finish_reason"]) == ("scripted", "stop")
    assert 0 <= reply.metadata["first_token"] <= reply.metadata["duration"]


async def test_usage_that_comes_after_the_end_is_kept_too(robota: Robota, provider: ScriptedProvider) -> None:
    provider.then("a", Finished("length"), Usage(3, 4), finish=False)
    events = [event async for event in robota.run_stream("q")]
    assert events == [TextDelta("a"), Usage(3, 4), Finished("length")]
    assert robota.history[-1].usage == Usage(3, 4)


async def test_the_growing_reply_can_be_read_while_it_streams(
    robota: Robota, provider: ScriptedProvider
) -> None:
    gate = asyncio.Event()
    provider.then("Hel", gate, "lo")
    task = asyncio.create_task(robota.run("q"))
    await until(lambda: robota.live is not None and len(robota.live) == 3)
    live = robota.live
    assert live is not None
    assert live.message is robota.history[-1]
    assert (live.message.state, live.text, robota.is_running) == (MessageState.STREAMING, "Hel", True)
    gate.set()
    await task
    assert (robota.live, robota.is_running) == (None, False)
    assert live.message.content == "Hello"


class Diary(SilentObserver):
    """Notes what it is told."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, str, str]] = []

    def _note(self, what: str, message: Message) -> None:
        self.entries.append((what, message.role.value, message.state.value))

    def message_added(self, message: Message) -> None:
        self._note("added", message)

    def message_streamed(self, message: Message) -> None:
        self._note("streamed", message)

    def message_changed(self, message: Message) -> None:
        self._note("changed", message)

    def message_removed(self, message: Message) -> None:
        self._note("removed", message)


async def test_an_observer_hears_of_every_step(robota: Robota, provider: ScriptedProvider) -> None:
    diary = Diary()
    robota.observer = diary
    provider.then(ReasoningDelta("r"), "a")
    await robota.run("q")
    assert diary.entries == [
        ("added", "user", "complete"),
        ("added", "assistant", "streaming"),
        ("streamed", "assistant", "streaming"),
        ("streamed", "assistant", "streaming"),
        ("changed", "assistant", "complete"),
    ]


async def test_d14_overlapping_runs_are_answered_one_after_the_other_in_order(
    robota: Robota, provider: ScriptedProvider
) -> None:
    gate = asyncio.Event()
    provider.then("1", gate).then("2").then("3")
    tasks = [asyncio.create_task(robota.run(text)) for text in ("A", "B", "C")]
    await until(lambda: robota.live is not None and len(robota.live) == 1)
    assert len(provider.requests) == 1
    gate.set()
    assert await asyncio.gather(*tasks) == ["1", "2", "3"]
    assert [m.content for m in robota.history] == ["A", "1", "B", "2", "C", "3"]
    assert provider.sent() == [
        ("user", "A"),
        ("assistant", "1"),
        ("user", "B"),
        ("assistant", "2"),
        ("user", "C"),
    ]


async def test_d14_a_run_that_is_cancelled_while_it_waits_leaves_no_trace(
    robota: Robota, provider: ScriptedProvider
) -> None:
    gate = asyncio.Event()
    provider.then("1", gate)
    first, second = (asyncio.create_task(robota.run(text)) for text in ("A", "B"))
    await until(lambda: robota.live is not None and len(robota.live) == 1)
    second.cancel()
    await asyncio.wait([second])
    gate.set()
    assert await first == "1"
    assert [m.content for m in robota.history] == ["A", "1"]


async def test_the_history_is_answered_as_it_stands(provider: ScriptedProvider) -> None:
    history = ConversationHistory(messages=[user("q")])
    robota = Robota(agent(), {"scripted": provider}, history=history)
    events = [event async for event in robota.run_stream(None)]
    assert events == [TextDelta("echo: q"), Finished("stop")]
    assert [m.content for m in history] == ["q", "echo: q"]


@pytest.mark.parametrize("text", ["", "  \n"])
async def test_a_blank_message_is_refused_and_not_stored(robota: Robota, text: str) -> None:
    with pytest.raises(ConfigurationError, match="empty"):
        await robota.run(text)
    assert len(robota.history) == 0


async def test_a_provider_whose_stream_is_a_coroutine_works_too() -> None:
    class Promising(ScriptedProvider):
        async def stream(self, request: ChatRequest) -> AsyncIterator[StreamEvent]:  # type: ignore[override]
            return super().stream(request)

    provider = Promising().then("fine")
    assert await Robota(agent(), {"scripted": provider}).run("q") == "fine"


async def test_the_history_handed_out_holds_the_text_so_far(
    robota: Robota, provider: ScriptedProvider
) -> None:
    gate = asyncio.Event()
    provider.then(ReasoningDelta("hm"), "Hel", gate, "lo")
    task = asyncio.create_task(robota.run("q"))
    await until(lambda: robota.live is not None and len(robota.live) == 3)
    copy = robota.get_history()[-1]
    assert (copy.content, copy.state, copy.metadata["reasoning"]) == ("Hel", MessageState.STREAMING, "hm")
    gate.set()
    assert await task == "Hello"
    assert copy.content == "Hel"


async def test_d30_get_history_gives_copies_with_ids_and_all_fields(
    robota: Robota, provider: ScriptedProvider
) -> None:
    provider.then("a", Usage(1, 2))
    await robota.run("q")
    copies = robota.get_history()
    assert copies == list(robota.history)
    copies[1].content = "changed"
    copies[1].metadata.clear()
    copies.clear()
    assert robota.history[1].content == "a"
    assert robota.history[1].metadata["finish_reason"] == "stop"


async def test_a_cleared_agent_forgets_the_talk_but_not_its_system_message(
    make: Make, provider: ScriptedProvider
) -> None:
    robota = make(system_message="S")
    await robota.run("one")
    robota.clear_history()
    await robota.run("two")
    assert provider.sent() == [("system", "S"), ("user", "two")]


async def test_a_history_cleared_during_a_reply_stays_clear(
    robota: Robota, provider: ScriptedProvider
) -> None:
    gate, diary = asyncio.Event(), Diary()
    provider.then("late", gate)
    robota.observer = diary
    task = asyncio.create_task(robota.run("q"))
    await until(lambda: robota.live is not None and len(robota.live) == 4)
    robota.clear_history()
    gate.set()
    assert await task == "late"
    assert len(robota.history) == 0
    assert ("changed", "assistant", "complete") not in diary.entries


async def test_agents_of_one_configuration_share_no_memory(provider: ScriptedProvider) -> None:
    config = agent(ai_providers=[provider])
    first, second = Robota(config, conversation_id="same"), Robota(config, conversation_id="same")
    await first.run("secret")
    await second.run("hello")
    assert provider.sent() == [("user", "hello")]


async def test_stats_tell_who_answers_and_how_much_was_said(make: Make) -> None:
    robota = make()
    await robota.run("q")
    stats = robota.get_stats()
    assert (stats.name, stats.provider, stats.model) == ("Agent", "scripted", "model-1")
    assert (stats.history_length, stats.messages_by_role) == (2, {"user": 1, "assistant": 1})
    assert stats.uptime >= 0


async def test_a_released_agent_answers_no_more(robota: Robota) -> None:
    await robota.aclose()
    await robota.aclose()
    with pytest.raises(StateError, match="released"):
        await robota.run("q")
    assert len(robota.history) == 0


async def test_releasing_an_agent_ends_its_reply_with_the_next_piece(
    robota: Robota, provider: ScriptedProvider
) -> None:
    gate = asyncio.Event()
    provider.then("half", gate, " more", " and more")
    task = asyncio.create_task(robota.run("q"))
    await until(lambda: robota.live is not None and len(robota.live) == 4)
    await robota.aclose()
    gate.set()
    with pytest.raises(StateError, match="released"):
        await task
    reply = robota.history[-1]
    assert (reply.content, reply.state) == ("half more", MessageState.INTERRUPTED)
    assert provider.streams_open == 0


async def test_d29_making_and_running_an_agent_leaves_logging_as_it_was(make: Make) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers), logging.root.manager.disable)
    await make().run("q")
    names = [name for name in logging.root.manager.loggerDict if name.startswith("robota_tui")]
    assert names
    assert {logging.getLogger(name).level for name in names} == {logging.NOTSET}
    assert (root.level, list(root.handlers), logging.root.manager.disable) == before


async def test_a_long_reply_is_put_together_once_and_not_at_every_token(
    robota: Robota, provider: ScriptedProvider
) -> None:
    provider.then(*["x"] * 5_000)
    seen = 0
    async with aclosing(robota.run_stream("q")) as events:
        async for _ in events:
            if robota.live is not None:
                seen += len(robota.live.tail(seen))
                assert robota.live.message.content == ""
    assert seen == 5_000
    assert robota.history[-1].content == "x" * 5_000
