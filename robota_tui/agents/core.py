"""What an agent consists of, as its turns see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from robota_tui.agents.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from robota_tui.agents.config import AgentConfig
    from robota_tui.agents.history import ConversationHistory
    from robota_tui.agents.live import LiveReply
    from robota_tui.agents.observer import RunObserver
    from robota_tui.agents.plugin_host import PluginHost
    from robota_tui.agents.provider import Provider
    from robota_tui.agents.tools import Tool


@dataclass(slots=True)
class AgentCore:
    """The parts of one agent; `Robota` changes them, its turns use them."""

    id: str
    conversation_id: str
    config: AgentConfig
    providers: Mapping[str, Provider]
    """Shared providers, looked at when a name is to be resolved; the config's own come first."""
    history: ConversationHistory
    observer: RunObserver
    host: PluginHost
    tools: dict[str, Tool] = field(default_factory=dict)
    live: LiveReply | None = None
    closed: bool = False


def resolve_provider(config: AgentConfig, shared: Mapping[str, Provider]) -> Provider:
    """The provider that `config.default_model` names; raises `ConfigurationError` listing the known ones."""
    wanted = config.default_model.provider
    own = {provider.name: provider for provider in config.ai_providers}
    found = own.get(wanted) or shared.get(wanted)
    if found is None:
        known = ", ".join(sorted({*own, *shared}))
        raise ConfigurationError(
            f"Provider '{wanted}' of agent '{config.name}' is not known",
            hint=f"Known providers: {known}." if known else "No provider is configured.",
        )
    return found
