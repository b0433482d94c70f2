from __future__ import annotations

import pytest

from robota_tui.agents.errors import ConfigurationError, NotFoundError
from robota_tui.agents.history import ConversationHistory
from robota_tui.agents.messages import Message, MessageState, Role
from robota_tui.agents.wire import MISSING_TOOL_RESULT
from tests.agents.conftest import answer, asks, result, user


def sent(*messages: Message, system: str | None = None, limit: int | None = None) -> list[tuple[str, str]]:
    view = ConversationHistory(limit, messages).for_provider(system)
    return [(message.role.value, message.content) for message in view]


def test_a_history_is_a_live_sequence_of_its_messages() -> None:
    history = ConversationHistory()
    first, second = history.add(user("a")), history.add(answer("b"))
    assert len(history) == 2
    assert list(history) == [first, second]
    assert history[-1] is second
    assert list(history[:1]) == [first]
    assert history.get(first.id) is first
    assert history.last() is second
    assert history.last(Role.USER) is first
    assert first in history
    assert user("a") not in history


def test_messages_can_be_removed_replaced_and_cut_off() -> None:
    a, b, c = user("a"), answer("b"), user("c")
    history = ConversationHistory(messages=[a, b, c])
    edited = Message(Role.ASSISTANT, "edited", id=b.id)
    assert history.replace(edited) is b
    assert history[1] is edited
    assert history.truncate_after(b.id) == [c]
    assert history.remove(a.id) is a
    assert list(history) == [edited]
    assert history.truncate_from(b.id) == [edited]
    assert len(history) == 0
    assert history.get(b.id) is None


@pytest.mark.parametrize("method", ["remove", "truncate_from", "truncate_after", "position"])
def test_an_unknown_message_is_refused(method: str) -> None:
    with pytest.raises(NotFoundError, match="msg_x"):
        getattr(ConversationHistory(), method)("msg_x")


def test_one_message_cannot_stand_in_a_history_twice() -> None:
    message = user("a")
    with pytest.raises(ConfigurationError, match=message.id):
        ConversationHistory(messages=[message, message])


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(limit: int) -> None:
    with pytest.raises(ConfigurationError, match="max_messages"):
        ConversationHistory(limit)


def test_d20_d21_exactly_one_system_message_comes_first() -> None:
    note = Message(Role.SYSTEM, "a note")
    assert sent(user("a"), answer("b"), note, user("c"), system="Be kind") == [
        ("system", "Be kind"),
        ("user", "a"),
        ("assistant", "b"),
        ("user", "c"),
    ]


def test_without_a_system_message_none_is_sent() -> None:
    assert sent(user("a")) == [("user", "a")]
    assert sent(user("a"), system="") == [("user", "a")]


def test_d22_trimming_counts_the_system_message_and_keeps_it() -> None:
    talk = [user("u1"), answer("a1"), user("u2"), answer("a2"), user("u3")]
    assert sent(*talk, system="S", limit=4) == [
        ("system", "S"),
        ("user", "u2"),
        ("assistant", "a2"),
        ("user", "u3"),
    ]


def test_d22_a_limit_of_one_keeps_the_system_message_and_the_newest_question() -> None:
    assert sent(user("u1"), answer("a1"), user("u2"), system="S", limit=1) == [
        ("system", "S"),
        ("user", "u2"),
    ]


def test_d22_a_shortened_conversation_does_not_begin_with_an_answer() -> None:
    assert sent(user("u1"), answer("a1"), user("u2"), limit=2) == [("user", "u2")]


def test_d22_a_tool_call_is_kept_or_left_out_together_with_its_results() -> None:
    talk = [user("u1"), asks("x", "y"), result("x"), result("y"), answer("a1"), user("u2")]
    assert sent(*talk, limit=5) == [("user", "u2")]
    assert len(sent(*talk, limit=6)) == 6


def test_d22_the_tool_round_being_answered_is_sent_at_any_limit() -> None:
    talk = [user("u1"), asks("x"), result("x", "old"), asks("y"), result("y", "new")]
    assert sent(*talk, limit=1) == [("user", "u1"), ("assistant", ""), ("tool", "new")]


def test_d22_a_long_tool_turn_keeps_its_question_and_the_newest_rounds() -> None:
    talk = [user("u1"), asks("x"), result("x", "1"), asks("y"), result("y", "2"), asks("z"), result("z", "3")]
    assert [text for role, text in sent(*talk, limit=5) if role != "assistant"] == ["u1", "2", "3"]


def test_a_limit_that_fits_changes_nothing_even_before_a_first_question() -> None:
    assert sent(answer("hello"), user("u1"), limit=2) == [("assistant", "hello"), ("user", "u1")]


def test_a_talk_without_questions_is_shortened_to_its_end() -> None:
    assert sent(answer("a"), asks("x"), result("x"), limit=2) == [("assistant", ""), ("tool", "found")]
    assert sent(answer("a"), asks("x"), result("x"), limit=1) == [("assistant", ""), ("tool", "found")]


@pytest.mark.parametrize("state", [MessageState.FAILED, MessageState.INTERRUPTED, MessageState.STREAMING])
def test_d5_answers_without_text_are_not_sent_and_the_questions_become_one(state: MessageState) -> None:
    assert sent(user("q1"), answer(" \n", state), user("q2")) == [("user", "q1\n\nq2")]


def test_d5_a_question_that_was_only_repeated_is_sent_once() -> None:
    assert sent(user("q"), answer("", MessageState.FAILED), user("q")) == [("user", "q")]
    assert sent(user("q"), user("r"), user("r")) == [("user", "q\n\nr")]


def test_partial_answers_are_sent() -> None:
    talk = [user("q"), answer("half", MessageState.INTERRUPTED), user("go on")]
    assert sent(*talk) == [("user", "q"), ("assistant", "half"), ("user", "go on")]


def test_two_answers_in_a_row_become_one() -> None:
    assert sent(user("q"), answer("a"), answer("b")) == [("user", "q"), ("assistant", "a\n\nb")]


def test_d26_an_unanswered_tool_call_gets_a_stand_in() -> None:
    history = ConversationHistory(messages=[user("q"), asks("x", "y"), result("y"), user("r")])
    view = history.for_provider()
    assert [(m.role.value, m.tool_call_id) for m in view[1:4]] == [
        ("assistant", None),
        ("tool", "x"),
        ("tool", "y"),
    ]
    assert view[2].content == MISSING_TOOL_RESULT
    assert view[3].content == "found"


def test_d26_calls_with_one_id_get_their_results_in_order() -> None:
    talk = [user("q"), asks("x", "x"), result("x", "1"), result("x", "2"), asks("x"), result("x", "3")]
    assert [text for role, text in sent(*talk) if role == "tool"] == ["1", "2", "3"]


def test_d22_results_without_a_call_are_left_out() -> None:
    assert sent(result("x"), user("q"), result("y"), answer("a")) == [("user", "q"), ("assistant", "a")]


def test_what_is_sent_is_a_copy_and_has_no_metadata() -> None:
    message = user("q")
    message.metadata["alternatives"] = [answer("old")]
    history = ConversationHistory(messages=[message, user("r")])
    view = history.for_provider("S")
    view[-1].content = "changed"
    assert view[-1].metadata == {}
    assert [m.content for m in history] == ["q", "r"]


def test_d11_copies_can_be_changed_without_harm() -> None:
    message = answer("a")
    message.metadata["list"] = [1]
    history = ConversationHistory(messages=[message])
    copy = history.copies()[0]
    copy.metadata["list"].append(2)
    copy.content = "b"
    assert copy.id == message.id
    assert (message.content, message.metadata["list"]) == ("a", [1])
