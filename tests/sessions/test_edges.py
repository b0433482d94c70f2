"""What callers do at the wrong moment: in callbacks, before the first step, after the end."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest

from robota_tui.agents.config import AgentConfig, ModelConfig
from robota_tui.agents.errors import (
    ConfigurationError,
    NotFoundError,
    ProviderError,
    RobotaError,
    SendError,
    StateError,
)
from robota_tui.agents.messages import MessageState, Usage
from robota_tui.agents.provider import ChatRequest, StreamEvent
from robota_tui.agents.templates import AgentTemplate
from robota_tui.sessions import events
from robota_tui.sessions.chat import ChatInstance
from robota_tui.sessions.events import Event
from robota_tui.sessions.manager import SessionManager
from robota_tui.sessions.state import ChatStatus
from tests.support import ScriptedProvider, agent, until

REFUSED = ProviderError("lab refused the connection", kind="connection")


async def new_chat(manager: SessionManager, session_id: str, **fields: Any) -> ChatInstance:
    chat = manager.get_chat(await manager.create_chat(session_id, **{"agent_config": agent(), **fields}))
    assert chat is not None
    return chat


async def test_a_subscriber_that_clears_the_history_leaves_nobody_waiting(
    manager: SessionManager, chat: ChatInstance
) -> None:
    manager.subscribe(lambda e: chat.clear_history() if isinstance(e, events.MessageChanged) else None)
    assert await asyncio.wait_for(chat.send_message("q"), 5) == "echo: q"


async def test_a_subscriber_that_deletes_the_answer_does_not_change_what_the_caller_gets(
    manager: SessionManager, chat: ChatInstance
) -> None:
    def delete(event: Event) -> None:
        if isinstance(event, events.ChatStatusChanged) and event.status is ChatStatus.UNSEEN:
            chat.delete_message(chat.messages[-1].id)

    manager.subscribe(delete)
    assert await chat.send_message("q") == "echo: q"


async def test_a_message_sent_while_a_stopped_reply_cleans_up_is_answered(manager: SessionManager) -> None:
    cleaned = asyncio.Event()

    class Slow(ScriptedProvider):
        async def stream(self, request: ChatRequest) -> AsyncIterator[StreamEvent]:
            try:
                async for event in super().stream(request):
                    yield event
            finally:
                await cleaned.wait()

    provider = Slow("slow").then("half", asyncio.Event())
    manager.providers["slow"] = provider
    chat = await new_chat(manager, manager.create_session(), agent_config=agent("slow"))
    chat.submit("a")
    await until(lambda: chat.live is not None and len(chat.live) > 0)
    chat.cancel()
    await asyncio.sleep(0)
    chat.submit("b")
    cleaned.set()
    await chat.settled()
    assert [m.content for m in chat.messages] == ["a", "half", "b", "echo: b"]


async def test_a_caller_who_waits_is_not_held_up_by_what_nobody_waits_for(
    chat: ChatInstance, provider: ScriptedProvider
) -> None:
    provider.then(REFUSED)
    chat.submit("a")
    chat.submit("b")
    await chat.settled()
    assert await asyncio.wait_for(chat.send_message("c"), 5) == "echo: a\n\nc"
    assert [waiting.text for waiting in chat.queue] == ["b"]


@pytest.mark.parametrize("end", ["terminate", "delete session", "delete chat"])
async def test_a_stream_that_is_begun_after_the_end_says_so(
    manager: SessionManager, chat: ChatInstance, provider: ScriptedProvider, end: str
) -> None:
    stream = chat.stream_message("x")
    match end:
        case "terminate":
            manager.terminate_session(chat.session_id)
        case "delete session":
            manager.delete_session(chat.session_id)
        case _:
            manager.delete_chat(chat.id)
    with pytest.raises((StateError, NotFoundError)):
        await asyncio.wait_for(anext(stream), 5)
    assert provider.requests == []


async def test_chats_may_be_deleted_in_callbacks(manager: SessionManager) -> None:
    session_id = manager.create_session()
    chats = [await new_chat(manager, session_id) for _ in range(3)]

    def delete_all(event: Event) -> None:
        if isinstance(event, events.ChatDeleted):
            for chat in chats:
                manager.delete_chat(chat.id)

    manager.subscribe(delete_all)
    assert manager.delete_session(session_id)
    assert list(manager.chats) == []
    other = manager.create_session()
    doomed = await new_chat(manager, other)
    manager.subscribe(lambda e: manager.delete_session(other) if isinstance(e, events.ChatDeleted) else None)
    assert manager.delete_chat(doomed.id)
    assert manager.list_sessions() == []


async def test_everyone_hears_events_in_the_order_they_happened(manager: SessionManager) -> None:
    session_id = manager.create_session()
    heard: list[Event] = []
    manager.subscribe(lambda e: manager.delete_chat(e.chat_id) if isinstance(e, events.ChatCreated) else None)
    manager.subscribe(heard.append)
    chat_id = await manager.create_chat(session_id, agent_config=agent())
    about_it = [type(e) for e in heard if isinstance(e, events.ChatCreated | events.ChatDeleted)]
    assert about_it == [events.ChatCreated, events.ChatDeleted]
    assert manager.get_chat(chat_id) is None


async def test_who_unsubscribed_in_a_callback_hears_no_more(manager: SessionManager) -> None:
    heard: list[Event] = []
    manager.subscribe(lambda e: unsubscribe())
    unsubscribe = manager.subscribe(heard.append)
    manager.create_session()
    assert heard == []


async def test_a_message_stopped_before_it_was_sent_goes_back_to_the_queue(chat: ChatInstance) -> None:
    chat.submit("precious")
    chat.cancel()
    await chat.settled()
    assert [waiting.text for waiting in chat.queue] == ["precious"]
    chat.release_queue()
    await chat.settled()
    assert chat.messages[0].content == "precious"


async def test_terminating_tells_what_it_drops(
    manager: SessionManager, chat: ChatInstance, provider: ScriptedProvider, events_heard: list[Event]
) -> None:
    provider.then(REFUSED)
    chat.submit("a")
    chat.submit("b")
    await chat.settled()
    manager.terminate_session(chat.session_id)
    assert chat.queue == ()
    assert chat.status is ChatStatus.FAILED
    assert any(isinstance(e, events.SendFailed) and e.text == "b" and not e.stored for e in events_heard)


async def test_what_the_caller_says_wins_over_the_template_also_in_default_model(
    provider: ScriptedProvider,
) -> None:
    template = AgentTemplate(id="t", name="T", system_message="TEMPLATE")
    manager = SessionManager(providers={provider.name: provider}, templates=[template])
    mine = ModelConfig(provider=provider.name, model="m", system_message="MINE")
    for config in (AgentConfig(name="X", default_model=mine), {"default_model": {"system_message": "MINE"}}):
        chat = await new_chat(manager, manager.create_session(), agent_template="t", agent_config=config)
        assert chat.get_robota_config().effective_system_message == "MINE"
    await chat.update_robota_config({"default_model": {"system_message": "LATER"}})
    assert chat.get_robota_config().effective_system_message == "LATER"


async def test_the_cause_is_what_went_wrong_in_the_first_place_d15(
    chat: ChatInstance, provider: ScriptedProvider
) -> None:
    boom = RuntimeError("boom")
    provider.then(boom)
    with pytest.raises(SendError) as caught:
        await chat.send_message("x")
    assert str(caught.value) == "Failed to send message: boom"
    assert caught.value.__cause__ is boom


async def test_the_built_in_templates_are_there_from_the_start_d7(provider: ScriptedProvider) -> None:
    manager = SessionManager(providers={provider.name: provider})
    chat = await new_chat(manager, manager.create_session())
    await chat.upgrade_to_template("summarizer")
    assert chat.get_robota_config().default_model.temperature == 0.3
    assert {"general", "coder", "reviewer", "documenter"} <= set(manager.templates.list_templates())
    await new_chat(manager, manager.create_session(), agent_config=None)


async def test_a_fork_of_a_reply_that_is_written_takes_its_text_so_far(
    manager: SessionManager, chat: ChatInstance, provider: ScriptedProvider
) -> None:
    provider.then("half", asyncio.Event())
    chat.submit("q")
    await until(lambda: chat.live is not None and len(chat.live) > 0)
    fork = manager.get_chat(await manager.fork_chat(chat.id, chat.messages[-1].id))
    assert fork is not None
    assert [(m.content, m.state) for m in fork.messages][-1] == ("half", MessageState.INTERRUPTED)
    assert {m.id for m in fork.messages}.isdisjoint(m.id for m in chat.messages)


async def test_after_the_answer_the_chat_is_at_rest(manager: SessionManager, chat: ChatInstance) -> None:
    await chat.send_message("q")
    assert not chat.is_working
    assert not manager.is_busy
    async for _ in chat.stream_message("q"):
        pass
    assert not chat.is_working


async def test_a_deleted_chat_is_silent(
    manager: SessionManager, chat: ChatInstance, provider: ScriptedProvider
) -> None:
    provider.then("half", asyncio.Event())
    chat.submit("q")
    await until(lambda: chat.live is not None and len(chat.live) > 0)
    heard: list[Event] = []
    manager.subscribe(heard.append)
    manager.delete_chat(chat.id)
    await chat.settled()
    assert [type(e) for e in heard] == [events.ChatDeleted, events.ChatSwitched]


async def test_a_manager_that_is_closed_makes_nothing_new(manager: SessionManager) -> None:
    session_id = manager.create_session()
    await manager.aclose()
    with pytest.raises(StateError, match="closed"):
        manager.create_session()
    with pytest.raises(RobotaError):
        await manager.create_chat(session_id, agent_config=agent())
    await manager.aclose()


async def test_closing_goes_on_past_a_provider_that_cannot_be_closed() -> None:
    class Stubborn(ScriptedProvider):
        async def aclose(self) -> None:
            raise OSError("no")

    other = ScriptedProvider("other")
    manager = SessionManager(providers={"stubborn": Stubborn("stubborn"), "other": other})
    await manager.aclose()
    assert other.closed == 1


def test_without_an_event_loop_sending_says_what_is_missing(provider: ScriptedProvider) -> None:
    manager = SessionManager(providers={provider.name: provider})
    session_id = manager.create_session()
    chat_id = asyncio.run(manager.create_chat(session_id, agent_config=agent()))
    chat = manager.get_chat(chat_id)
    assert chat is not None
    with pytest.raises(StateError, match="event loop"):
        chat.submit("x")
    assert manager.delete_chat(chat_id)
    assert manager._keeper.factory.get_creation_stats().active_count == 0


@pytest.mark.parametrize("wrong", [None, 3, b"bytes"])
async def test_a_message_must_be_text(chat: ChatInstance, wrong: Any) -> None:
    with pytest.raises(ConfigurationError):
        await chat.send_message(wrong)
    with pytest.raises(ConfigurationError):
        await chat.update_robota_config(wrong)


async def test_tokens_of_replaced_answers_stay_counted(
    chat: ChatInstance, provider: ScriptedProvider
) -> None:
    provider.then("first", Usage(10, 1))
    await chat.send_message("q")
    provider.then("second", Usage(20, 2))
    await chat.regenerate_response()
    stats = chat.get_stats()
    assert (stats.prompt_tokens, stats.completion_tokens) == (30, 3)
    assert stats.mean_response_time is not None
    assert stats.mean_response_time > 0


@pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks came with Python 3.12")
async def test_an_eager_event_loop_changes_nothing(chat: ChatInstance) -> None:
    loop = asyncio.get_running_loop()
    loop.set_task_factory(getattr(asyncio, "eager_task_factory"))  # noqa: B009
    try:
        chat.submit("a")
        chat.submit("b")
        assert chat.is_working
        await asyncio.wait_for(chat.settled(), 5)
    finally:
        loop.set_task_factory(None)
    assert [m.content for m in chat.messages] == ["a", "echo: a", "b", "echo: b"]
    assert not chat.is_working


async def test_isolation_is_chosen_once(manager: SessionManager) -> None:
    assert manager.enable_workspace_isolation
    with pytest.raises(AttributeError):
        manager.enable_workspace_isolation = False  # type: ignore[misc]
