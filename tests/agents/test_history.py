from __future__ import annotations

from collections.abc import Iterator

import pytest

from robota_tui.agents.errors import ConfigurationError, NotFoundError
from robota_tui.agents.history import ConversationHistory
from robota_tui.agents.messages import Message, MessageState, Role
from robota_tui.agents.wire import MISSING_TOOL_RESULT, provider_view
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


@pytest.mark.parametrize("limit", [None, 9])
def test_a_conversation_whose_first_question_was_deleted_begins_with_the_next_one(limit: int | None) -> None:
    talk = [answer("hello"), asks("x"), result("x"), user("u1"), answer("a1")]
    assert sent(*talk, limit=limit) == [("user", "u1"), ("assistant", "a1")]


def test_without_any_question_the_answers_are_sent_as_they_are() -> None:
    assert sent(answer("hello")) == [("assistant", "hello")]


def test_a_system_message_in_the_history_is_sent_first_where_the_agent_has_none() -> None:
    talk = [Message(Role.SYSTEM, "old"), user("a"), Message(Role.SYSTEM, "new"), answer("b"), user("c")]
    assert sent(*talk) == [("system", "new"), ("user", "a"), ("assistant", "b"), ("user", "c")]
    assert sent(*talk, limit=2) == [("system", "new"), ("user", "c")]
    assert sent(*talk, system="of the agent")[:2] == [("system", "of the agent"), ("user", "a")]
    assert sent(*talk, system="")[0] == ("user", "a")


def test_the_system_message_of_the_history_follows_what_is_removed_replaced_and_cut_off() -> None:
    first, second = Message(Role.SYSTEM, "one"), Message(Role.SYSTEM, "two")
    question = user("q")
    history = ConversationHistory(messages=[first, question, second])

    def system() -> str | None:
        return next((m.content for m in history.for_provider() if m.role is Role.SYSTEM), None)

    assert system() == "two"
    history.replace(Message(Role.SYSTEM, "three", id=second.id))
    assert system() == "three"
    history.truncate_after(question.id)
    assert system() == "one"
    history.replace(Message(Role.USER, "no more", id=first.id))
    assert system() is None
    history.replace(Message(Role.SYSTEM, "again", id=first.id))
    history.add(Message(Role.SYSTEM, " "))
    assert system() == "again"
    history.remove(first.id)
    assert system() is None
    history.add(Message(Role.SYSTEM, "last"))
    history.clear()
    history.add(user("r"))
    assert system() is None


@pytest.mark.parametrize("state", [MessageState.FAILED, MessageState.INTERRUPTED])
def test_the_model_sees_the_earlier_answer_where_another_one_failed_or_was_stopped(
    state: MessageState,
) -> None:
    attempt = answer("", state)
    attempt.metadata["alternatives"] = [answer("first"), answer("good")]
    assert sent(user("q"), attempt, user("r")) == [("user", "q"), ("assistant", "good"), ("user", "r")]
    assert attempt.content == ""


def test_the_model_does_not_see_the_earlier_answer_while_it_writes_another_one() -> None:
    attempt = answer("", MessageState.STREAMING)
    attempt.metadata["alternatives"] = [answer("good")]
    assert sent(user("q"), attempt) == [("user", "q")]


def test_a_limited_request_costs_as_much_as_is_sent_and_not_as_much_as_was_said() -> None:
    looked_at = 0

    def counted(messages: Iterator[Message]) -> Iterator[Message]:
        nonlocal looked_at
        for message in messages:
            looked_at += 1
            yield message

    class Counting(list[Message]):
        def __iter__(self) -> Iterator[Message]:
            return counted(super().__iter__())

        def __reversed__(self) -> Iterator[Message]:
            return counted(super().__reversed__())

    talk = Counting(user(f"u{n}") if n % 2 == 0 else answer(f"a{n}") for n in range(10_001))
    assert len(provider_view(talk, "S", 20)) == 20
    assert looked_at < 30


def test_messages_that_need_no_change_are_sent_without_being_copied() -> None:
    talk = [user("q"), asks("x"), result("x"), answer("a"), user("r")]
    view = ConversationHistory(messages=talk).for_provider()
    assert all(sent is kept for sent, kept in zip(view, talk, strict=True))


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


def test_joining_messages_for_the_provider_leaves_those_of_the_history_as_they_are() -> None:
    history = ConversationHistory(messages=[user("q"), user("r")])
    assert [m.content for m in history.for_provider()] == ["q\n\nr"]
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


def test_d11_the_earlier_answers_of_a_copy_can_be_changed_without_harm() -> None:
    message, old = answer("new"), answer("old")
    old.metadata["list"] = [1]
    message.metadata["alternatives"] = [old]
    history = ConversationHistory(messages=[message])
    copy = history.copies()[0]
    assert copy == message
    copy.metadata["alternatives"][0].content = "changed"
    copy.metadata["alternatives"][0].metadata["list"].append(2)
    copy.metadata["alternatives"].clear()
    assert message.metadata["alternatives"] == [old]
    assert (old.content, old.metadata["list"]) == ("old", [1])


def test_a_message_takes_its_role_and_state_as_plain_words() -> None:
    message = Message("user", "q", state="interrupted")  # type: ignore[arg-type]
    assert message.role is Role.USER
    assert message.state is MessageState.INTERRUPTED
    assert sent(message) == [("user", "q")]
    for bad in ({"role": "boss"}, {"role": "user", "state": "lost"}):
        with pytest.raises(ValueError, match=r"boss|lost"):
            Message(content="q", **bad)  # type: ignore[arg-type]
