from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from robota_tui.agents.errors import (
    ConfigurationError,
    NotFoundError,
    ProviderError,
    RobotaError,
    SendError,
    StateError,
)
from robota_tui.agents.messages import Message, MessageState, Role, Usage
from robota_tui.agents.plugins import Plugin, RunContext
from robota_tui.agents.provider import Finished, StreamEvent, TextDelta
from robota_tui.sessions import events
from robota_tui.sessions.chat import ChatInstance
from robota_tui.sessions.events import Event
from robota_tui.sessions.manager import SessionManager
from robota_tui.sessions.state import ChatStatus
from tests.support import ScriptedProvider, agent, until

REFUSED = ProviderError("lab refused the connection", kind="connection", hint="Start it.")


def contents(chat: ChatInstance) -> list[tuple[str, str]]:
    return [(m.role.value, m.content) for m in chat.messages]


async def test_a_message_gets_the_whole_answer(chat: ChatInstance, provider: ScriptedProvider) -> None:
    provider.then("Hel", "lo", Usage(5, 2))
    assert await chat.send_message("Hi") == "Hello"
    assert contents(chat) == [("user", "Hi"), ("assistant", "Hello")]
    stats = chat.get_stats()
    assert (stats.message_count, stats.history_length, stats.prompt_tokens, stats.completion_tokens) == (
        1,
        2,
        5,
        2,
    )
    assert stats.mean_response_time is not None


async def test_a_stream_yields_the_pieces_as_they_come(
    chat: ChatInstance, provider: ScriptedProvider
) -> None:
    gate = asyncio.Event()
    provider.then("a", gate, "b", Usage(1, 2))
    heard: list[StreamEvent] = []
    async for event in chat.stream_message("go"):
        heard.append(event)
        gate.set()
    assert heard == [TextDelta("a"), TextDelta("b"), Usage(1, 2), Finished("stop")]


async def test_leaving_a_stream_early_stops_the_reply(chat: ChatInstance, provider: ScriptedProvider) -> None:
    provider.then("half", asyncio.Event(), "never")
    stream = chat.stream_message("go")
    async for _ in stream:
        break
    await stream.aclose()
    await chat.settled()
    assert provider.streams_open == 0
    assert chat.messages[-1].state is MessageState.INTERRUPTED
    assert chat.messages[-1].content == "half"


async def test_cancelling_who_waits_stops_the_reply(chat: ChatInstance, provider: ScriptedProvider) -> None:
    provider.then("half", asyncio.Event())
    sending = asyncio.create_task(chat.send_message("go"))
    await until(lambda: chat.live is not None and len(chat.live) > 0)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    await chat.settled()
    assert chat.messages[-1].state is MessageState.INTERRUPTED


async def test_stopping_keeps_the_partial_text(chat: ChatInstance, provider: ScriptedProvider) -> None:
    provider.then("partial text", asyncio.Event())
    sending = asyncio.create_task(chat.send_message("go"))
    await until(lambda: chat.live is not None and len(chat.live) > 0)
    assert chat.cancel()
    with pytest.raises(SendError, match="the reply was stopped"):
        await sending
    assert contents(chat) == [("user", "go"), ("assistant", "partial text")]
    assert chat.messages[-1].state is MessageState.INTERRUPTED
    assert chat.status is ChatStatus.IDLE
    assert not chat.cancel()


async def test_stopping_before_the_first_step_works_too(chat: ChatInstance) -> None:
    chat.submit("go")
    assert chat.cancel()
    await chat.settled()
    assert chat.status is ChatStatus.IDLE
    assert await chat.send_message("again") == "echo: again"


async def test_a_failure_keeps_its_cause_d15(chat: ChatInstance, provider: ScriptedProvider) -> None:
    provider.then(REFUSED)
    with pytest.raises(SendError) as caught:
        await chat.send_message("Hi")
    assert str(caught.value) == "Failed to send message: lab refused the connection"
    assert caught.value.hint == "Start it."
    assert caught.value.__cause__ is REFUSED
    assert chat.status is ChatStatus.FAILED
    assert chat.messages[-1].state is MessageState.FAILED
    assert chat.messages[-1].metadata["error"] == "lab refused the connection"
    assert chat.get_stats().message_count == 0


async def test_after_a_failure_the_provider_never_sees_two_user_messages_in_a_row_d5(
    chat: ChatInstance, provider: ScriptedProvider
) -> None:
    provider.then(REFUSED)
    with pytest.raises(SendError):
        await chat.send_message("first")
    await chat.send_message("second")
    roles = [role for role, _ in provider.sent()]
    assert roles == ["user"]
    assert "first" in provider.sent()[0][1]
    assert "second" in provider.sent()[0][1]
    provider.then(REFUSED)
    with pytest.raises(SendError):
        await chat.send_message("third")
    await chat.send_message("third")
    assert provider.sent()[-1] == ("user", "third")


async def test_regenerating_replaces_the_answer_d4(chat: ChatInstance, provider: ScriptedProvider) -> None:
    provider.then("first try")
    await chat.send_message("question")
    provider.then("second try")
    assert await chat.regenerate_response() == "second try"
    assert contents(chat) == [("user", "question"), ("assistant", "second try")]
    assert provider.sent() == [("user", "question")]
    assert [old.content for old in chat.messages[-1].metadata["alternatives"]] == ["first try"]


async def test_there_must_be_a_question_to_regenerate_for(chat: ChatInstance) -> None:
    with pytest.raises(RobotaError, match="No user message found to regenerate response for"):
        await chat.regenerate_response()


async def test_overlapping_sends_are_answered_in_order_d14(
    chat: ChatInstance, provider: ScriptedProvider
) -> None:
    gate = asyncio.Event()
    provider.then(gate, "to A")
    provider.then("to B")
    a = asyncio.create_task(chat.send_message("A"))
    b = asyncio.create_task(chat.send_message("B"))
    await until(lambda: bool(chat.queue))
    assert [waiting.text for waiting in chat.queue] == ["B"]
    gate.set()
    assert (await a, await b) == ("to A", "to B")
    assert contents(chat) == [("user", "A"), ("assistant", "to A"), ("user", "B"), ("assistant", "to B")]


async def test_stopping_does_not_fire_what_the_user_queued(
    chat: ChatInstance, provider: ScriptedProvider
) -> None:
    provider.then("half", asyncio.Event())
    chat.submit("one")
    chat.submit("two")
    await until(lambda: chat.live is not None and len(chat.live) > 0)
    chat.cancel()
    await chat.settled()
    assert [waiting.text for waiting in chat.queue] == ["two"]
    chat.submit("three")
    await chat.settled()
    assert [m.content for m in chat.messages if m.role is Role.USER] == ["one", "two", "three"]


async def test_a_failure_with_more_waiting_needs_the_user(
    chat: ChatInstance, provider: ScriptedProvider
) -> None:
    provider.then(REFUSED)
    chat.submit("one")
    chat.submit("two")
    await chat.settled()
    assert chat.info().status is ChatStatus.NEEDS_YOU
    assert len(provider.requests) == 1
    assert chat.edit_queued(chat.queue[0].id, "two, edited")
    chat.release_queue()
    await chat.settled()
    assert chat.messages[-2].content == "two, edited"
    assert chat.status is ChatStatus.UNSEEN


async def test_a_queued_message_can_be_dropped(chat: ChatInstance, provider: ScriptedProvider) -> None:
    provider.then(REFUSED)
    chat.submit("one")
    chat.submit("two")
    await chat.settled()
    assert chat.drop_queued(chat.queue[0].id)
    assert chat.queue == ()
    assert chat.status is ChatStatus.FAILED
    assert not chat.drop_queued("queued_unknown")


async def test_the_status_follows_the_reply_and_the_eye(
    chat: ChatInstance, provider: ScriptedProvider, events_heard: list[Event]
) -> None:
    provider.then("done")
    chat.submit("go")
    assert chat.info().status is ChatStatus.WORKING
    await chat.settled()
    assert chat.info().status is ChatStatus.UNSEEN
    chat.mark_seen()
    assert chat.info().status is ChatStatus.IDLE
    told = [event.status for event in events_heard if isinstance(event, events.ChatStatusChanged)]
    assert told == [ChatStatus.WORKING, ChatStatus.UNSEEN, ChatStatus.IDLE]


async def test_a_reply_is_told_from_its_beginning_to_its_end(
    chat: ChatInstance, provider: ScriptedProvider, events_heard: list[Event]
) -> None:
    provider.then("a", "b")
    await chat.send_message("go")
    question, answer = (m.id for m in chat.messages)
    place = (chat.session_id, chat.id)
    heard = [
        e
        for e in events_heard
        if isinstance(e, events.MessageAdded | events.MessageStreamed | events.MessageChanged)
    ]
    assert heard[:4] == [
        events.MessageAdded(*place, question),
        events.MessageAdded(*place, answer),
        events.MessageStreamed(*place, answer),
        events.MessageStreamed(*place, answer),
    ]
    assert heard[-1] == events.MessageChanged(*place, answer)


async def test_an_unattended_failure_is_told(
    chat: ChatInstance, provider: ScriptedProvider, events_heard: list[Event]
) -> None:
    provider.then(REFUSED)
    chat.submit("go")
    await chat.settled()
    assert (
        events.SendFailed(
            chat.session_id, chat.id, "go", "lab refused the connection", "Start it.", stored=True
        )
        in events_heard
    )


async def test_a_plugin_can_refuse_a_run_and_nothing_is_stored_d28(
    manager: SessionManager, provider: ScriptedProvider
) -> None:
    class Guard(Plugin):
        async def before_run(self, context: RunContext, user_input: str) -> None:
            raise RobotaError("not on Sundays")

    session_id = manager.create_session()
    chat = manager.get_chat(await manager.create_chat(session_id, agent_config=agent(plugins=[Guard()])))
    assert chat is not None
    heard: list[Event] = []
    manager.subscribe(heard.append)
    with pytest.raises(SendError, match="not on Sundays"):
        await chat.send_message("go")
    chat.submit("go")
    await chat.settled()
    assert chat.get_history() == []
    assert provider.requests == []
    failed = next(e for e in heard if isinstance(e, events.SendFailed))
    assert not failed.stored
    assert failed.text == "go"


async def test_the_configuration_really_changes_the_provider_d6(
    manager: SessionManager, provider: ScriptedProvider
) -> None:
    other = ScriptedProvider("other")
    manager.providers["other"] = other
    session_id = manager.create_session()
    chat = manager.get_chat(await manager.create_chat(session_id, agent_config=agent()))
    assert chat is not None
    await chat.send_message("to the first")
    await chat.update_robota_config(
        {
            "default_model": {"provider": "other", "model": "other-model", "temperature": 0.7},
            "system_message": "Be brief.",
        }
    )
    await chat.send_message("to the second")
    request = other.requests[-1]
    assert (request.model, request.temperature) == ("other-model", 0.7)
    assert other.sent()[0] == ("system", "Be brief.")
    assert [role for role, _ in other.sent()] == ["system", "user", "assistant", "user"]
    assert len(provider.requests) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"default_model": {"temperature": 99}},
        {"default_model": {"provider": "nobody"}},
        {"colour": "red"},
        {"name": ""},
    ],
)
async def test_an_invalid_configuration_is_refused_and_the_old_one_stays_d6(
    chat: ChatInstance, changes: dict[str, object]
) -> None:
    before = chat.get_robota_config()
    with pytest.raises(ConfigurationError, match="Failed to update robota config: "):
        await chat.update_robota_config(changes)
    assert chat.get_robota_config() == before
    assert await chat.send_message("still here") == "echo: still here"


async def test_messages_can_be_edited_and_deleted(
    chat: ChatInstance, provider: ScriptedProvider, events_heard: list[Event]
) -> None:
    await chat.send_message("one")
    question, answer = (m.id for m in chat.messages)
    chat.edit_message(question, "edited")
    assert events.MessageChanged(chat.session_id, chat.id, question) in events_heard
    chat.delete_message(answer)
    assert contents(chat) == [("user", "edited")]
    with pytest.raises(NotFoundError):
        chat.edit_message("msg_unknown", "x")
    with pytest.raises(NotFoundError):
        chat.delete_message("msg_unknown")


async def test_a_message_that_is_being_written_cannot_be_edited(
    chat: ChatInstance, provider: ScriptedProvider
) -> None:
    provider.then("half", asyncio.Event())
    chat.submit("go")
    await until(lambda: chat.live is not None)
    with pytest.raises(StateError):
        chat.edit_message(chat.messages[-1].id, "mine")
    chat.cancel()
    await chat.settled()
    chat.edit_message(chat.messages[-1].id, "mine")


async def test_the_history_is_handed_out_as_copies_d11_d30(chat: ChatInstance) -> None:
    await chat.send_message("one")
    copied = chat.get_history()
    copied[0].content = "forged"
    copied[0].metadata["x"] = 1
    assert chat.messages[0].content == "one"
    assert chat.messages[0].metadata.get("x") is None
    assert len({m.id for m in copied}) == 2


async def test_clearing_forgets_messages_and_counts(chat: ChatInstance, events_heard: list[Event]) -> None:
    await chat.send_message("one")
    chat.clear_history()
    assert chat.get_history() == []
    assert chat.get_stats().message_count == 0
    assert events.HistoryCleared(chat.session_id, chat.id) in events_heard


async def test_clearing_while_a_reply_is_written_leaves_nothing(
    chat: ChatInstance, provider: ScriptedProvider
) -> None:
    provider.then("half", asyncio.Event())
    chat.submit("go")
    await until(lambda: chat.live is not None and len(chat.live) > 0)
    chat.clear_history()
    await chat.settled()
    assert chat.get_history() == []
    assert provider.streams_open == 0
    assert await chat.send_message("fresh") == "echo: fresh"


async def test_a_fork_goes_its_own_way(manager: SessionManager, chat: ChatInstance) -> None:
    await chat.send_message("one")
    await chat.send_message("two")
    fork = manager.get_chat(await manager.fork_chat(chat.id, chat.messages[1].id))
    assert fork is not None
    assert contents(fork) == [("user", "one"), ("assistant", "echo: one")]
    await fork.send_message("elsewhere")
    assert len(chat.messages) == 4
    with pytest.raises(NotFoundError):
        await manager.fork_chat(chat.id, "msg_unknown")


async def test_sending_counts_as_use_d13(manager: SessionManager, chat: ChatInstance) -> None:
    session_before = manager.get_session(chat.session_id)
    before = chat.metadata
    await chat.send_message("one")
    session_after = manager.get_session(chat.session_id)
    assert session_before is not None
    assert session_after is not None
    assert session_after.last_used_at > session_before.last_used_at
    assert chat.metadata.updated_at > before.updated_at
    assert chat.metadata.last_accessed_at > before.last_accessed_at


async def test_a_blank_message_is_refused(chat: ChatInstance) -> None:
    for blank in ("", "  \n"):
        with pytest.raises(ConfigurationError):
            chat.submit(blank)
        with pytest.raises(ConfigurationError):
            await chat.send_message(blank)
    assert chat.get_history() == []


async def test_activating_goes_through_the_session(manager: SessionManager, chat: ChatInstance) -> None:
    other = manager.get_chat(await manager.create_chat(chat.session_id, agent_config=agent()))
    assert other is not None
    other.activate()
    assert (chat.is_active, other.is_active) == (False, True)
    other.deactivate()
    info = manager.get_session(chat.session_id)
    assert info is not None
    assert info.active_chat_id is None


async def test_attention_is_ordered_by_urgency_then_by_waiting(
    manager: SessionManager, provider: ScriptedProvider
) -> None:
    session_id = manager.create_session()
    a, b, c = [await manager.create_chat(session_id, agent_config=agent()) for _ in range(3)]
    for chat_id, fails in ((b, False), (a, False), (c, True)):
        chat = manager.get_chat(chat_id)
        assert chat is not None
        if fails:
            provider.then(REFUSED)
        chat.submit("go")
        await chat.settled()
    assert [chat.id for chat in manager.wanting_attention()] == [c, b, a]
    assert manager.next_attention() == c
    assert manager.next_attention(c) == b
    assert manager.get_status(session_id) is ChatStatus.FAILED


class _Shelf:
    def __init__(self) -> None:
        self.kept: dict[str, list[Message]] = {}

    async def save_chat(self, chat_id: str, messages: Sequence[Message]) -> None:
        self.kept[chat_id] = list(messages)

    async def load_chat(self, chat_id: str) -> Sequence[Message] | None:
        return self.kept.get(chat_id)


async def test_saving_and_loading_go_through_the_store_d16(provider: ScriptedProvider) -> None:
    manager = SessionManager(providers={provider.name: provider}, store=_Shelf())
    chat = manager.get_chat(await manager.create_chat(manager.create_session(), agent_config=agent()))
    assert chat is not None
    await chat.load()
    await chat.send_message("kept")
    await chat.save()
    await chat.send_message("not kept")
    await chat.load()
    assert contents(chat) == [("user", "kept"), ("assistant", "echo: kept")]
    await manager.aclose()


async def test_without_a_store_saving_says_so_d16(chat: ChatInstance) -> None:
    with pytest.raises(StateError, match="no store"):
        await chat.save()
    with pytest.raises(StateError, match="no store"):
        await chat.load()
