from __future__ import annotations

from robota_tui.agents.messages import Message, Role, ToolCall
from robota_tui.agents.provider import ChatRequest, ToolSpec
from robota_tui.providers.wire import messages_to_wire, request_fields, to_wire


def test_text_messages_keep_role_and_content() -> None:
    messages = [Message(Role.SYSTEM, "Be brief."), Message(Role.USER, "Hi"), Message(Role.ASSISTANT, "Hello")]
    assert messages_to_wire(messages) == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello"},
    ]


def test_a_tool_call_and_its_result_refer_to_each_other() -> None:
    call = Message(
        Role.ASSISTANT, "", tool_calls=(ToolCall("c1", "add", '{"a": 1}'), ToolCall("c2", "now", ""))
    )
    result = Message(Role.TOOL, "3", tool_call_id="c1")
    assert to_wire(call) == {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "add", "arguments": '{"a": 1}'}},
            {"id": "c2", "type": "function", "function": {"name": "now", "arguments": "{}"}},
        ],
    }
    assert to_wire(result) == {"role": "tool", "tool_call_id": "c1", "content": "3"}


def test_an_assistant_message_that_says_nothing_is_not_sent() -> None:
    messages = [Message(Role.USER, "Hi"), Message(Role.ASSISTANT, ""), Message(Role.USER, "")]
    assert [message["role"] for message in messages_to_wire(messages)] == ["user", "user"]


def test_a_lone_surrogate_does_not_make_a_message_unsendable() -> None:
    assert to_wire(Message(Role.USER, "a\udc80b")) == {"role": "user", "content": "a?b"}


def test_settings_that_are_none_are_not_sent_and_zero_is() -> None:
    messages = [Message(Role.USER, "Hi")]
    bare = request_fields(ChatRequest(messages, "m"), model="m", max_tokens_field="max_tokens")
    assert set(bare) == {"model", "messages", "stream"}
    full = request_fields(
        ChatRequest(messages, "m", temperature=0.0, max_tokens=5, top_p=0.5),
        model="m",
        max_tokens_field="max_completion_tokens",
    )
    assert (full["temperature"], full["max_completion_tokens"], full["top_p"]) == (0.0, 5, 0.5)


def test_tools_are_described_as_functions() -> None:
    tool = ToolSpec("add", "Adds.", {"type": "object"})
    fields = request_fields(ChatRequest([], "m", tools=[tool]), model="m", max_tokens_field="max_tokens")
    assert fields["tools"] == [
        {
            "type": "function",
            "function": {"name": "add", "description": "Adds.", "parameters": {"type": "object"}},
        }
    ]
