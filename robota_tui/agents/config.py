"""What an agent is made of, validated: `ModelConfig` and `AgentConfig`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from robota_tui.agents.plugins import Plugin
from robota_tui.agents.provider import Provider
from robota_tui.agents.tools import Tool

Temperature = Annotated[float, Field(ge=0, le=2)]
TopP = Annotated[float, Field(gt=0, le=1)]
MaxTokens = Annotated[int, Field(gt=0)]
Name = Annotated[str, Field(min_length=1)]


class ModelConfig(BaseModel):
    """Which model answers, and how."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: Name
    model: Name
    temperature: Temperature | None = None
    max_tokens: MaxTokens | None = None
    top_p: TopP | None = None
    system_message: str | None = None
    """Sent first in each request, unless `AgentConfig.system_message` is set."""


class AgentConfig(BaseModel):
    """One agent: its model, its providers, its system message, its tools and plugins."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: Name
    default_model: ModelConfig
    ai_providers: tuple[Provider, ...] = ()
    """Provider objects of its own; where it is empty, the session manager resolves the name."""
    system_message: str | None = None
    tools: tuple[Tool, ...] = ()
    plugins: tuple[Plugin, ...] = ()
    max_messages: Annotated[int, Field(ge=1)] | None = None
    """How many messages of the history the provider is sent; `None` sends all."""

    @field_validator("ai_providers", "tools", "plugins", mode="before")
    @classmethod
    def _accept_lists(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    @field_validator("ai_providers", "plugins", mode="before")
    @classmethod
    def _refuse_classes(cls, value: Any) -> Any:
        for item in value if isinstance(value, list | tuple) else ():
            if isinstance(item, type):
                name = item.__name__
                raise ValueError(f"{name} is a class; hand in an object of it, such as {name}(...)")
        return value

    @field_validator("ai_providers")
    @classmethod
    def _refuse_duplicate_providers(cls, value: tuple[Provider, ...]) -> tuple[Provider, ...]:
        names = [provider.name for provider in value]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"duplicate AI provider names: {', '.join(twice)}")
        return value

    @property
    def effective_system_message(self) -> str | None:
        """The one system message that the provider is sent."""
        return self.system_message or self.default_model.system_message
