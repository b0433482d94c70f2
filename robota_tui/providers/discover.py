"""Which provider serves when nothing is configured, and how to say so."""

from __future__ import annotations

import http.client
import json
import os
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from robota_tui.providers.local import LocalProvider
from robota_tui.providers.openai import OpenAIProvider
from robota_tui.providers.presets import PRESETS
from robota_tui.providers.process import EXTRA_HINT, INSTALL_HINT, has_engine
from robota_tui.providers.redact import one_line
from robota_tui.providers.weights import find_weights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from robota_tui.agents.provider import Provider

USUAL_PORTS: Mapping[str, int] = {"ollama": 11434, "llamacpp": 8080, "lmstudio": 1234, "vllm": 8000}
"""Where local servers listen, by preset, in the order in which they are asked."""

_CONNECT_TIMEOUT = 0.05
_ANSWER_TIMEOUT = 0.3
_ANSWER_LIMIT = 1 << 20
_BETTER = "For a better one set OPENAI_API_KEY, start Ollama, or name a provider in the settings."


@dataclass(frozen=True, slots=True)
class Discovered:
    """What answers, and what the screen says about it."""

    provider: Provider
    model: str
    """The model that the provider serves by default."""
    sentence: str
    """Which model answers, and where it runs."""
    hint: str
    """How to connect another one; empty where there is nothing to add."""


def discover(ports: Mapping[str, int] = USUAL_PORTS) -> Discovered:
    """OpenAI if `OPENAI_API_KEY` is set, else a local server that answers, else the embedded model.

    Takes milliseconds where nothing listens, and at most a third of a second for each port where
    something does that is no model server. Raises `ConfigurationError` if there is a key and
    `OPENAI_BASE_URL` is no address.
    """
    if os.environ.get("OPENAI_API_KEY", "").strip():
        provider = OpenAIProvider(preset="openai")
        sentence = f"{provider.default_model} at {provider.host} answers, with the key in OPENAI_API_KEY."
        return Discovered(provider, provider.default_model, sentence, "")
    for name, port in ports.items():
        models = served_models(port)
        if models:
            return _found_server(name, port, models[0])
    return embedded()


def served_models(port: int) -> list[str]:
    """The chat models that the server on this loopback port lists; empty if it is no model server."""
    try:
        document = _get_json(port, "/v1/models")
    except (OSError, ValueError, http.client.HTTPException):
        return []
    entries = document.get("data") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        return []
    names = [entry.get("id") for entry in entries if isinstance(entry, dict)]
    return [name for name in names if isinstance(name, str) and name and "embed" not in name.lower()]


def _get_json(port: int, path: str) -> object:
    with socket.create_connection(("127.0.0.1", port), timeout=_CONNECT_TIMEOUT) as connection:
        connection.settimeout(_ANSWER_TIMEOUT)
        client = http.client.HTTPConnection("127.0.0.1", port)
        client.sock = connection
        client.request("GET", path, headers={"Accept": "application/json", "Connection": "close"})
        answer = client.getresponse()
        if answer.status != 200 or "json" not in answer.getheader("content-type", "").lower():
            return None
        return json.loads(answer.read(_ANSWER_LIMIT))


def _found_server(preset: str, port: int, model: str) -> Discovered:
    title = PRESETS[preset].title
    provider = OpenAIProvider(
        preset, preset=preset, base_url=f"http://127.0.0.1:{port}/v1", default_model=model
    )
    sentence = f"{one_line(model)} on this machine answers, through {title} at {provider.host}."
    return Discovered(provider, model, sentence, "Other models and providers can be named in the settings.")


def embedded() -> Discovered:
    """The small model on this machine, and what is missing where it cannot answer."""
    provider = LocalProvider()
    sentence = "SmolLM2-135M on this machine answers: a very small model, quick to speak and often wrong."
    faults = [] if has_engine() else [f"the engine for local models is not installed. {EXTRA_HINT}"]
    faults += [] if find_weights() else [f"its weights are missing. {INSTALL_HINT}"]
    if faults:
        sentence = f"SmolLM2-135M on this machine would answer, but {' And '.join(faults)}"
    return Discovered(provider, provider.default_model, sentence, _BETTER)
