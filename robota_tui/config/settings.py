"""The user's settings: theme, providers, keys and the few choices about the screen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, field_validator

from robota_tui.config.keymap import usable_keymap
from robota_tui.config.known import KnownProviders
from robota_tui.config.problems import nearest, printable
from robota_tui.config.validation import kind_of, validate

if TYPE_CHECKING:
    from collections.abc import Collection

    from robota_tui.config.keymap import KeymapCheck
    from robota_tui.config.source import Source

PRESETS = (
    "openai",
    "anthropic",
    "gemini",
    "ollama",
    "llamacpp",
    "lmstudio",
    "vllm",
    "openrouter",
    "groq",
    "deepseek",
    "mistral",
    "local",
)
"""Names that fill what a provider leaves out; each is also a provider that needs no table."""

DEFAULT_THEME = "robota-dark"
_PROVIDER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_WEB_ADDRESS = re.compile(r"https?://[^\s/@]+(/[^\s@]*)?", re.IGNORECASE)
_KEY_IN_FILE = (
    "a key is never kept in a file: put it into an environment variable and name that variable here",
    "api_key_env",
)
_REFUSED = {"leader": ('is set in [keymap]: leader = "ctrl+x"', "")}
_REFUSED_IN_PROVIDER = dict.fromkeys(
    ("api_key", "apikey", "key", "token", "secret", "password"), _KEY_IN_FILE
)

NonEmpty = Annotated[str, Field(min_length=1, max_length=500)]
Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]


class ProviderSettings(BaseModel):
    """Where the models of one name answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    preset: str | None = None
    """One of `PRESETS`; fills what is left out here."""
    base_url: str | None = None
    """Address of an OpenAI-compatible endpoint, with its version path."""
    api_key_env: str | None = None
    """Environment variable that holds the key; `None` where the preset knows it or none is wanted."""
    default_model: NonEmpty | None = None
    """The model of templates and chats that name none."""
    connect_timeout: Seconds | None = None
    """Seconds until a connection must stand; `None` leaves it to the provider."""
    stream_idle_timeout: Seconds | None = None
    """Seconds without a byte after which a reply counts as broken off; `None` leaves it to the provider."""

    @field_validator("preset")
    @classmethod
    def _know_preset(cls, value: str | None) -> str | None:
        if value is not None and value not in PRESETS:
            raise ValueError(f'there is no preset "{printable(value)}"', nearest(value, PRESETS))
        return value

    @field_validator("base_url")
    @classmethod
    def _check_address(cls, value: str | None) -> str | None:
        if value is not None and not _WEB_ADDRESS.fullmatch(value):
            raise ValueError("must be an address like http://127.0.0.1:8000/v1, without user and password")
        return value

    @field_validator("api_key_env")
    @classmethod
    def _check_variable(cls, value: str | None) -> str | None:
        if value is not None and not _VARIABLE_NAME.fullmatch(value):
            raise ValueError("must be the name of an environment variable (letters, digits, _), not the key")
        return value


class Settings(BaseModel):
    """All settings; every one has a default, so that an absent file is a complete one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    theme: NonEmpty = DEFAULT_THEME
    """Name of a bundled theme or of one in the user's themes folder."""
    default_provider: NonEmpty | None = None
    """Name of a provider or preset; `None` takes the first that answers."""
    sidebar: bool = True
    """Whether the tree of sessions is shown at the start."""
    sidebar_width: Annotated[int, Field(ge=12, le=80)] = 26
    """Cells."""
    confirm_quit: bool = True
    """Whether to ask before quitting while an agent works."""
    providers: Mapping[str, ProviderSettings] = Field(default_factory=dict)
    """By name, in the order of the file."""
    keymap: Mapping[str, str] = Field(default_factory=dict)
    """Keys by action id, the leader's under `leader`; several keys are separated by commas."""


class LoadedSettings(NamedTuple):
    """Settings, and the top-level keys whose value in the file was not acceptable."""

    settings: Settings
    failed: frozenset[str]
    known_providers: KnownProviders
    """The names that templates, chats and `default_provider` may use."""


def parse_settings(
    source: Source,
    previous: Settings | None = None,
    *,
    keymap_check: KeymapCheck | None = None,
    known_themes: Collection[str] | None = None,
) -> LoadedSettings:
    """Settings out of a file, as far as they are right; problems go to the source.

    A key with a mistake keeps its value of `previous`, or its default. `None` for the check or the
    themes accepts any keymap or theme.
    """
    table = dict(source.data)
    tables = table.pop("providers", {})
    if not isinstance(tables, dict):
        source.report(("providers",), f"must be tables like [providers.lab], not {kind_of(tables)}")
        tables = {}
    providers = _parse_providers(tables, source, previous)
    broken = {name: _place(source, name) for name in tables if name not in providers}
    known_providers = KnownProviders({*PRESETS, *providers}, broken)
    built, failed = validate(Settings, table, source, refused=_REFUSED)
    settings = built or Settings()
    faults: dict[str, tuple[str, str]] = {}
    if settings.default_provider is not None:
        faults["default_provider"] = known_providers.fault(settings.default_provider)
    theme = settings.theme
    if "theme" in settings.model_fields_set and known_themes is not None and theme not in known_themes:
        faults["theme"] = f'there is no theme "{printable(theme)}"', nearest(theme, known_themes)
    for key, (message, suggestion) in faults.items():
        if message:
            source.report((key,), message, suggestion)
            failed |= {key}
    kept = {key: getattr(previous or Settings(), key) for key in failed & Settings.model_fields.keys()}
    keymap = usable_keymap(settings.keymap, source, keymap_check)
    if previous is None or "keymap" not in failed:
        kept["keymap"] = keymap
    settings = settings.model_copy(update={**kept, "providers": providers})
    return LoadedSettings(settings, failed, known_providers)


def _place(source: Source, provider: str) -> str:
    return f"{printable(str(source.path))}, line {source.line(('providers', provider))}"


def _parse_providers(
    tables: dict[str, Any], source: Source, previous: Settings | None
) -> dict[str, ProviderSettings]:
    providers: dict[str, ProviderSettings] = {}
    for name, table in tables.items():
        provider = _parse_provider(name, table, source)
        if provider is None and previous is not None:
            provider = previous.providers.get(name)
        if provider is not None:
            providers[name] = provider
    return providers


def _parse_provider(name: str, table: Any, source: Source) -> ProviderSettings | None:
    path = ("providers", name)
    if not isinstance(table, dict):
        source.report(path, f"must be a table, not {kind_of(table)}")
        return None
    if not _PROVIDER_NAME.fullmatch(name):
        source.report(path, "a provider's name begins with a letter, then letters, digits, '_' and '-'")
        return None
    provider, failed = validate(ProviderSettings, table, source, path, refused=_REFUSED_IN_PROVIDER)
    if provider is None or failed & {"base_url", "preset"}:
        return None
    if provider.preset is None and name in PRESETS:
        provider = provider.model_copy(update={"preset": name})
    if provider.preset is None and provider.base_url is None:
        source.report(path, "needs a base_url or a preset")
        return None
    return provider
