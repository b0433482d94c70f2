"""The templates that every installation has."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from robota_tui.agents.templates import AgentTemplate

_FILE = Path(__file__).with_name("builtin_templates.toml")


@cache
def builtin_templates() -> tuple[AgentTemplate, ...]:
    """The templates that come with the package; none names a provider or a model."""
    import tomllib

    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))["templates"]
    return tuple(AgentTemplate.model_validate(table) for table in tables)
