"""From what a caller names (a configuration, a template, neither) to the agent that is meant."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from robota_tui.agents.config import AgentConfig
from robota_tui.agents.errors import ConfigurationError, NotFoundError
from robota_tui.agents.templates import AgentTemplate
from robota_tui.sessions.merge import merged_config, overlaid_config, validated_config
from robota_tui.sessions.templates import TemplateManagerAdapter

FALLBACK_TEMPLATE = "general"
"""The template of a chat for which nothing is named, where there is such a template."""


class AgentResolver:
    """Finds the configuration of a new chat's agent."""

    def __init__(self, templates: TemplateManagerAdapter) -> None:
        self._templates = templates

    def resolve(
        self,
        agent_config: AgentConfig | Mapping[str, Any] | None,
        template_id: str | None,
        workspace_id: str | None,
    ) -> tuple[AgentConfig, str | None]:
        """The configuration, and the id of the template that it comes from.

        Raises `NotFoundError` for an unknown template and `ConfigurationError` for one that cannot be used.
        """
        if template_id is None and agent_config is None:
            template_id = self._fallback(workspace_id)
        if template_id is None:
            assert agent_config is not None
            return self._validated(agent_config), None
        template = self._find(template_id, workspace_id)
        # What the caller names has not to be known from elsewhere: there may be no default provider.
        config = self._templates.to_config(template.model_copy(update=_own_place(agent_config)))
        if isinstance(agent_config, AgentConfig):
            config = overlaid_config(config, agent_config)
        elif agent_config is not None:
            config = merged_config(config, agent_config)
        return config, template_id

    def upgrade(self, base: AgentConfig, template_id: str, workspace_id: str | None) -> AgentConfig:
        """The agent of a template with the providers, tools and plugins of `base`.

        Where the template names no provider and there is no default one, the provider and model of
        `base` stay. Raises `NotFoundError`, `ConfigurationError`.
        """
        template = self._find(template_id, workspace_id)
        if template.provider is None and self._templates.default_model is None:
            own = base.default_model
            template = template.model_copy(
                update={"provider": own.provider, "model": template.model or own.model}
            )
        kept = ("ai_providers", "tools", "plugins", "max_messages")
        return merged_config(
            self._templates.to_config(template), {name: getattr(base, name) for name in kept}
        )

    def _fallback(self, workspace_id: str | None) -> str:
        if self._templates.get_template_details(FALLBACK_TEMPLATE, workspace_id) is None:
            raise ConfigurationError(
                "A chat needs an agent", hint="Pass agent_config=... or agent_template=... to create_chat."
            )
        return FALLBACK_TEMPLATE

    def _find(self, template_id: str, workspace_id: str | None) -> AgentTemplate:
        applied = self._templates.apply_template(template_id, {}, workspace_id)
        if applied is None:
            near = get_close_matches(template_id, self._templates.list_templates(workspace_id), n=1)
            hint = f"Did you mean '{near[0]}'?" if near else ""
            raise NotFoundError(f"Template '{template_id}' not found", hint=hint)
        return applied.template

    @staticmethod
    def _validated(config: AgentConfig | Mapping[str, Any]) -> AgentConfig:
        if isinstance(config, AgentConfig):
            return config
        if not isinstance(config, Mapping):
            raise ConfigurationError(f"agent_config must be an AgentConfig or a mapping, not {config!r}")
        return validated_config(config)


def _own_place(agent_config: AgentConfig | Mapping[str, Any] | None) -> dict[str, str]:
    """The provider and the model that a configuration names itself."""
    if isinstance(agent_config, AgentConfig):
        model = agent_config.default_model
        return {"provider": model.provider, "model": model.model}
    named = agent_config.get("default_model") if isinstance(agent_config, Mapping) else None
    if not isinstance(named, Mapping):
        return {}
    return {key: named[key] for key in ("provider", "model") if isinstance(named.get(key), str)}
