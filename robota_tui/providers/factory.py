"""Providers from plain settings values."""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import TYPE_CHECKING

from robota_tui.agents.errors import ConfigurationError
from robota_tui.providers.client import Patience
from robota_tui.providers.local import LocalProvider
from robota_tui.providers.openai import OpenAIProvider
from robota_tui.providers.presets import LOCAL_PRESET, PRESET_NAMES

if TYPE_CHECKING:
    from robota_tui.agents.provider import Provider


def build_provider(
    name: str,
    *,
    preset: str | None = None,
    base_url: str | None = None,
    api_key_env: str | None = None,
    default_model: str | None = None,
    connect_timeout: float | None = None,
    stream_idle_timeout: float | None = None,
) -> Provider:
    """The provider that a `[providers.NAME]` table describes; nothing is imported or connected yet.

    The timeouts are in seconds; `None` leaves them as they are. The embedded model needs none.
    Without a preset and an address the name itself is taken as the preset's. Raises
    `ConfigurationError` for an unknown preset, a bad address, or an address for the embedded model.
    """
    if preset is None and base_url is None:
        preset = _preset_of_name(name)
    if preset != LOCAL_PRESET:
        usual = Patience()
        return OpenAIProvider(
            name,
            preset=preset,
            base_url=base_url,
            api_key_env=api_key_env,
            default_model=default_model,
            patience=replace(
                usual,
                connect=usual.connect if connect_timeout is None else connect_timeout,
                idle=usual.idle if stream_idle_timeout is None else stream_idle_timeout,
            ),
        )
    if base_url is not None or api_key_env is not None:
        raise ConfigurationError(
            f"Provider {name!r} is the embedded model, which has neither base_url nor api_key_env",
            hint="Leave them out, or choose another preset.",
        )
    provider = LocalProvider(name)
    if default_model not in {None, provider.default_model}:
        raise ConfigurationError(
            f"Provider {name!r} is the embedded model; it cannot serve {default_model!r}",
            hint=f"Leave default_model out; it is {provider.default_model!r}.",
        )
    return provider


def _preset_of_name(name: str) -> str:
    if name in PRESET_NAMES:
        return name
    near = difflib.get_close_matches(name, PRESET_NAMES, n=1)
    guess = f' If you meant it, write preset = "{near[0]}".' if near else ""
    raise ConfigurationError(
        f"Provider {name!r} has neither a preset nor a base_url",
        hint=f"Give it one of them. Presets: {', '.join(PRESET_NAMES)}.{guess}",
    )
