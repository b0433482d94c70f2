from __future__ import annotations

import logging
import traceback

import pytest

from robota_tui.agents.errors import ProviderError
from robota_tui.providers.client import Patience
from robota_tui.providers.openai import OpenAIProvider
from tests.providers.asking import failure
from tests.providers.conftest import ProviderFactory, RawServerFactory
from tests.providers.raw_server import chunk, event, json_response, response

CANARY = "sk-canary-7Qw2Zx9LmN4pRt8Vb"
PARTS = [CANARY[at : at + 6] for at in range(len(CANARY) - 5)]


def assert_secret(text: str) -> None:
    assert not [part for part in PARTS if part in text]


@pytest.mark.parametrize(
    "answer",
    [
        json_response({"error": {"message": f"Incorrect API key provided: {CANARY}"}}, status=401),
        json_response(
            {"error": {"message": f"Incorrect key sk-cana*********t8Vb for {CANARY[5:]}"}}, status=401
        ),
        json_response({"error": {"message": f"denied for Bearer {CANARY}"}}, status=403),
        json_response({"error": {"message": f"what is {CANARY[3:20]}?"}}, status=400),
        json_response({"error": f"no model for {CANARY}"}, status=404),
        response(f"Authorization: Bearer {CANARY}".encode(), status=500, kind="text/plain"),
        json_response({"error": {"message": CANARY * 50}}, status=429),
        json_response({"error": {"message": f"key {CANARY}"}}),
        response(chunk("a") + event({"error": {"message": f"mid-stream {CANARY}"}})),
        response(chunk("a") + f"data: {{{CANARY}\n\n".encode()),
    ],
)
async def test_a_key_that_the_endpoint_echoes_appears_nowhere(
    answer: bytes, raw_server: RawServerFactory, lab: ProviderFactory, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = await raw_server(answer)
    provider = lab(server.url, api_key=CANARY, patience=Patience(retries=0))
    error = await failure(provider)
    assert CANARY in server.headers[0]
    for text in (str(error), repr(error), error.hint, *traceback.format_exception(error)):
        assert_secret(text)
    for text in (repr(provider), repr(vars(provider)), caplog.text):
        assert_secret(text)


async def test_a_key_stays_secret_when_nobody_listens(lab: ProviderFactory) -> None:
    error = await failure(lab("http://127.0.0.1:9/v1", api_key=CANARY))
    assert_secret("".join(traceback.format_exception(error)))


async def test_a_refused_key_leads_to_its_variable(
    raw_server: RawServerFactory, lab: ProviderFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_KEY", CANARY)
    server = await raw_server(json_response({"error": {"message": "no"}}, status=401))
    error = await failure(lab(server.url, api_key_env="LAB_KEY"))
    assert error.kind == "authentication"
    assert "refused the API key" in str(error)
    assert "LAB_KEY" in error.hint


async def test_a_missing_key_is_told_without_a_request_and_without_loading_the_client(
    raw_server: RawServerFactory, lab: ProviderFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LAB_KEY", raising=False)
    server = await raw_server(response(b""))
    error = await failure(lab(server.url, api_key_env="LAB_KEY"))
    assert error.kind == "authentication"
    assert "LAB_KEY" in str(error)
    assert server.requests == []


async def test_the_models_list_keeps_the_key_secret_too(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await raw_server(json_response({"error": {"message": f"bad {CANARY}"}}, status=403))
    with pytest.raises(ProviderError) as caught:
        await lab(server.url, api_key=CANARY).list_models()
    assert_secret(str(caught.value))


def test_a_provider_shows_no_key() -> None:
    assert_secret(repr(OpenAIProvider("lab", base_url=f"http://u:{CANARY}@h/v1?k={CANARY}", api_key=CANARY)))
