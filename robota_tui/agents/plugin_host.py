"""The plugins of one agent, and the calling of their hooks."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from weakref import WeakSet

from robota_tui.agents.errors import ConfigurationError, RobotaError, RunVetoedError
from robota_tui.agents.plugins import Plugin, RunContext

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

    from robota_tui.agents.messages import Message
    from robota_tui.agents.provider import ChatRequest, StreamEvent

logger = logging.getLogger(__name__)


class SharedPlugins:
    """Knows the agents that may have plugins in common, so that the last one closes a plugin."""

    def __init__(self) -> None:
        self._hosts: WeakSet[PluginHost] = WeakSet()

    def join(self, host: PluginHost) -> None:
        """Count `host` among those that may need a plugin, as long as it holds any."""
        self._hosts.add(host)

    def needs(self, plugin: Plugin) -> bool:
        """Whether any host still holds `plugin`."""
        return any(host.holds(plugin) for host in self._hosts)


class PluginHost:
    """Calls hooks by falling priority, those of one priority in the order they were added.

    `enabled` is looked at when a hook is due. What a hook raises is logged and goes no further; only
    `before_run` may refuse.
    """

    def __init__(self, plugins: Iterable[Plugin] = (), shared: SharedPlugins | None = None) -> None:
        self._plugins: tuple[Plugin, ...] = ()
        self._retired: list[Plugin] = []
        self._chunk_plugins: tuple[Plugin, ...] = ()
        for plugin in plugins:
            self.add(plugin)
        self._shared = shared or SharedPlugins()
        self._shared.join(self)

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """All plugins, in the order of their calls."""
        return self._plugins

    @property
    def wants_chunks(self) -> bool:
        """Whether any plugin overrides `on_stream_chunk`, which is called for every token."""
        return bool(self._chunk_plugins)

    def get(self, name: str) -> Plugin | None:
        """The first plugin with that name."""
        return next((plugin for plugin in self._plugins if plugin.name == name), None)

    def holds(self, plugin: Plugin) -> bool:
        """Whether the plugin is here, or was and is still to be closed."""
        return any(other is plugin for other in (*self._plugins, *self._retired))

    def add(self, plugin: Plugin) -> None:
        """Add a plugin; raises `ConfigurationError` when this very object is here already."""
        if any(other is plugin for other in self._plugins):
            raise ConfigurationError(f"The plugin '{plugin.name}' is registered already")
        self._retired = [other for other in self._retired if other is not plugin]
        self._arrange([*self._plugins, plugin])

    def remove(self, plugin: Plugin) -> None:
        """Take a plugin out; it is closed with the rest. Nothing happens where it is unknown."""
        if any(other is plugin for other in self._plugins):
            self._retired.append(plugin)
            self._arrange([other for other in self._plugins if other is not plugin])

    async def before_run(self, context: RunContext, user_input: str) -> None:
        """Ask every plugin; raises `RunVetoedError` as soon as one refuses."""
        for plugin in self._enabled():
            try:
                await plugin.before_run(context, user_input)
            except Exception as error:
                reason = str(error) or type(error).__name__
                hint = error.hint if isinstance(error, RobotaError) else ""
                raise RunVetoedError(f"The plugin '{plugin.name}' refused: {reason}", hint=hint) from error

    async def after_run(self, context: RunContext, reply: Message) -> None:
        """Tell every plugin."""
        for plugin in self._enabled():
            await _guarded_async(plugin, "after_run", plugin.after_run, context, reply)

    async def before_provider_call(self, context: RunContext, request: ChatRequest) -> None:
        """Tell every plugin."""
        for plugin in self._enabled():
            await _guarded_async(
                plugin, "before_provider_call", plugin.before_provider_call, context, request
            )

    async def after_provider_call(self, context: RunContext, reply: Message) -> None:
        """Tell every plugin."""
        for plugin in self._enabled():
            await _guarded_async(plugin, "after_provider_call", plugin.after_provider_call, context, reply)

    def on_message(self, context: RunContext, message: Message) -> None:
        """Tell every plugin."""
        for plugin in self._enabled():
            _guarded(plugin, "on_message", plugin.on_message, context, message)

    def on_stream_chunk(self, context: RunContext, event: StreamEvent) -> None:
        """Tell the plugins that want to know."""
        for plugin in self._chunk_plugins:
            if plugin.enabled:
                try:
                    plugin.on_stream_chunk(context, event)
                except Exception:
                    _log(plugin, "on_stream_chunk")

    def on_error(self, context: RunContext, error: BaseException) -> None:
        """Tell every plugin."""
        for plugin in self._enabled():
            _guarded(plugin, "on_error", plugin.on_error, context, error)

    async def aclose(self) -> None:
        """Close each plugin once, those that were removed too, enabled or not.

        One that another agent holds is left to that one.
        """
        held = (*self._retired, *self._plugins)
        self._retired = []
        self._arrange([])
        # Decided before anything is awaited: of two agents that are closed at once, one must do it.
        for plugin in [plugin for plugin in held if not self._shared.needs(plugin)]:
            await _guarded_async(plugin, "aclose", plugin.aclose)

    def _enabled(self) -> Iterator[Plugin]:
        return (plugin for plugin in self._plugins if plugin.enabled)

    def _arrange(self, plugins: list[Plugin]) -> None:
        self._plugins = tuple(sorted(plugins, key=lambda plugin: -plugin.priority))
        self._chunk_plugins = tuple(p for p in self._plugins if _overrides_chunks(p))


def _overrides_chunks(plugin: Plugin) -> bool:
    return getattr(plugin.on_stream_chunk, "__func__", None) is not Plugin.on_stream_chunk


def _guarded(plugin: Plugin, hook: str, call: Callable[..., None], *arguments: object) -> None:
    try:
        call(*arguments)
    except Exception:
        _log(plugin, hook)


async def _guarded_async(
    plugin: Plugin, hook: str, call: Callable[..., Awaitable[None]], *arguments: object
) -> None:
    try:
        await call(*arguments)
    except Exception:
        _log(plugin, hook)


def _log(plugin: Plugin, hook: str) -> None:
    logger.exception("The plugin '%s' failed in its hook %s", plugin.name, hook)
