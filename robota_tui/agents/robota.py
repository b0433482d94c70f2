"""One agent: a model, a memory, and the turns between them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict, Unpack
from uuid import uuid4

from pydantic import ValidationError

from robota_tui.agents.config import AgentConfig, ModelConfig
from robota_tui.agents.core import AgentCore, resolve_provider
from robota_tui.agents.errors import ConfigurationError
from robota_tui.agents.history import ConversationHistory
from robota_tui.agents.observer import RunObserver, SilentObserver
from robota_tui.agents.plugin_host import PluginHost, SharedPlugins
from robota_tui.agents.turn import Turn
from robota_tui.agents.validation import problems_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from robota_tui.agents.live import LiveReply
    from robota_tui.agents.messages import Message
    from robota_tui.agents.plugins import Plugin
    from robota_tui.agents.provider import Provider, StreamEvent
    from robota_tui.agents.tools import Tool


class ModelFields(TypedDict, total=False):
    """The fields of `ModelConfig`, each of which may be left out."""

    provider: str
    model: str
    temperature: float | None
    max_tokens: int | None
    top_p: float | None
    system_message: str | None


@dataclass(frozen=True, slots=True)
class AgentStats:
    """Figures of one agent."""

    name: str
    conversation_id: str
    provider: str
    model: str
    tools: tuple[str, ...]
    plugins: tuple[str, ...]
    history_length: int
    messages_by_role: Mapping[str, int]
    uptime: float
    """Seconds since the agent was made."""


class Robota:
    """One agent with a memory of its own.

    It answers one message at a time; further ones wait for their turn, in the order they came. It
    belongs to the event loop it is first used on.
    """

    def __init__(
        self,
        config: AgentConfig,
        providers: Mapping[str, Provider] | None = None,
        *,
        conversation_id: str | None = None,
        history: ConversationHistory | None = None,
        observer: RunObserver | None = None,
        shared_plugins: SharedPlugins | None = None,
    ) -> None:
        """With `shared_plugins` a plugin is closed with the last of the agents that were given it."""
        agent_id = f"agent_{uuid4().hex}"
        self._core = AgentCore(
            id=agent_id,
            conversation_id=conversation_id or agent_id,
            config=config,
            providers={} if providers is None else providers,
            history=ConversationHistory() if history is None else history,
            observer=observer or SilentObserver(),
            host=PluginHost(config.plugins, shared_plugins),
            tools=_merged({}, config.tools),
        )
        if config.max_messages is not None:
            self._core.history.max_messages = config.max_messages
        self._own_providers = {id(provider): provider for provider in config.ai_providers}
        self._turn = asyncio.Lock()
        self._born = time.monotonic()

    @property
    def id(self) -> str:
        """The id by which an `AgentFactory` knows the agent."""
        return self._core.id

    @property
    def conversation_id(self) -> str:
        """The id of the chat, or the agent's own where there is no chat."""
        return self._core.conversation_id

    @property
    def config(self) -> AgentConfig:
        """The configuration, which is immutable; see `update_config`."""
        return self._core.config

    @property
    def history(self) -> ConversationHistory:
        """The memory itself, not a copy."""
        return self._core.history

    @property
    def provider(self) -> Provider:
        """The provider that answers; raises `ConfigurationError` while its name is not known."""
        return resolve_provider(self._core.config, self._core.providers)

    @property
    def own_providers(self) -> tuple[Provider, ...]:
        """All providers that its configurations brought along, those of earlier ones too."""
        return tuple(self._own_providers.values())

    @property
    def live(self) -> LiveReply | None:
        """The reply that is being streamed now."""
        return self._core.live

    @property
    def observer(self) -> RunObserver:
        """Who is told at once what happens in the history; one at a time."""
        return self._core.observer

    @observer.setter
    def observer(self, observer: RunObserver) -> None:
        self._core.observer = observer

    @property
    def is_running(self) -> bool:
        """Whether a turn is under way."""
        return self._turn.locked()

    async def run(self, text: str) -> str:
        """Answer `text` and return the whole answer.

        Raises `RunVetoedError` when a plugin refuses (nothing is stored then), `ConfigurationError`
        when `text` is blank, and whatever the provider fails with, always a `RobotaError`.
        """
        return await self._collect(Turn(self._core, text))

    def run_stream(self, text: str | None) -> AsyncGenerator[StreamEvent, None]:
        """Answer `text`, or for `None` the history as it stands, piece by piece, `Finished` last.

        Closing the generator, or cancelling the task, ends the request; the text so far is kept. Who
        leaves the loop early should close it (`contextlib.aclosing`): until then the next turn waits.
        Raises as `run` does, on the first step.
        """
        return self._stream(Turn(self._core, text))

    async def regenerate(self) -> str:
        """Replace the answer to the last question, and return the new one.

        The old answer, its tool rounds with it, leaves the history; its text stays available in
        `metadata["alternatives"]` of the new reply, oldest first, even if that one fails. Raises
        `RobotaError` where there is no question, and as `run` does.
        """
        return await self._collect(Turn(self._core, None, replace=True))

    def regenerate_stream(self) -> AsyncGenerator[StreamEvent, None]:
        """Like `regenerate`, piece by piece."""
        return self._stream(Turn(self._core, None, replace=True))

    def update_config(self, config: AgentConfig) -> None:
        """Work with `config` from the next turn on: provider, model, system message, tools, plugins.

        Tools and plugins that were registered by hand stay. Raises `ConfigurationError` when the
        provider is not known or two tools have one name; nothing is changed then.
        """
        core = self._core
        resolve_provider(config, core.providers)
        old = core.config
        by_hand = {name: tool for name, tool in core.tools.items() if tool not in old.tools}
        tools = _merged(by_hand, config.tools)
        core.tools = tools
        for plugin in old.plugins:
            if not _holds(config.plugins, plugin):
                core.host.remove(plugin)
        for plugin in config.plugins:
            if not _holds(core.host.plugins, plugin):
                core.host.add(plugin)
        if config.max_messages != old.max_messages:
            core.history.max_messages = config.max_messages
        self._own_providers.update({id(provider): provider for provider in config.ai_providers})
        core.config = config

    def set_model(self, **fields: Unpack[ModelFields]) -> None:
        """Change some fields of the model configuration; raises `ConfigurationError`."""
        config = self._core.config
        try:
            model = ModelConfig.model_validate({**config.default_model.model_dump(), **fields})
        except ValidationError as error:
            raise ConfigurationError("; ".join(problems_of(error, ModelConfig))) from error
        self.update_config(config.model_copy(update={"default_model": model}))

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """All plugins, in the order of their calls."""
        return self._core.host.plugins

    def add_plugin(self, plugin: Plugin) -> None:
        """Add a plugin; raises `ConfigurationError` when this very object is here already."""
        self._core.host.add(plugin)

    def remove_plugin(self, name: str) -> bool:
        """Take the first plugin with that name out; whether there was one."""
        plugin = self._core.host.get(name)
        if plugin is not None:
            self._core.host.remove(plugin)
        return plugin is not None

    def get_plugin(self, name: str) -> Plugin | None:
        """The first plugin with that name."""
        return self._core.host.get(name)

    @property
    def tools(self) -> tuple[Tool, ...]:
        """All tools that the model is offered."""
        return tuple(self._core.tools.values())

    def register_tool(self, tool: Tool) -> None:
        """Offer one more tool; raises `ConfigurationError` when the name is taken."""
        self._core.tools = _merged(self._core.tools, [tool])

    def unregister_tool(self, name: str) -> bool:
        """Offer a tool no more; whether there was one of that name."""
        return self._core.tools.pop(name, None) is not None

    def get_history(self) -> list[Message]:
        """Copies of all messages; a reply that is being streamed has its text so far."""
        if self._core.live is not None:
            self._core.live.sync()
        return self._core.history.copies()

    def clear_history(self) -> None:
        """Forget the conversation; the system message stays."""
        self._core.history.clear()

    def get_stats(self) -> AgentStats:
        """Figures as they are now."""
        core = self._core
        return AgentStats(
            name=core.config.name,
            conversation_id=core.conversation_id,
            provider=core.config.default_model.provider,
            model=core.config.default_model.model,
            tools=tuple(core.tools),
            plugins=tuple(plugin.name for plugin in core.host.plugins),
            history_length=len(core.history),
            messages_by_role=Counter(message.role.value for message in core.history),
            uptime=time.monotonic() - self._born,
        )

    async def aclose(self) -> None:
        """Release the agent: it answers no more, and its plugins are closed. May be called twice.

        A reply under way ends with its next event; cancel its task to end it at once. Providers are
        left open, since agents share them.
        """
        self._core.closed = True
        await self._core.host.aclose()

    async def _stream(self, turn: Turn) -> AsyncGenerator[StreamEvent, None]:
        async with self._turn, aclosing(turn.events()) as events:
            async for event in events:
                yield event
        if turn.finished is not None:
            yield turn.finished

    async def _collect(self, turn: Turn) -> str:
        async with aclosing(self._stream(turn)) as events:
            async for _ in events:
                pass
        return turn.reply.content if turn.reply is not None else ""


def _merged(tools: Mapping[str, Tool], more: Sequence[Tool]) -> dict[str, Tool]:
    merged = dict(tools)
    for tool in more:
        if tool.name in merged:
            raise ConfigurationError(f"Two tools are named '{tool.name}'", hint="Rename one of them.")
        merged[tool.name] = tool
    return merged


def _holds(plugins: Sequence[Plugin], plugin: Plugin) -> bool:
    return any(other is plugin for other in plugins)
