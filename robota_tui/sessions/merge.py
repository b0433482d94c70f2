"""Changing some fields of an agent's configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from robota_tui.agents.config import AgentConfig, ModelConfig
from robota_tui.agents.errors import ConfigurationError


def merged_config(base: AgentConfig, changes: AgentConfig | Mapping[str, Any]) -> AgentConfig:
    """`base` with `changes`; a mapping changes the fields it names, those of `default_model` one by one.

    Raises `ConfigurationError` naming each field that does not fit.
    """
    if isinstance(changes, AgentConfig):
        return changes
    fields = _set_fields(base)
    for key, value in changes.items():
        if key == "default_model" and isinstance(value, Mapping):
            fields[key] = {**_set_fields(base.default_model), **value}
        else:
            fields[key] = value
    try:
        return AgentConfig(**fields)
    except ValidationError as error:
        raise ConfigurationError(describe(error)) from error


def overlaid_config(template: AgentConfig, own: AgentConfig) -> AgentConfig:
    """The agent of a template, with the fields that `own` sets itself winning one by one."""
    changes = _set_fields(own)
    changes["default_model"] = _set_fields(own.default_model)
    return merged_config(template, changes)


def describe(error: ValidationError) -> str:
    """All that a validation found, in one sentence a person can read."""
    parts = []
    for detail in error.errors(include_url=False, include_input=False):
        place = ".".join(str(step) for step in detail["loc"]) or "configuration"
        parts.append(f"{place}: {detail['msg'][:1].lower()}{detail['msg'][1:]}")
    return "; ".join(parts)


def _set_fields(config: AgentConfig | ModelConfig) -> dict[str, Any]:
    return {name: getattr(config, name) for name in config.model_fields_set}
