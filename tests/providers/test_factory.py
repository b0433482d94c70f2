from __future__ import annotations

from typing import Any

import pytest

from robota_tui.agents.errors import ConfigurationError
from robota_tui.agents.provider import Provider
from robota_tui.providers.factory import build_provider
from robota_tui.providers.local import LocalProvider
from robota_tui.providers.openai import OpenAIProvider
from robota_tui.providers.presets import PRESET_NAMES


@pytest.mark.parametrize("preset", PRESET_NAMES)
def test_every_preset_makes_a_provider_with_a_default_model(preset: str) -> None:
    provider = build_provider("mine", preset=preset)
    assert isinstance(provider, Provider)
    assert provider.name == "mine"
    assert isinstance(provider, OpenAIProvider | LocalProvider)
    assert provider.default_model


def test_a_table_named_like_a_preset_needs_no_preset() -> None:
    provider = build_provider("groq", default_model="fast-1")
    assert isinstance(provider, OpenAIProvider)
    assert (provider.host, provider.default_model) == ("api.groq.com", "fast-1")


def test_an_address_alone_is_enough() -> None:
    provider = build_provider("lab", base_url="http://127.0.0.1:8000/v1")
    assert isinstance(provider, OpenAIProvider)
    assert provider.host == "127.0.0.1:8000"


def test_neither_preset_nor_address_is_an_error_with_the_nearest_preset() -> None:
    with pytest.raises(ConfigurationError, match="neither") as caught:
        build_provider("olama")
    assert '"ollama"' in caught.value.hint


@pytest.mark.parametrize(
    "extra", [{"base_url": "http://h/v1"}, {"api_key_env": "X"}, {"default_model": "gpt"}]
)
def test_the_embedded_model_takes_no_settings_of_an_endpoint(extra: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="embedded"):
        build_provider("local", preset="local", **extra)
