from __future__ import annotations

import pytest

from robota_tui.agents.errors import ConfigurationError, ProviderError
from robota_tui.providers.endpoint import DUMMY_KEY, Endpoint, resolve_endpoint


def resolved(
    name: str | None = None,
    preset: str | None = None,
    base_url: str | None = None,
    api_key: str | None = None,
    api_key_env: str | None = None,
) -> Endpoint:
    return resolve_endpoint(name, preset=preset, base_url=base_url, api_key=api_key, api_key_env=api_key_env)


def test_nothing_given_means_openai(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    endpoint = resolved()
    assert (endpoint.name, endpoint.host, endpoint.key_env) == ("openai", "api.openai.com", "OPENAI_API_KEY")


def test_a_missing_key_names_its_variable_before_any_request() -> None:
    with pytest.raises(ProviderError, match="GROQ_API_KEY") as caught:
        resolved(preset="groq").require_key()
    assert caught.value.kind == "authentication"
    assert "GROQ_API_KEY" in caught.value.hint


def test_a_local_server_needs_no_key() -> None:
    assert resolved(preset="ollama").require_key() == DUMMY_KEY
    assert resolved("lab", base_url="http://127.0.0.1:8000/v1").require_key() == DUMMY_KEY


def test_the_key_is_read_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = resolved("lab", base_url="http://127.0.0.1:1/v1", api_key_env="LAB_KEY")
    monkeypatch.setenv("LAB_KEY", " fresh-key\n")
    assert endpoint.require_key() == "fresh-key"


def test_a_vendors_key_is_not_sent_to_another_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "vendor-key")
    assert resolved("lab", preset="openai", base_url="http://127.0.0.1:8000/v1").require_key() == DUMMY_KEY
    assert resolved("lab", base_url="http://127.0.0.1:8000/v1").require_key() == DUMMY_KEY


def test_a_vendors_key_goes_where_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "vendor-key")
    proxy = resolved("lab", preset="openai", base_url="https://proxy.test/v1", api_key_env="OPENAI_API_KEY")
    assert proxy.require_key() == "vendor-key"
    same = resolved("lab", preset="openai", base_url="https://api.openai.com/v1/")
    assert same.require_key() == "vendor-key"


def test_the_vendors_own_address_variable_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:4000/v1")
    assert resolved(preset="openai").host == "127.0.0.1:4000"


def test_a_key_that_cannot_be_a_header_is_refused_without_showing_it() -> None:
    with pytest.raises(ProviderError) as caught:
        resolved("lab", base_url="http://127.0.0.1:1/v1", api_key="canary\nkéy").require_key()
    assert "canary" not in str(caught.value) + caught.value.hint


def test_credentials_in_an_address_are_not_shown() -> None:
    endpoint = resolved("lab", base_url="http://user:canary@127.0.0.1:8000/v1?key=canary")
    assert endpoint.label == "lab (127.0.0.1:8000)"


@pytest.mark.parametrize(
    "url", ["", "localhost:8000", "ftp://x/v1", "http://", "http://x:port/v1", "http://[::1"]
)
def test_what_is_no_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(ConfigurationError, match="lab"):
        resolved("lab", base_url=url)


def test_a_bad_address_from_the_environment_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "localhost:4000")
    with pytest.raises(ConfigurationError) as caught:
        resolved(preset="openai")
    assert "OPENAI_BASE_URL" in caught.value.hint


def test_an_unknown_preset_gets_the_nearest_name_as_a_hint() -> None:
    with pytest.raises(ConfigurationError) as caught:
        resolved(preset="olama")
    assert "'ollama'" in caught.value.hint


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://localhost:1/v1", True),
        ("http://127.8.0.1/v1", True),
        ("http://[::1]:80/v1", True),
        ("http://10.0.0.1/v1", False),
        ("https://localhost.example/v1", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, loopback: bool) -> None:
    assert resolved("lab", base_url=url).is_loopback is loopback
