"""Agent templates: named, reusable descriptions of an agent."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from robota_tui.agents.config import MaxTokens, Name, Temperature, TopP

TemplateId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=128)]


class AgentTemplate(BaseModel):
    """A template; every field that is `None` is left to what it extends, or to the defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: TemplateId
    name: Name
    description: str = ""
    category: str | None = None
    tags: tuple[str, ...] = ()
    extends: str | None = None
    """Id of the template whose fields stand in for those that are left out here."""
    version: str | None = None
    author: str | None = None
    provider: str | None = None
    model: str | None = None
    temperature: Temperature | None = None
    max_tokens: MaxTokens | None = None
    top_p: TopP | None = None
    system_message: str | None = None
