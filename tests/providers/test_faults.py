from __future__ import annotations

import json
import time

import pytest

from robota_tui.agents.errors import ProviderError
from robota_tui.agents.provider import TextDelta
from robota_tui.providers.client import Patience
from robota_tui.providers.openai import OpenAIProvider
from tests.providers.asking import ask, failure, request
from tests.providers.conftest import ProviderFactory, RawServerFactory
from tests.providers.raw_server import DONE, chunk, event, json_response, reset, response

ONCE = Patience(retries=0)
PAGE = b"<!DOCTYPE html><html><body>Welcome to nginx</body></html>"


@pytest.mark.parametrize(
    ("answer", "kind", "says"),
    [
        (response(PAGE, kind="text/html"), "protocol", "web page"),
        (response(PAGE, kind="application/json"), "protocol", "web page"),
        (response(b""), "protocol", "nothing at all"),
        (response(PAGE, kind="text/plain"), "protocol", "nothing at all"),
        (json_response({"choices": [{"message": {"content": "all at once"}}]}), "protocol", "JSON document"),
        (json_response({"error": {"message": "boom", "code": 503}}), "server", "boom"),
        (json_response({"error": {"message": "x", "code": "model_not_found"}}), "not_found", "'m'"),
        (json_response({"detail": "no such route"}), "server", "no such route"),
        (response(chunk("Hel")), "truncated", "without finishing"),
        (response(chunk("Hel") + b'data: {"choices": [{"del'), "truncated", "without finishing"),
        (response(chunk("Hel") + DONE), "truncated", "without finishing"),
        (response(DONE), "protocol", "nothing at all"),
        (response(chunk("Hel") + b"data: {brok\n\n"), "protocol", "not valid JSON"),
        (response(b"retry: 10\n\n" + chunk("Hel")), "protocol", "not valid JSON"),
        (response(chunk("Hel") + b'data: {"a": "\xff\xfe"}\n\n'), "protocol", "not valid UTF-8"),
        (response(chunk("Hel") + event({"error": {"message": "overloaded"}})), "server", "overloaded"),
        (response(chunk("Hel") + event({"error": "it broke"})), "server", "it broke"),
        (response(event({"error": {"message": "slow down", "code": 429}})), "rate_limit", "slow down"),
        (
            response(chunk("H") + event({"error": {"type": "exceed_context_size_error", "message": "x"}})),
            "context_overflow",
            "too long",
        ),
    ],
)
async def test_every_way_to_answer_badly_is_named(
    answer: bytes, kind: str, says: str, raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await raw_server(answer)
    error = await failure(lab(server.url))
    assert error.kind == kind
    assert says in str(error)
    assert f"lab (127.0.0.1:{server.port})" in str(error)


@pytest.mark.parametrize(
    ("status", "body", "kind", "says"),
    [
        (401, {"error": {"message": "bad key"}}, "authentication", "wants an API key"),
        (402, {"error": {"message": "pay"}}, "permission", "no credit"),
        (403, {"error": {"message": "not you"}}, "permission", "not you"),
        (404, {"error": {"message": "model 'm' not found"}}, "not_found", "does not know the model 'm'"),
        (404, {"detail": "Not Found"}, "not_found", "no chat at that address"),
        (400, {"error": {"message": "bad thing"}}, "bad_request", "bad thing"),
        (422, {"detail": [{"msg": "field required"}]}, "bad_request", "422"),
        (400, {"error": {"message": "x", "code": "context_length_exceeded"}}, "context_overflow", "too long"),
        (
            400,
            {"error": {"message": "This model's maximum context length is 9"}},
            "context_overflow",
            "too long",
        ),
        (429, {"error": {"message": "slow down"}}, "rate_limit", "slow down"),
        (429, {"error": {"message": "x", "code": "insufficient_quota"}}, "permission", "no credit"),
        (500, {"error": "it broke"}, "server", "it broke"),
        (503, [{"error": {"message": "in a list"}}], "server", "in a list"),
    ],
)
async def test_every_status_is_told_in_a_sentence(
    status: int, body: object, kind: str, says: str, raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await raw_server(json_response(body, status=status))
    error = await failure(lab(server.url, patience=ONCE))
    assert (error.kind, error.status) == (kind, status)
    assert says in str(error)


async def test_a_web_page_with_an_error_status_is_not_quoted(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await raw_server(response(PAGE, status=502, kind="text/html"))
    error = await failure(lab(server.url, patience=ONCE))
    assert error.kind == "server"
    assert "nginx" not in str(error)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 500, 501])
async def test_a_server_of_web_pages_is_no_endpoint(
    status: int, raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await raw_server(response(PAGE, status=status, kind="text/html"))
    error = await failure(lab(server.url, patience=ONCE))
    assert (error.kind, error.status) == ("protocol", status)
    assert "does not look like an OpenAI-compatible endpoint" in str(error)
    assert "base_url" in error.hint


@pytest.mark.parametrize("status", [405, 501])
async def test_a_server_that_takes_no_posts_is_no_endpoint_and_not_asked_again(
    status: int, raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await raw_server(json_response({"detail": "Method Not Allowed"}, status=status))
    error = await failure(lab(server.url))
    assert error.kind == "protocol"
    assert "base_url" in error.hint
    assert len(server.requests) == 1


async def test_overflow_tells_how_much_was_too_much(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    body = {
        "error": {"type": "exceed_context_size_error", "n_prompt_tokens": 900, "n_ctx": 512, "message": "m"}
    }
    server = await raw_server(json_response(body, status=400))
    assert "900 tokens where 512 fit" in str(await failure(lab(server.url)))


async def test_a_long_wait_is_told_instead_of_waited_for(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await raw_server(json_response({"error": {"message": "later"}}, status=429, retry_after="300"))
    error = await failure(lab(server.url))
    assert error.retry_after == 300
    assert "300 s" in error.hint
    assert len(server.requests) == 1


async def test_nobody_listening_is_told_within_a_second(lab: ProviderFactory) -> None:
    provider = lab("http://127.0.0.1:9/v1")
    await provider.prepare()
    began = time.monotonic()
    error = await failure(provider)
    assert time.monotonic() - began < 1
    assert error.kind == "connection"
    assert "nothing listens" in str(error)
    assert "running" in error.hint


async def test_a_known_server_that_is_not_running_is_told_how_to_start() -> None:
    provider = OpenAIProvider(preset="ollama", base_url="http://127.0.0.1:9/v1")
    assert "ollama serve" in (await failure(provider)).hint
    await provider.aclose()


async def test_a_connection_dropped_again_and_again_is_given_up(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await raw_server(reset)
    error = await failure(lab(server.url, patience=Patience(retries=1)))
    assert error.kind == "connection"
    assert len(server.requests) == 2


async def test_encryption_where_there_is_none_is_explained(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await raw_server(reset)
    url = server.url.replace("http:", "https:")
    error = await failure(lab(url, patience=Patience(connect=0.5, retries=0)))
    assert error.kind in {"connection", "timeout"}


async def test_a_stall_in_the_middle_ends_in_a_timeout(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await raw_server()
    server.answers.append(server.hold(response(chunk("Hel"))))
    error = await failure(lab(server.url, patience=Patience(idle=0.05)))
    assert error.kind == "timeout"
    assert "in the middle" in str(error)
    await server.client_left.wait()


async def test_silence_before_the_answer_ends_in_a_timeout(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await raw_server()
    server.answers.append(server.hold(b""))
    error = await failure(lab(server.url, patience=Patience(first=0.05, retries=0)))
    assert error.kind == "timeout"
    assert "did not begin" in str(error)


async def test_what_came_before_a_fault_has_been_delivered(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await raw_server(response(chunk("Hel") + chunk("lo")))
    stream = lab(server.url).stream(request())
    assert [await anext(stream), await anext(stream)] == [TextDelta("Hel"), TextDelta("lo")]
    with pytest.raises(ProviderError):
        await anext(stream)


async def test_a_list_of_models_that_is_none_is_an_error(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    for answer in (response(PAGE, kind="text/html"), json_response({"ok": True}), json_response([1])):
        server = await raw_server(answer)
        with pytest.raises(ProviderError) as caught:
            await lab(server.url).list_models()
        assert caught.value.kind == "protocol"


async def test_an_endpoint_without_models_says_so(raw_server: RawServerFactory, lab: ProviderFactory) -> None:
    server = await raw_server(json_response({"object": "list", "data": []}))
    error = await failure(lab(server.url), request(model="auto"))
    assert error.kind == "not_found"


async def test_a_closed_provider_says_so(raw_server: RawServerFactory, lab: ProviderFactory) -> None:
    server = await raw_server(response(chunk("a") + chunk(finish="stop")))
    provider = lab(server.url)
    await ask(provider)
    await provider.aclose()
    await provider.aclose()
    assert (await failure(provider)).kind == "configuration"


async def test_control_sequences_in_an_error_do_not_reach_the_terminal(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    body = json.dumps({"error": {"message": "\x1b]0;owned\x07\x9b31m\r\nred"}}).encode()
    server = await raw_server(response(body, status=400, kind="application/json"))
    error = await failure(lab(server.url))
    assert str(error).isprintable()
