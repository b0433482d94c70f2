from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from robota_tui.agents.messages import Message, MessageState, Role, ToolCall
from robota_tui.agents.wire import provider_view

IDS = st.sampled_from(["x", "y", "z"])
TEXTS = st.sampled_from(["", " ", "one", "two"])
MESSAGES = st.one_of(
    st.builds(Message, st.just(Role.USER), st.sampled_from(["q", "r"])),
    st.builds(Message, st.just(Role.SYSTEM), TEXTS),
    st.builds(Message, st.just(Role.TOOL), TEXTS, tool_call_id=IDS),
    st.builds(Message, st.just(Role.ASSISTANT), TEXTS, state=st.sampled_from(MessageState)),
    st.builds(
        Message,
        st.just(Role.ASSISTANT),
        TEXTS,
        tool_calls=st.lists(st.builds(ToolCall, IDS, st.just("look"), st.just("{}")), max_size=3).map(tuple),
    ),
)


@given(
    st.lists(MESSAGES, max_size=12), st.sampled_from([None, "S"]), st.one_of(st.none(), st.integers(1, 12))
)
def test_any_history_becomes_a_request_that_strict_endpoints_take(
    messages: list[Message], system: str | None, limit: int | None
) -> None:
    before = [message.copy() for message in messages]
    view = provider_view(messages, system, limit)

    assert messages == before
    assert [m.content for m in view if m.role is Role.SYSTEM] == ([system] if system else [])
    assert not system or view[0].role is Role.SYSTEM
    place = 1 if system else 0
    previous: Message | None = None
    while place < len(view):
        message = view[place]
        assert message.role is not Role.TOOL
        if previous is not None and not previous.tool_calls and not message.tool_calls:
            assert message.role is not previous.role
        answered = view[place + 1 : place + 1 + len(message.tool_calls)]
        assert [m.tool_call_id for m in answered] == [call.id for call in message.tool_calls]
        assert all(m.role is Role.TOOL for m in answered)
        assert message.tool_calls or message.content.strip()
        previous = message
        place += 1 + len(answered)
    questions = [m for m in messages if m.role is Role.USER]
    if questions:
        assert view[1 if system else 0].role is Role.USER
        newest = [m for m in view if m.role is Role.USER][-1]
        assert newest.content.endswith(questions[-1].content)


@given(st.lists(MESSAGES, max_size=12), st.integers(1, 12))
def test_a_limit_is_kept_but_for_what_is_always_sent(messages: list[Message], limit: int) -> None:
    view = provider_view(messages, "S", limit)
    last_round = max((i for i, m in enumerate(view) if m.tool_calls), default=len(view))
    least = 2 + (len(view) - last_round if view[-1].role is Role.TOOL else 0)
    assert len(view) <= max(limit, least)
