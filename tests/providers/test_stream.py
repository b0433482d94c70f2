from __future__ import annotations

import pytest

from robota_tui.agents.messages import Usage
from robota_tui.agents.provider import Finished, ReasoningDelta, TextDelta, ToolCallDelta, ToolSpec
from tests.providers.asking import ask, request, text_of
from tests.providers.conftest import ProviderFactory, RawServerFactory
from tests.providers.raw_server import DONE, chunk, event, json_response, reset, response


def delta(**fields: object) -> bytes:
    return event({"choices": [{"index": 0, "delta": fields, "finish_reason": None}]})


ANSWER = response(chunk("Hel") + chunk("lo") + chunk(finish="stop") + DONE)


async def test_text_comes_in_pieces_and_finished_comes_last(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await raw_server(ANSWER)
    assert await ask(lab(server.url)) == [TextDelta("Hel"), TextDelta("lo"), Finished("stop")]


async def test_usage_comes_once_just_before_the_end(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    early = {"prompt_tokens": 7, "completion_tokens": 1}
    late = {
        "prompt_tokens": 7,
        "completion_tokens": 3,
        "prompt_tokens_details": {"cached_tokens": 4},
        "completion_tokens_details": {"reasoning_tokens": 2},
    }
    body = chunk("a", usage=early) + chunk(finish="length") + event({"choices": [], "usage": late}) + DONE
    server = await raw_server(response(body))
    assert await ask(lab(server.url)) == [TextDelta("a"), Usage(7, 3, 4, 2), Finished("length")]


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
async def test_reasoning_is_told_from_the_answer(
    field: str, raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await raw_server(response(delta(**{field: "hm"}) + chunk("yes") + chunk(finish="stop") + DONE))
    assert await ask(lab(server.url)) == [ReasoningDelta("hm"), TextDelta("yes"), Finished("stop")]


async def test_an_answer_in_typed_parts_is_understood(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    thinking = [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]
    body = delta(content=thinking) + delta(content=[{"type": "text", "text": "yes"}])
    server = await raw_server(response(body + chunk(finish="stop") + DONE))
    assert await ask(lab(server.url)) == [ReasoningDelta("hm"), TextDelta("yes"), Finished("stop")]


async def test_pieces_of_tool_calls_keep_their_index(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    first = {"index": 0, "id": "a", "function": {"name": "add", "arguments": ""}}
    second = {"index": 1, "id": "b", "function": {"name": "now", "arguments": "{}"}}
    piece = {"index": 0, "function": {"arguments": '{"x":1}'}}
    body = b"".join(delta(tool_calls=[call]) for call in (first, piece, second))
    server = await raw_server(response(body + chunk(finish="tool_calls") + DONE))
    tool = ToolSpec("add", "Adds.", {"type": "object"})
    assert await ask(lab(server.url), request(tools=[tool])) == [
        ToolCallDelta(0, "a", "add", ""),
        ToolCallDelta(0, "", "", '{"x":1}'),
        ToolCallDelta(1, "b", "now", "{}"),
        Finished("tool_calls"),
    ]


async def test_calls_that_are_all_numbered_zero_are_told_apart_by_id(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    calls = [{"index": 0, "id": name, "function": {"name": "f", "arguments": "{}"}} for name in "abc"]
    body = b"".join(delta(tool_calls=[call]) for call in calls)
    server = await raw_server(response(body + chunk(finish="tool_calls") + DONE))
    events = await ask(lab(server.url))
    assert [(e.index, e.id) for e in events if isinstance(e, ToolCallDelta)] == [(0, "a"), (1, "b"), (2, "c")]


async def test_chunks_without_the_usual_fields_are_passed_over(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    odd: list[object] = [
        {"choices": None},
        {},
        {"choices": [{"delta": None}]},
        {"choices": [{}]},
        {"choices": [{"delta": {"content": None, "tool_calls": [None]}}], "usage": {"prompt_tokens": None}},
        [1],
        7,
    ]
    body = b": ping\n\n" + b"".join(map(event, odd)) + chunk("ok") + chunk(finish="stop") + DONE
    server = await raw_server(response(body))
    assert text_of(await ask(lab(server.url))) == "ok"


async def test_a_connection_that_breaks_after_the_finish_reason_loses_nothing(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await raw_server(response(chunk("all") + chunk(finish="stop") + b"data: {brok\n\n"))
    assert await ask(lab(server.url)) == [TextDelta("all"), Finished("stop")]


async def test_a_server_that_does_not_know_stream_options_is_asked_without(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    refusal = {
        "error": {"message": "Unrecognized request argument: stream_options", "param": "stream_options"}
    }
    server = await raw_server(json_response(refusal, status=400), ANSWER)
    provider = lab(server.url)
    assert text_of(await ask(provider)) == "Hello"
    assert text_of(await ask(provider)) == "Hello"
    assert ["stream_options" in sent for sent in server.requests] == [True, False, False]


async def test_a_server_that_wants_the_other_name_for_max_tokens_gets_it(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    text = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead."
    refusal = {"error": {"message": text, "code": "unsupported_parameter", "param": "max_tokens"}}
    server = await raw_server(json_response(refusal, status=400), ANSWER)
    await ask(lab(server.url), request(max_tokens=9))
    assert server.requests[0]["max_tokens"] == 9
    assert server.requests[1]["max_completion_tokens"] == 9
    assert "max_tokens" not in server.requests[1]


async def test_a_setting_with_a_value_that_is_refused_is_not_dropped_silently(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    refusal = {"error": {"message": "temperature must be below 1", "param": "temperature"}}
    server = await raw_server(json_response(refusal, status=400), ANSWER)
    with pytest.raises(Exception, match="temperature must be below 1"):
        await ask(lab(server.url), request(temperature=1.5))
    assert len(server.requests) == 1


async def test_a_dropped_connection_is_tried_again_before_the_answer_begins(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await raw_server(reset, ANSWER)
    assert text_of(await ask(lab(server.url))) == "Hello"


async def test_a_busy_server_is_tried_again_when_it_says_so(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    busy = json_response({"error": {"message": "busy"}}, status=503, retry_after_ms="10")
    server = await raw_server(busy, busy, ANSWER)
    assert text_of(await ask(lab(server.url))) == "Hello"
    assert len(server.requests) == 3


async def test_the_first_listed_chat_model_serves_where_none_is_named(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    models = {"object": "list", "data": [{"id": "text-embed-1"}, {"id": "chat-1"}, {"id": "chat-2"}]}
    server = await raw_server(json_response(models), ANSWER)
    provider = lab(server.url)
    await ask(provider, request(model=provider.default_model))
    await ask(provider, request(model=provider.default_model))
    assert [sent.get("model") for sent in server.requests] == [None, "chat-1", "chat-1"]


async def test_models_are_listed_in_the_servers_order(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    models = {"object": "list", "data": [{"id": "b"}, {"id": "a"}, {"id": None}]}
    server = await raw_server(json_response(models))
    assert await lab(server.url).list_models() == ["b", "a"]


async def test_what_the_environment_holds_for_openai_is_not_sent_elsewhere(
    raw_server: RawServerFactory, lab: ProviderFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary-key")
    monkeypatch.setenv("OPENAI_ORG_ID", "canary-org")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "canary-project")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: canary-header")
    server = await raw_server(ANSWER)
    await ask(lab(server.url))
    assert "canary" not in server.headers[0]


async def test_a_proxy_does_not_come_between_this_program_and_a_local_server(
    raw_server: RawServerFactory, lab: ProviderFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server = await raw_server(ANSWER)
    assert text_of(await ask(lab(server.url))) == "Hello"
