from __future__ import annotations

import asyncio
import dataclasses

import pytest

import robota_tui
from robota_tui.agents.errors import ConfigurationError, LimitError, NotFoundError, RobotaError, StateError
from robota_tui.sessions import events
from robota_tui.sessions.events import Event
from robota_tui.sessions.manager import SessionManager
from robota_tui.sessions.state import SessionState
from tests.support import ScriptedProvider, agent, until


async def test_the_first_chat_of_a_session_becomes_its_active_one_d8(manager: SessionManager) -> None:
    session_id = manager.create_session()
    first = await manager.create_chat(session_id, agent_config=agent())
    await manager.create_chat(session_id, agent_config=agent())
    info = manager.get_session(session_id)
    assert info is not None
    assert info.active_chat_id == first
    assert [chat.is_active for chat in manager.get_session_chats(session_id)] == [True, False]


async def test_deleting_the_active_chat_activates_the_most_recently_used_one_d8(
    manager: SessionManager,
) -> None:
    session_id = manager.create_session()
    a, b, c = [await manager.create_chat(session_id, agent_config=agent()) for _ in range(3)]
    for chat_id in (b, a, c):
        assert manager.switch_chat(session_id, chat_id)
    assert manager.delete_chat(c)
    assert manager.is_active(a)
    assert manager.delete_chat(a)
    assert manager.is_active(b)
    assert manager.delete_chat(b)
    info = manager.get_session(session_id)
    assert info is not None
    assert info.active_chat_id is None


async def test_deleted_chats_give_their_places_back_ten_thousand_times_d1(provider: ScriptedProvider) -> None:
    manager = SessionManager(1, 2, providers={provider.name: provider})
    session_id = manager.create_session()
    for _ in range(10_000):
        chat_id = await manager.create_chat(session_id, agent_config=agent())
        assert manager.delete_chat(chat_id)
    assert manager.get_session_chats(session_id) == []
    await manager.aclose()


async def test_concurrent_creations_never_exceed_the_limit_d2(provider: ScriptedProvider) -> None:
    manager = SessionManager(max_chats_per_session=2, providers={provider.name: provider})
    session_id = manager.create_session()
    outcomes = await asyncio.gather(
        *(manager.create_chat(session_id, agent_config=agent()) for _ in range(5)), return_exceptions=True
    )
    assert len([outcome for outcome in outcomes if isinstance(outcome, str)]) == 2
    assert {str(outcome) for outcome in outcomes if isinstance(outcome, LimitError)} == {
        "Maximum chats per session (2) reached"
    }
    assert len(manager.get_session_chats(session_id)) == 2


async def test_deleting_a_session_while_a_chat_is_created_leaves_no_orphan_d3(
    provider: ScriptedProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = SessionManager(providers={provider.name: provider})
    session_id = manager.create_session()
    gate = asyncio.Event()
    create = manager._keeper.factory.create_agent

    async def slow(config: object) -> object:
        await gate.wait()
        return await create(config)  # type: ignore[arg-type]

    monkeypatch.setattr(manager._keeper.factory, "create_agent", slow)
    creation = asyncio.create_task(manager.create_chat(session_id, agent_config=agent()))
    await asyncio.sleep(0)
    assert manager.delete_session(session_id)
    gate.set()
    with pytest.raises(NotFoundError, match=f"Session {session_id} not found"):
        await creation
    assert list(manager.chats) == []
    assert manager._keeper.factory.get_creation_stats().active_count == 0


@pytest.mark.parametrize("limits", [(-1, 10), (50, -1)])
def test_a_negative_limit_is_refused_d9(limits: tuple[int, int]) -> None:
    with pytest.raises(ConfigurationError, match="must be 0 or more"):
        SessionManager(*limits)


def test_a_limit_of_nothing_allows_nothing_d9() -> None:
    manager = SessionManager(max_sessions=0)
    with pytest.raises(LimitError) as caught:
        manager.create_session()
    assert str(caught.value) == (
        "Maximum sessions limit (0) reached. Please remove existing sessions before creating new ones."
    )


async def test_a_session_has_a_limit_of_its_own_d10(provider: ScriptedProvider) -> None:
    manager = SessionManager(providers={provider.name: provider})
    session_id = manager.create_session(max_chats=1)
    await manager.create_chat(session_id, agent_config=agent())
    with pytest.raises(LimitError, match=r"Maximum chats per session \(1\) reached"):
        await manager.create_chat(session_id, agent_config=agent())
    nothing = manager.create_session(max_chats=0)
    with pytest.raises(LimitError, match=r"\(0\)"):
        await manager.create_chat(nothing, agent_config=agent())
    with pytest.raises(ConfigurationError):
        manager.create_session(max_chats=-1)


async def test_snapshots_are_frozen_and_do_not_follow_the_state_d11(manager: SessionManager) -> None:
    session_id = manager.create_session("Before")
    before = manager.get_session(session_id)
    assert before is not None
    with pytest.raises(dataclasses.FrozenInstanceError):
        before.name = "Mine"  # type: ignore[misc]
    manager.rename_session(session_id, "After")
    assert before.name == "Before"


async def test_two_chats_made_of_one_configuration_share_nothing_d11(manager: SessionManager) -> None:
    session_id = manager.create_session()
    config = agent()
    one, two = [
        manager.get_chat(await manager.create_chat(session_id, agent_config=config)) for _ in range(2)
    ]
    assert one is not None
    assert two is not None
    await one.send_message("only here")
    await one.update_robota_config({"default_model": {"temperature": 1.5}})
    assert two.get_history() == []
    assert two.get_robota_config().default_model.temperature is None


async def test_renaming_shows_everywhere_d12(manager: SessionManager, events_heard: list[Event]) -> None:
    session_id = manager.create_session("Old")
    chat_id = await manager.create_chat(session_id, "Old chat", agent())
    assert manager.rename_session(session_id, "New")
    assert manager.rename_chat(chat_id, "New chat")
    chat = manager.get_chat(chat_id)
    assert chat is not None
    assert (chat.name, chat.metadata.chat_name, manager.get_session_chats(session_id)[0].name) == (
        "New chat",
    ) * 3
    assert events.ChatRenamed(session_id, chat_id) in events_heard
    assert not manager.rename_chat("chat_unknown", "X")
    with pytest.raises(ConfigurationError):
        manager.rename_chat(chat_id, "  ")


async def test_default_names_are_numbered_d18(manager: SessionManager) -> None:
    session_id = manager.create_session()
    await manager.create_chat(session_id, agent_config=agent())
    await manager.create_chat(session_id, agent_config=agent())
    assert [session.name for session in manager.list_sessions()] == ["Session 1"]
    assert [chat.name for chat in manager.get_session_chats(session_id)] == ["Chat 1", "Chat 2"]


async def test_sessions_are_listed_by_user_and_workspace_in_order(manager: SessionManager) -> None:
    manager.create_session("A", user_id="ann", workspace_id="one")
    manager.create_session("B", user_id="bob", workspace_id="one")
    manager.create_session("C", user_id="ann", workspace_id="two")
    assert [s.name for s in manager.list_sessions()] == ["A", "B", "C"]
    assert [s.name for s in manager.list_sessions(user_id="ann")] == ["A", "C"]
    assert [s.name for s in manager.list_sessions(workspace_id="one")] == ["A", "B"]
    assert [s.name for s in manager.list_sessions("ann", "two")] == ["C"]


async def test_switching_needs_a_chat_of_that_session(manager: SessionManager) -> None:
    one, two = manager.create_session(), manager.create_session()
    chat_id = await manager.create_chat(one, agent_config=agent())
    assert not manager.switch_chat(two, chat_id)
    assert not manager.switch_chat("session_unknown", chat_id)
    assert not manager.switch_chat(one, "chat_unknown")
    assert manager.switch_chat(one, chat_id)


async def test_moving_changes_the_order_and_nothing_else(manager: SessionManager) -> None:
    session_id = manager.create_session()
    chats = [await manager.create_chat(session_id, agent_config=agent()) for _ in range(3)]
    assert manager.move_chat(chats[2], 0)
    assert [c.id for c in manager.get_session_chats(session_id)] == [chats[2], chats[0], chats[1]]
    assert manager.move_chat(chats[2], 99)
    assert [c.id for c in manager.get_session_chats(session_id)] == chats
    other = manager.create_session()
    assert manager.move_session(other, 0)
    assert [s.id for s in manager.list_sessions()] == [other, session_id]


def test_the_states_are_values_not_only_types_d17() -> None:
    assert robota_tui.SessionState is SessionState
    assert [state.value for state in robota_tui.SessionState] == ["active", "paused", "terminated"]


async def test_unknown_ids_are_answered_not_raised(manager: SessionManager) -> None:
    assert manager.get_session("x") is None
    assert manager.get_chat("x") is None
    assert manager.get_session_chats("x") == []
    assert not manager.delete_session("x")
    assert not manager.delete_chat("x")
    assert not manager.pause_session("x")
    with pytest.raises(NotFoundError, match="Session x not found"):
        await manager.create_chat("x", agent_config=agent())


async def test_a_paused_session_refuses_messages_and_keeps_its_queue_d10(
    manager: SessionManager, provider: ScriptedProvider
) -> None:
    session_id = manager.create_session()
    chat = manager.get_chat(await manager.create_chat(session_id, agent_config=agent()))
    assert chat is not None
    gate = asyncio.Event()
    provider.then(gate, "first")
    chat.submit("one")
    chat.submit("two")
    assert manager.pause_session(session_id)
    with pytest.raises(StateError, match="paused"):
        await chat.send_message("three")
    gate.set()
    await chat.settled()
    assert [m.content for m in chat.messages] == ["one", "first"]
    assert [waiting.text for waiting in chat.queue] == ["two"]
    assert manager.resume_session(session_id)
    await chat.settled()
    assert [m.content for m in chat.messages] == ["one", "first", "two", "echo: two"]


async def test_a_terminated_session_can_only_be_read_d10(
    manager: SessionManager, provider: ScriptedProvider
) -> None:
    session_id = manager.create_session()
    chat = manager.get_chat(await manager.create_chat(session_id, agent_config=agent()))
    assert chat is not None
    await chat.send_message("kept")
    provider.then("half", asyncio.Event())
    chat.submit("stopped")
    await asyncio.sleep(0)
    assert manager.terminate_session(session_id)
    await chat.settled()
    info = manager.get_session(session_id)
    assert info is not None
    assert info.state is SessionState.TERMINATED
    for refused in (
        lambda: chat.submit("no"),
        chat.clear_history,
        lambda: chat.delete_message(chat.messages[0].id),
        lambda: manager.resume_session(session_id),
    ):
        with pytest.raises(StateError, match="terminated"):
            refused()
    with pytest.raises(StateError, match="terminated"):
        await manager.create_chat(session_id, agent_config=agent())
    assert chat.get_history()[0].content == "kept"


async def test_deleting_a_session_stops_its_replies_and_releases_its_agents(
    manager: SessionManager, provider: ScriptedProvider, events_heard: list[Event]
) -> None:
    session_id = manager.create_session()
    chat_id = await manager.create_chat(session_id, agent_config=agent())
    chat = manager.get_chat(chat_id)
    assert chat is not None
    provider.then("half", asyncio.Event())
    sending = asyncio.create_task(chat.send_message("question"))
    await until(lambda: bool(provider.requests))
    assert manager.delete_session(session_id)
    with pytest.raises(RobotaError, match="Failed to send message"):
        await sending
    await manager.aclose()
    assert provider.streams_open == 0
    assert events.ChatDeleted(session_id, chat_id) in events_heard
    assert events_heard.index(events.ChatDeleted(session_id, chat_id)) < events_heard.index(
        events.SessionDeleted(session_id)
    )


async def test_a_deleted_chat_takes_no_more_messages(manager: SessionManager) -> None:
    session_id = manager.create_session()
    chat_id = await manager.create_chat(session_id, agent_config=agent())
    chat = manager.get_chat(chat_id)
    assert chat is not None
    manager.delete_chat(chat_id)
    with pytest.raises(NotFoundError):
        await chat.send_message("anyone there?")


async def test_the_selected_session_moves_on_when_it_is_deleted(manager: SessionManager) -> None:
    a, b, c = [manager.create_session() for _ in range(3)]
    assert manager.active_session_id == a
    manager.switch_session(b)
    manager.delete_session(b)
    assert manager.active_session_id == c
    manager.delete_session(c)
    assert manager.active_session_id == a
    manager.delete_session(a)
    assert manager.active_session_id is None


async def test_a_subscriber_that_fails_keeps_nobody_else_from_hearing(manager: SessionManager) -> None:
    heard: list[Event] = []

    def broken(event: Event) -> None:
        raise RuntimeError("mine")

    manager.subscribe(broken)
    unsubscribe = manager.subscribe(heard.append)
    session_id = manager.create_session()
    assert events.SessionCreated(session_id) in heard
    unsubscribe()
    manager.create_session()
    assert len([e for e in heard if isinstance(e, events.SessionCreated)]) == 1


async def test_an_agent_that_cannot_be_made_leaves_nothing_behind(manager: SessionManager) -> None:
    session_id = manager.create_session()
    with pytest.raises(ConfigurationError):
        await manager.create_chat(session_id, agent_config=agent(provider="nobody"))
    with pytest.raises(ConfigurationError, match="default_model"):
        await manager.create_chat(session_id, agent_config={"name": "X"})
    assert manager.get_session_chats(session_id) == []
