"""Makes agents, counts them, and releases them."""

from __future__ import annotations

import inspect
import logging
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from pydantic import ValidationError

from robota_tui.agents.config import AgentConfig, ModelConfig
from robota_tui.agents.errors import ConfigurationError, LimitError
from robota_tui.agents.plugin_host import SharedPlugins
from robota_tui.agents.provider import Provider
from robota_tui.agents.robota import Robota
from robota_tui.agents.templates import AgentTemplate, AgentTemplates
from robota_tui.agents.validation import ValidationResult, problems_of, validate_agent

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

    from robota_tui.agents.history import ConversationHistory
    from robota_tui.agents.observer import RunObserver

logger = logging.getLogger(__name__)

_BESIDE_TEMPLATE = AgentConfig.model_fields.keys() - AgentTemplate.model_fields.keys() - {"default_model"}
"""What an agent has and no template can say: tools, plugins, providers of its own."""


@dataclass(frozen=True, slots=True)
class LifecycleCallbacks:
    """What to call as agents come and go; each may be a plain or an async function.

    An error in `before_create` or `after_create` stops the creation; one in the others is logged.
    """

    before_create: Callable[[AgentConfig], Awaitable[None] | None] | None = None
    after_create: Callable[[Robota, AgentConfig], Awaitable[None] | None] | None = None
    on_create_error: Callable[[Exception, Any], Awaitable[None] | None] | None = None
    """Also called for an invalid configuration and at the limit. Gets the `AgentConfig`, or, where there
    is none yet, what was handed in: the invalid configuration, or the overrides of a template.
    """
    on_destroy: Callable[[str], Awaitable[None] | None] | None = None
    """Gets the agent's id."""


@dataclass(frozen=True, slots=True)
class CreationStats:
    """How many agents a factory has made."""

    total_created: int = 0
    active_count: int = 0
    from_templates: int = 0
    custom_configured: int = 0

    @property
    def template_usage_ratio(self) -> float:
        """The share of agents that were made from a template, 0 to 1."""
        return self.from_templates / self.total_created if self.total_created else 0.0


class AgentFactory:
    """Makes validated agents, never more than `max_agents` at a time.

    A plugin that several of its agents use is closed with the last of them. Providers that
    configurations brought along are closed in `aclose`; those in `providers` belong to the caller.
    """

    def __init__(
        self,
        providers: Mapping[str, Provider] | None = None,
        templates: AgentTemplates | None = None,
        *,
        max_agents: int | None = None,
        default_model: ModelConfig | None = None,
        callbacks: LifecycleCallbacks | None = None,
    ) -> None:
        if max_agents is not None and max_agents < 0:
            raise ConfigurationError(f"max_agents must not be negative, but is {max_agents}")
        self._providers: Mapping[str, Provider] = {} if providers is None else providers
        self.templates = AgentTemplates() if templates is None else templates
        """Where `create_from_template` looks."""
        self.max_agents = max_agents
        """How many agents may live at a time; `None` sets no limit, 0 refuses all."""
        self.default_model = default_model
        """Serves templates that name no provider."""
        self._callbacks = callbacks or LifecycleCallbacks()
        self._agents: dict[str, Robota] = {}
        self._released: WeakValueDictionary[str, Robota] = WeakValueDictionary()
        self._shared_plugins = SharedPlugins()
        self._own_providers: dict[int, Provider] = {}
        self._in_the_making = 0
        self._stats = CreationStats()

    @property
    def active_agents(self) -> tuple[Robota, ...]:
        """The agents that were made here and not yet released, oldest first."""
        return tuple(self._agents.values())

    async def create_agent(
        self,
        config: AgentConfig | Mapping[str, Any],
        *,
        conversation_id: str | None = None,
        history: ConversationHistory | None = None,
        observer: RunObserver | None = None,
    ) -> Robota:
        """Make an agent.

        Raises `LimitError` when there are `max_agents` already, `ConfigurationError` when the
        configuration is not valid, and whatever the callbacks raise.
        """
        agent = await self._create(config, conversation_id, history, observer)
        self._stats = replace(self._stats, custom_configured=self._stats.custom_configured + 1)
        return agent

    async def create_from_template(
        self,
        template_id: str,
        overrides: Mapping[str, Any] | None = None,
        *,
        conversation_id: str | None = None,
        history: ConversationHistory | None = None,
        observer: RunObserver | None = None,
    ) -> Robota:
        """Make an agent from a template; what the overrides replace is logged.

        Overrides are those of `AgentTemplates.apply`, and the fields of an `AgentConfig` that no
        template has: `tools`, `plugins`, `ai_providers`, `max_messages`. Raises `NotFoundError` for an
        unknown template, and as `create_agent` does.
        """
        try:
            config = self._from_template(template_id, overrides or {})
        except Exception as error:
            await self._tell(self._callbacks.on_create_error, error, overrides or {})
            raise
        agent = await self._create(config, conversation_id, history, observer)
        self._stats = replace(self._stats, from_templates=self._stats.from_templates + 1)
        return agent

    def validate_configuration(self, config: object) -> ValidationResult:
        """Say what is wrong with a configuration, an `AgentConfig` or a mapping; raises nothing."""
        return validate_agent(config, list(self._providers))

    def release(self, agent: Robota | str) -> bool:
        """Count an agent (or the one with that id) no more, which frees its place; whether it counted.

        It is not closed: that is `destroy_agent`, or `Robota.aclose`.
        """
        found = self._agents.pop(agent if isinstance(agent, str) else agent.id, None)
        if found is None:
            return False
        self._note_providers(found)
        self._released[found.id] = found
        return True

    async def destroy_agent(self, agent: Robota | str) -> bool:
        """Release an agent (or the one with that id) and close it; whether it was one of this factory.

        One that was released before is closed as well.
        """
        agent_id = agent if isinstance(agent, str) else agent.id
        found = self._agents.pop(agent_id, None) or self._released.pop(agent_id, None)
        if found is None:
            return False
        self._note_providers(found)
        await found.aclose()
        await self._tell(self._callbacks.on_destroy, agent_id)
        return True

    def get_creation_stats(self) -> CreationStats:
        """The counts as they are now."""
        return replace(self._stats, active_count=len(self._agents))

    async def aclose(self) -> None:
        """Destroy all agents, and close the providers that configurations brought along, each once.

        These include the providers of agents that were destroyed, released or reconfigured before. What
        a provider raises is logged.
        """
        for agent_id in list(self._agents):
            await self.destroy_agent(agent_id)
        for agent in list(self._released.values()):
            self._note_providers(agent)
        self._released.clear()
        closing, self._own_providers = self._own_providers, {}
        shared = {id(provider) for provider in self._providers.values()}
        for provider in [provider for key, provider in closing.items() if key not in shared]:
            try:
                result: Any = provider.aclose()
                if inspect.isawaitable(result):
                    await result
            except Exception:
                logger.exception("Closing provider '%s' failed", getattr(provider, "name", provider))

    async def _create(
        self,
        config: AgentConfig | Mapping[str, Any],
        conversation_id: str | None,
        history: ConversationHistory | None,
        observer: RunObserver | None,
    ) -> Robota:
        agent = None
        try:
            config = self._checked(config)
            with self._place():
                await _call(self._callbacks.before_create, config)
                agent = Robota(
                    config,
                    self._providers,
                    conversation_id=conversation_id,
                    history=history,
                    observer=observer,
                    shared_plugins=self._shared_plugins,
                )
                self._note_providers(agent)
                await _call(self._callbacks.after_create, agent, config)
        except BaseException as error:
            if agent is not None:
                await agent.aclose()
            if isinstance(error, Exception):
                await self._tell(self._callbacks.on_create_error, error, config)
            raise
        self._agents[agent.id] = agent
        self._stats = replace(self._stats, total_created=self._stats.total_created + 1)
        return agent

    def _checked(self, config: AgentConfig | Mapping[str, Any]) -> AgentConfig:
        result = self.validate_configuration(config)
        if not result.is_valid:
            raise ConfigurationError(f"Invalid agent configuration: {'; '.join(result.errors)}")
        for warning in result.warnings:
            logger.warning("%s", warning)
        return config if isinstance(config, AgentConfig) else AgentConfig.model_validate(dict(config))

    def _from_template(self, template_id: str, overrides: Mapping[str, Any]) -> AgentConfig:
        beside = {key: value for key, value in overrides.items() if key in _BESIDE_TEMPLATE}
        own = beside.get("ai_providers")
        known = dict(self._providers)
        for provider in own if isinstance(own, list | tuple) else ():
            if isinstance(provider, Provider) and not isinstance(provider, type):
                known[provider.name] = provider
        fields = {key: value for key, value in overrides.items() if key not in beside}
        applied = self.templates.apply(template_id, fields)
        for warning in applied.warnings:
            logger.info("%s", warning)
        config = applied.template.to_config(self.default_model, default_models(known))
        said = config.model_fields_set
        try:
            return AgentConfig.model_validate({key: getattr(config, key) for key in said} | beside)
        except ValidationError as error:
            problems = "; ".join(problems_of(error, AgentConfig))
            raise ConfigurationError(f"Overrides of template '{template_id}': {problems}") from error

    def _note_providers(self, agent: Robota) -> None:
        self._own_providers.update({id(provider): provider for provider in agent.own_providers})

    @contextmanager
    def _place(self) -> Iterator[None]:
        """Hold a place, from before the first await, so that creations at the same time share the limit."""
        self._require_place()
        self._in_the_making += 1
        try:
            yield
        finally:
            self._in_the_making -= 1

    def _require_place(self) -> None:
        if self.max_agents is not None and len(self._agents) + self._in_the_making >= self.max_agents:
            raise LimitError(
                f"Maximum concurrent agents limit reached: {self.max_agents}",
                hint="Release an agent before you create another.",
            )

    async def _tell(self, callback: Callable[..., Awaitable[None] | None] | None, *arguments: object) -> None:
        try:
            await _call(callback, *arguments)
        except Exception:
            logger.exception("A lifecycle callback failed")


def default_models(providers: Mapping[str, Provider]) -> dict[str, str]:
    """The default model of each provider that has one."""
    found = {name: getattr(provider, "default_model", None) for name, provider in providers.items()}
    return {name: model for name, model in found.items() if isinstance(model, str) and model}


async def _call(callback: Callable[..., Awaitable[None] | None] | None, *arguments: object) -> None:
    if callback is None:
        return
    result = callback(*arguments)
    if inspect.isawaitable(result):
        await result
