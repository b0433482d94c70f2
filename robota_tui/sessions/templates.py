"""The templates of a session manager: shared ones, and ones that only a workspace knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from robota_tui.agents.config import AgentConfig, ModelConfig
from robota_tui.agents.factory import AgentFactory, default_models
from robota_tui.agents.provider import Provider
from robota_tui.agents.templates import AgentTemplate, AgentTemplates, AppliedTemplate


class TemplateManagerAdapter:
    """Finds templates for a workspace: its own ones first, then those that all share.

    Ported from upstream's class of this name. With isolation off, the templates of every workspace
    are found from everywhere.
    """

    def __init__(
        self,
        templates: Iterable[AgentTemplate] = (),
        *,
        providers: Mapping[str, Provider] | None = None,
        default_model: Callable[[], ModelConfig | None] = lambda: None,
        isolated: bool = True,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._shared = AgentTemplates(templates)
        self._by_workspace: dict[str, AgentTemplates] = {}
        self._providers = providers if providers is not None else {}
        self._default_model = default_model
        self._isolated = isolated
        self._on_change = on_change

    @property
    def default_model(self) -> ModelConfig | None:
        """What stands in where a template names no provider or no model."""
        return self._default_model()

    # ----------------------------------------------------------------- finding

    def list_templates(self, workspace_id: str | None = None) -> list[str]:
        """Ids of the templates that a workspace may use, in the order of registration."""
        return [template.id for template in self.visible(workspace_id)]

    def visible(self, workspace_id: str | None = None) -> list[AgentTemplate]:
        """The templates that a workspace may use; of two with one id, the workspace's own."""
        return list(self._registry(workspace_id))

    def get_template_details(self, template_id: str, workspace_id: str | None = None) -> AgentTemplate | None:
        """The template as it was registered, or `None`."""
        return self._registry(workspace_id).get(template_id)

    def get_template(self, template_id: str, workspace_id: str | None = None) -> AgentConfig | None:
        """The agent that a template describes, or `None` if it is unknown.

        Raises `ConfigurationError` if the template and the defaults together name no model.
        """
        applied = self.apply_template(template_id, {}, workspace_id)
        return None if applied is None else self.to_config(applied.template)

    def apply_template(
        self, template_id: str, overrides: Mapping[str, Any] | None = None, workspace_id: str | None = None
    ) -> AppliedTemplate | None:
        """The template with some fields changed, or `None` if it is unknown; raises `ConfigurationError`."""
        registry = self._registry(workspace_id)
        return registry.apply(template_id, overrides) if registry.get(template_id) is not None else None

    def to_config(self, template: AgentTemplate) -> AgentConfig:
        """The agent of a template, what it leaves out taken from the default provider and model."""
        return template.to_config(self._default_model(), default_models(self._providers))

    def validate_template(self, config: AgentConfig | Mapping[str, Any]) -> bool:
        """Whether this is a configuration from which an agent can be made."""
        return AgentFactory(providers=self._providers).validate_configuration(config).is_valid

    # ----------------------------------------------------------------- changing

    def register_template(self, template: AgentTemplate, workspace_id: str | None = None) -> None:
        """Add a template, or replace the one with its id; for one workspace only, if one is named."""
        if workspace_id is None:
            self._shared.register(template)
        else:
            self._by_workspace.setdefault(workspace_id, AgentTemplates()).register(template)
        self._on_change()

    def unregister_template(self, template_id: str, workspace_id: str | None = None) -> bool:
        """Take a template out; says whether it was there."""
        owner = self._shared if workspace_id is None else self._by_workspace.get(workspace_id)
        removed = owner is not None and owner.unregister(template_id)
        if removed:
            self._on_change()
        return removed

    def _registry(self, workspace_id: str | None) -> AgentTemplates:
        own = self._by_workspace.get(workspace_id) if workspace_id is not None else None
        if self._isolated:
            layers = [self._shared, own] if own is not None else [self._shared]
        else:
            others = [found for key, found in self._by_workspace.items() if key != workspace_id]
            layers = [self._shared, *others, *([own] if own is not None else [])]
        if len(layers) == 1:
            return layers[0]
        merged = AgentTemplates()
        for layer in layers:
            for template in layer:
                merged.register(template)
        return merged
