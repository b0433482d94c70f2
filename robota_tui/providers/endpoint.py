"""Where requests of one provider go, and with which key: resolved from preset, arguments and environment."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from robota_tui.agents.errors import ConfigurationError, ProviderError
from robota_tui.providers.presets import PRESETS, Preset, find_preset

DUMMY_KEY = "no-key-needed"
"""What the client is given for a server that wants no key: the client itself insists on one."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address with its key; the key appears in no `repr`."""

    name: str
    """The provider's name, as configurations and error messages have it."""
    base_url: str
    preset: Preset | None = None
    key_env: str | None = None
    """The variable that holds the key, `None` where no key is used or it was handed over directly."""
    key_required: bool = False
    given_key: str | None = field(default=None, repr=False)

    @property
    def host(self) -> str:
        """Host and port without credentials, path or query: fit for the screen."""
        return _host_of(self.base_url)

    @property
    def label(self) -> str:
        """How error messages name it."""
        return f"{self.name} ({self.host})"

    @property
    def is_loopback(self) -> bool:
        """Whether the server runs on this machine; no proxy must come between."""
        host = urlsplit(self.base_url).hostname or ""
        if host == "localhost":
            return True
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False

    @property
    def secret(self) -> str | None:
        """The key as it is right now, `None` if there is none."""
        key = self.given_key or (os.environ.get(self.key_env) if self.key_env else None)
        return key.strip() or None if key else None

    def require_key(self) -> str:
        """The key to send; `ProviderError` naming the variable if a needed one is missing or unusable."""
        key = self.secret
        if key is None:
            if not self.key_required:
                return DUMMY_KEY
            raise ProviderError(
                f"{self.label} needs an API key, and the environment variable {self.key_env} is not set.",
                kind="authentication",
                hint=f"Set {self.key_env} to your key and start again, or choose another provider.",
            )
        if not (key.isascii() and key.isprintable()):
            raise ProviderError(
                f"The API key for {self.label} contains characters that cannot be part of a key.",
                kind="authentication",
                hint=f"Check the value of {self.key_env}." if self.key_env else "Check the key.",
            )
        return key


def resolve_endpoint(
    name: str | None,
    *,
    preset: str | None,
    base_url: str | None,
    api_key: str | None,
    api_key_env: str | None,
) -> Endpoint:
    """The endpoint that these settings mean; `ConfigurationError` for an unknown preset or a bad address.

    A key variable that only the preset names is used for the preset's own address alone: somebody
    who redirects a preset elsewhere says so if the vendor's key shall go there too.
    """
    known = find_preset(preset) if preset else None
    name = name or preset or "openai"
    if known is None and base_url is None:
        known = PRESETS["openai"]
    url, source = (base_url, None) if base_url is not None else _preset_url(known)
    _check_url(name, url, source)
    is_preset_address = known is not None and (
        base_url is None or _host_of(base_url) == _host_of(known.base_url)
    )
    if api_key_env is None and known is not None and is_preset_address:
        return Endpoint(name, url, known, known.api_key_env, known.needs_key and not api_key, api_key)
    return Endpoint(name, url, known, api_key_env, api_key_env is not None and not api_key, api_key)


def _preset_url(preset: Preset | None) -> tuple[str, str | None]:
    """The preset's address, and the environment variable it comes from if it comes from one."""
    assert preset is not None
    override = os.environ.get(preset.base_url_env) if preset.base_url_env else None
    return (override, preset.base_url_env) if override else (preset.base_url, None)


def _host_of(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def _check_url(name: str, url: str, source: str | None) -> None:
    hint = "It looks like http://127.0.0.1:8000/v1."
    if source is not None:
        hint = f"It comes from the environment variable {source}. {hint}"
    try:
        parts = urlsplit(url)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or not url.isprintable():
        raise ConfigurationError(
            f"The base_url of provider {name!r} is not an http or https address", hint=hint
        )
