from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Iterator

import pytest

from robota_tui.providers.discover import discover
from tests.providers.conftest import RawServerFactory
from tests.providers.raw_server import RawServer, json_response, response

MODELS = {"object": "list", "data": [{"id": "nomic-embed-text"}, {"id": "qwen3:4b", "object": "model"}]}


@pytest.fixture
def free_port() -> Iterator[int]:
    """A port that is taken but on which nobody listens."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


async def test_a_key_for_openai_decides(
    monkeypatch: pytest.MonkeyPatch, raw_server: RawServerFactory
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary-key-123456")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    server = await raw_server(json_response(MODELS))
    found = await asyncio.to_thread(discover, {"ollama": server.port})
    assert (found.provider.name, found.model) == ("openai", "gpt-4o-mini")
    assert "api.openai.com" in found.sentence
    assert "canary" not in found.sentence
    assert server.requests == []


async def test_a_local_server_that_lists_models_is_used(raw_server: RawServerFactory, free_port: int) -> None:
    server = await raw_server(json_response(MODELS))
    found = await asyncio.to_thread(discover, {"llamacpp": free_port, "ollama": server.port})
    assert (found.provider.name, found.model) == ("ollama", "qwen3:4b")
    assert found.sentence == f"qwen3:4b on this machine answers, through Ollama at 127.0.0.1:{server.port}."


@pytest.mark.parametrize(
    "answer",
    [
        response(b"<html>hello</html>", kind="text/html"),
        response(b"not http at all", status=200, kind="application/json"),
        json_response({"hello": "world"}),
        json_response(["a"]),
        json_response({"data": [1, {"name": "x"}, {"id": 5}]}),
        json_response({"object": "list", "data": []}),
        json_response({"object": "list", "data": [{"id": "only-embeddings"}]}),
        json_response(MODELS, status=401),
        b"SSH-2.0-OpenSSH_9\r\n",
        b"",
    ],
)
async def test_another_server_on_a_usual_port_is_not_taken_for_one(
    answer: bytes, raw_server: RawServerFactory
) -> None:
    server = await raw_server(answer)
    found = await asyncio.to_thread(discover, {"vllm": server.port})
    assert found.provider.name == "local"


async def test_a_server_that_never_answers_is_left_soon(raw_server: RawServerFactory) -> None:
    server = await raw_server()
    server.answers.append(server.hold(b""))
    found = await asyncio.wait_for(asyncio.to_thread(discover, {"vllm": server.port}), 5)
    assert found.provider.name == "local"


def test_with_nothing_else_the_embedded_model_answers_and_says_how_to_get_a_better_one(
    free_port: int,
) -> None:
    found = discover({"ollama": free_port})
    assert (found.provider.name, found.model) == ("local", "smollm2-135m")
    assert "SmolLM2" in found.sentence
    assert "OPENAI_API_KEY" in found.hint


@pytest.mark.usefixtures("models")
def test_missing_weights_are_said(free_port: int) -> None:
    assert "robota-tui model install" in discover({"ollama": free_port}).sentence


def test_a_missing_engine_is_said_even_where_the_weights_are(
    free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    sentence = discover({"ollama": free_port}).sentence
    assert "would answer, but the engine for local models is not installed" in sentence
    assert "pip install 'robota-tui[local]'" in sentence


async def test_a_models_name_cannot_carry_control_characters(raw_server: RawServerFactory) -> None:
    server: RawServer = await raw_server(json_response({"data": [{"id": "a\x1b[31mb"}]}))
    assert (await asyncio.to_thread(discover, {"vllm": server.port})).sentence.isprintable()
