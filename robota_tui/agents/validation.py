"""Plain sentences about configurations that are not acceptable, or doubtful."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from robota_tui.agents.config import AgentConfig

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

MANY_TOOLS = 20
LONG_SYSTEM_MESSAGE = 8_000
"""Characters; a longer system message takes a good part of a small model's context."""


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """What is wrong with a configuration, in sentences that begin with the key."""

    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    """What works, but is probably not what was meant."""

    @property
    def is_valid(self) -> bool:
        """Whether there are no errors; warnings do not count."""
        return not self.errors


def validate_agent(config: object, known_providers: Sequence[str]) -> ValidationResult:
    """Check a configuration, or the mapping that is to become one; anything else is an error of its own.

    `known_providers` are the names that may be used beside those of its own `ai_providers`.
    """
    if not isinstance(config, AgentConfig):
        if not isinstance(config, Mapping):
            given = "None" if config is None else f"a {type(config).__name__}"
            return ValidationResult((f"the configuration must be an AgentConfig or a mapping, not {given}",))
        try:
            config = AgentConfig.model_validate(dict(config))
        except ValidationError as error:
            return ValidationResult(errors=tuple(problems_of(error, AgentConfig)))
    return ValidationResult(tuple(_errors(config, known_providers)), tuple(_warnings(config)))


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """One sentence for each problem pydantic found while it validated `model`."""
    return [_sentence(details, model) for details in error.errors(include_url=False)]


def unknown_key(key: str, known: Sequence[str]) -> str:
    """Say that `key` is not known, and which known one it may have been meant for."""
    near = get_close_matches(key.rpartition(".")[2], known, n=1)
    return f"{key} is not a known key" + (f"; did you mean '{near[0]}'?" if near else "")


def _sentence(details: ErrorDetails, model: type[BaseModel]) -> str:
    path = ".".join(str(part) for part in details["loc"])
    match details["type"]:
        case "missing":
            return f"{path} is missing"
        case "extra_forbidden":
            return unknown_key(path, _keys_beside(details["loc"], model))
        case "value_error":
            return f"{path}: {details.get('ctx', {}).get('error', details['msg'])}"
    got = details["input"]
    shown = f", not {got!r:.60}" if isinstance(got, str | int | float | bool | None) else ""
    return f"{path}: {_reworded(details['msg'])}{shown}"


def _reworded(message: str) -> str:
    return message.replace("Input should", "the value should").replace("String should", "the text should")


def _keys_beside(path: Sequence[int | str], model: type[BaseModel]) -> list[str]:
    """The keys that would have been valid where the last part of `path` stands."""
    for part in path[:-1]:
        fields = model.model_fields
        inner = fields[part].annotation if isinstance(part, str) and part in fields else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return []
        model = inner
    return list(model.model_fields)


def _errors(config: AgentConfig, known_providers: Sequence[str]) -> list[str]:
    errors = []
    names = {*known_providers, *(provider.name for provider in config.ai_providers)}
    wanted = config.default_model.provider
    if wanted not in names:
        known = f"known providers: {', '.join(sorted(names))}" if names else "no provider is configured"
        errors.append(f"default_model.provider '{wanted}' is not known; {known}")
    tools = [tool.name for tool in config.tools]
    errors += [f"tools: two are named '{name}'" for name in sorted({n for n in tools if tools.count(n) > 1})]
    return errors


def _warnings(config: AgentConfig) -> list[str]:
    warnings = []
    length = len(config.effective_system_message or "")
    if length > LONG_SYSTEM_MESSAGE:
        warnings.append(f"system_message is {length:,} characters long and is sent with every request")
    if len(config.tools) > MANY_TOOLS:
        warnings.append(
            f"tools: {len(config.tools)} are offered; models choose badly among more than {MANY_TOOLS}"
        )
    inner = config.default_model.system_message
    if config.system_message and inner and inner != config.system_message:
        warnings.append("default_model.system_message is not sent, because system_message is set")
    return warnings
