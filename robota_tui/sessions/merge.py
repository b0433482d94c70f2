"""Changing some fields of an agent's configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from robota_tui.agents.config import AgentConfig, ModelConfig
from robota_tui.agents.errors import ConfigurationError
from robota_tui.agents.validation import problems_of


def merged_config(base: AgentConfig, changes: AgentConfig | Mapping[str, Any]) -> AgentConfig:
    """`base` with `changes`; a mapping changes the fields it names, those of `default_model` one by one.

    Raises `ConfigurationError` naming each field that does not fit.
    """
    if isinstance(changes, AgentConfig):
        return changes
    if not isinstance(changes, Mapping):
        raise ConfigurationError(f"a configuration is a mapping or an AgentConfig, not {changes!r}")
    fields = {**_set_fields(base), **changes}
    model = changes.get("default_model")
    if isinstance(model, Mapping):
        fields["default_model"] = {**_set_fields(base.default_model), **model}
        if "system_message" in model and "system_message" not in changes:
            # Of the two places for a system message the agent's wins; what is said last must.
            fields["system_message"] = None
    return validated_config(fields)


def overlaid_config(template: AgentConfig, own: AgentConfig) -> AgentConfig:
    """The agent of a template, with the fields that `own` sets itself winning one by one."""
    return merged_config(template, {**_set_fields(own), "default_model": _set_fields(own.default_model)})


def validated_config(fields: Mapping[str, Any]) -> AgentConfig:
    """An agent's configuration of these fields; raises `ConfigurationError` naming what does not fit."""
    try:
        return AgentConfig(**fields)
    except ValidationError as error:
        raise ConfigurationError("; ".join(problems_of(error, AgentConfig))) from error


def _set_fields(config: AgentConfig | ModelConfig) -> dict[str, Any]:
    return {name: getattr(config, name) for name in config.model_fields_set}
