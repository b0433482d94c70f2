from __future__ import annotations

from collections.abc import Callable

import pytest

from robota_tui.sessions import events
from robota_tui.sessions.manager import SessionManager
from robota_tui.ui.bridge import Bridge, MessageEvent
from robota_tui.ui.visits import AttentionRound, Visits
from tests.support import ScriptedProvider

from .conftest import filled_manager


class View:
    """Notes what the bridge tells."""

    def __init__(self) -> None:
        self.shown_chat_id: str | None = None
        self.told: list[str] = []
        self.badges: list[int] = []

    def show_selected(self) -> None:
        self.told.append("selected")

    def show_message_event(self, event: MessageEvent) -> None:
        self.told.append(type(event).__name__)

    def show_chat_state(self) -> None:
        self.told.append("state")

    def show_send_failure(self, event: events.SendFailed) -> None:
        self.told.append("failure")

    def forget_chat(self, chat_id: str) -> None:
        self.told.append("forgotten")

    def refresh_structure(self) -> None:
        self.told.append("structure")

    def refresh_badges(self, chats: set[tuple[str, str]]) -> None:
        self.told.append("badges")
        self.badges.append(len(chats))


class Setting:
    def __init__(self, manager: SessionManager) -> None:
        self.manager = manager
        self.view = View()
        self.now = 0.0
        self.later: list[Callable[[], None]] = []
        self.bridge = Bridge(
            manager, self.view, lambda _, call: self.later.append(call), clock=lambda: self.now
        )

    def status(self, chat_id: str) -> None:
        chat = self.manager.get_chat(chat_id)
        assert chat is not None
        self.manager.emit(events.ChatStatusChanged(chat.session_id, chat_id, chat.status))

    def run_later(self) -> None:
        calls, self.later = self.later, []
        for call in calls:
            call()


@pytest.fixture
async def setting() -> Setting:
    return Setting(await filled_manager({"S": ("a", "b", "c"), "T": ("d",)}, ScriptedProvider()))


def ids(setting: Setting) -> list[str]:
    return [chat.id for chat in setting.manager.chats]


async def test_tokens_of_hidden_chats_go_nowhere(setting: Setting) -> None:
    shown, hidden, *_ = ids(setting)
    setting.view.shown_chat_id = shown
    for chat_id in (hidden, shown):
        setting.manager.emit(events.MessageStreamed("s", chat_id, "m"))
    assert setting.view.told == ["MessageStreamed"]


async def test_one_status_is_shown_at_once_and_a_crowd_of_them_together(setting: Setting) -> None:
    first, *others = ids(setting)
    setting.status(first)
    assert setting.view.badges == [1]
    setting.now = 0.01
    for chat_id in others:
        setting.status(chat_id)
    assert setting.view.badges == [1]
    assert len(setting.later) == 1
    setting.now = 0.11
    setting.run_later()
    assert setting.view.badges == [1, 3]


async def test_structure_includes_the_badges(setting: Setting) -> None:
    setting.status(ids(setting)[0])
    setting.now = 0.01
    setting.status(ids(setting)[1])
    setting.manager.create_session("U")
    setting.run_later()
    assert setting.view.told == ["badges", "structure"]


async def test_a_switch_shows_pending_structure_first(setting: Setting) -> None:
    setting.manager.create_session("U")
    setting.now = 0.01
    session_id = setting.manager.create_session("V")
    setting.manager.switch_session(session_id)
    assert setting.view.told == ["structure", "structure", "selected"]


async def test_a_switch_in_a_session_that_is_not_shown_draws_nothing(setting: Setting) -> None:
    other = setting.manager.list_sessions()[1]
    chat_id = await setting.manager.create_chat(other.id, "e")
    setting.view.told.clear()
    setting.manager.switch_chat(other.id, chat_id)
    assert setting.view.told == []


async def test_after_the_end_nothing_is_heard(setting: Setting) -> None:
    setting.bridge.stop()
    setting.manager.create_session("U")
    assert setting.view.told == []


def test_visits_know_the_last_chat_and_forget_closed_ones() -> None:
    visits = Visits()
    for chat_id in ("a", "b", "c"):
        visits.visit(chat_id)
    assert visits.last_before("c") == "b"
    visits.forget("b")
    assert visits.last_before("c") == "a"
    assert visits.recent_first() == ["c", "a"]
    assert Visits().last_before(None) is None


def test_a_round_visits_each_once_and_returns() -> None:
    walk = AttentionRound()
    assert walk.next_stop(["x", "y"], "home") == "x"
    # x goes on wanting attention, y was seen to meanwhile and z is new.
    assert walk.next_stop(["x", "z"], "x") == "z"
    assert walk.next_stop(["x", "z"], "z") == "home"
    assert walk.next_stop([], "home") is None


def test_a_round_that_was_left_begins_anew() -> None:
    walk = AttentionRound()
    walk.next_stop(["x", "y"], "home")
    assert walk.next_stop(["x", "y"], "elsewhere") == "x"
    assert walk.next_stop([], "x") == "elsewhere"
