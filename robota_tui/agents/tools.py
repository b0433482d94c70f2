"""Tools that a model may call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from robota_tui.agents.provider import ToolSpec


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that the model may call; `handler` gets the decoded arguments and returns the result."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    """JSON schema of type object."""
    handler: Callable[[dict[str, Any]], Awaitable[object] | object]
    timeout: float = 60.0
    """Seconds until the call counts as failed."""

    @property
    def spec(self) -> ToolSpec:
        """What the model is told."""
        return ToolSpec(self.name, self.description, self.parameters)
