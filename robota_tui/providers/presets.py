"""Endpoints this program knows by name: where they are, which variable holds their key, what they accept."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from robota_tui.agents.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

AUTO_MODEL = "auto"
"""A model name that stands for the first chat model the endpoint lists."""

LOCAL_PRESET = "local"
"""The preset that is no endpoint but the embedded model; see `LocalProvider`."""


@dataclass(frozen=True, slots=True)
class Preset:
    """What is known about an endpoint before it is asked."""

    title: str
    """Its name in a sentence."""
    base_url: str
    default_model: str = AUTO_MODEL
    api_key_env: str | None = None
    """Environment variable that holds the key."""
    needs_key: bool = False
    """Whether a request without a key is pointless."""
    base_url_env: str | None = None
    """Environment variable that overrides `base_url`, where the vendor has one."""
    max_tokens_field: str = "max_tokens"
    """The request field that caps the answer's length."""
    stream_usage: bool = True
    """Whether the endpoint understands `stream_options`; without it usage comes by itself or not at all."""
    start_hint: str = ""
    """How to start the server, for one that runs on the user's machine."""


def _vendor(title: str, base_url: str, api_key_env: str, model: str, *, stream_usage: bool = True) -> Preset:
    return Preset(
        title,
        base_url,
        default_model=model,
        api_key_env=api_key_env,
        needs_key=True,
        stream_usage=stream_usage,
    )


_OPENAI = Preset(
    "OpenAI",
    "https://api.openai.com/v1",
    default_model="gpt-4o-mini",
    api_key_env="OPENAI_API_KEY",
    needs_key=True,
    base_url_env="OPENAI_BASE_URL",
    max_tokens_field="max_completion_tokens",
)

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "openai": _OPENAI,
        "anthropic": _vendor(
            "Anthropic", "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY", "claude-sonnet-4-5"
        ),
        "gemini": _vendor(
            "Gemini",
            "https://generativelanguage.googleapis.com/v1beta/openai",
            "GEMINI_API_KEY",
            "gemini-2.5-flash",
        ),
        "ollama": Preset("Ollama", "http://127.0.0.1:11434/v1", start_hint="Start it with `ollama serve`."),
        "llamacpp": Preset(
            "llama.cpp",
            "http://127.0.0.1:8080/v1",
            api_key_env="LLAMA_API_KEY",
            start_hint="Start it with `llama-server -m MODEL.gguf`.",
        ),
        "lmstudio": Preset(
            "LM Studio", "http://127.0.0.1:1234/v1", start_hint="Start it with `lms server start`."
        ),
        "vllm": Preset(
            "vLLM",
            "http://127.0.0.1:8000/v1",
            api_key_env="VLLM_API_KEY",
            start_hint="Start it with `vllm serve MODEL`.",
        ),
        "openrouter": _vendor(
            "OpenRouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY", "openrouter/auto"
        ),
        "groq": _vendor("Groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY", "llama-3.3-70b-versatile"),
        "deepseek": _vendor("DeepSeek", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY", "deepseek-chat"),
        "mistral": _vendor(
            "Mistral",
            "https://api.mistral.ai/v1",
            "MISTRAL_API_KEY",
            "mistral-small-latest",
            stream_usage=False,
        ),
    }
)
"""Every OpenAI-compatible preset by name; `local` is not among them, it is not an endpoint."""

PRESET_NAMES: tuple[str, ...] = (*PRESETS, LOCAL_PRESET)
"""All names that a provider's `preset` may have."""


def find_preset(name: str) -> Preset:
    """The preset of that name; `ConfigurationError` with the nearest valid name if there is none."""
    preset = PRESETS.get(name)
    if preset is not None:
        return preset
    near = difflib.get_close_matches(name, PRESET_NAMES, n=1)
    raise ConfigurationError(
        f"Unknown provider preset {name!r}",
        hint=f"Did you mean {near[0]!r}?" if near else f"Known presets: {', '.join(PRESET_NAMES)}.",
    )
