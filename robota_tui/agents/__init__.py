"""One agent: its messages, memory, configuration, templates, tools and plugins, and the turns it takes.

Each name loads its module on first use.
"""

from __future__ import annotations

# Type checkers take this constant for typing.TYPE_CHECKING; importing typing would cost more than the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from robota_tui.agents.builtin import builtin_templates
    from robota_tui.agents.config import AgentConfig, ModelConfig
    from robota_tui.agents.errors import (
        ConfigurationError,
        LimitError,
        NotFoundError,
        ProviderError,
        ProviderErrorKind,
        RobotaError,
        RunVetoedError,
        SendError,
        StateError,
    )
    from robota_tui.agents.factory import AgentFactory, CreationStats, LifecycleCallbacks
    from robota_tui.agents.history import ConversationHistory
    from robota_tui.agents.live import LiveReply, TextBuffer
    from robota_tui.agents.messages import Message, MessageState, Role, ToolCall, Usage
    from robota_tui.agents.observer import RunObserver
    from robota_tui.agents.plugins import Plugin, RunContext
    from robota_tui.agents.provider import (
        ChatRequest,
        Finished,
        Provider,
        ReasoningDelta,
        StreamEvent,
        TextDelta,
        ToolCallDelta,
        ToolSpec,
    )
    from robota_tui.agents.robota import AgentStats, Robota
    from robota_tui.agents.templates import AgentTemplate, AgentTemplates, AppliedTemplate
    from robota_tui.agents.tools import Tool
    from robota_tui.agents.validation import ValidationResult

_NAMES = {
    "builtin": "builtin_templates",
    "config": "AgentConfig ModelConfig",
    "errors": "ConfigurationError LimitError NotFoundError ProviderError ProviderErrorKind RobotaError"
    " RunVetoedError SendError StateError",
    "factory": "AgentFactory CreationStats LifecycleCallbacks",
    "history": "ConversationHistory",
    "live": "LiveReply TextBuffer",
    "messages": "Message MessageState Role ToolCall Usage",
    "observer": "RunObserver",
    "plugins": "Plugin RunContext",
    "provider": "ChatRequest Finished Provider ReasoningDelta StreamEvent TextDelta ToolCallDelta ToolSpec",
    "robota": "AgentStats Robota",
    "templates": "AgentTemplate AgentTemplates AppliedTemplate",
    "tools": "Tool",
    "validation": "ValidationResult",
}
_HOMES = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = [
    "AgentConfig",
    "AgentFactory",
    "AgentStats",
    "AgentTemplate",
    "AgentTemplates",
    "AppliedTemplate",
    "ChatRequest",
    "ConfigurationError",
    "ConversationHistory",
    "CreationStats",
    "Finished",
    "LifecycleCallbacks",
    "LimitError",
    "LiveReply",
    "Message",
    "MessageState",
    "ModelConfig",
    "NotFoundError",
    "Plugin",
    "Provider",
    "ProviderError",
    "ProviderErrorKind",
    "ReasoningDelta",
    "Robota",
    "RobotaError",
    "Role",
    "RunContext",
    "RunObserver",
    "RunVetoedError",
    "SendError",
    "StateError",
    "StreamEvent",
    "TextBuffer",
    "TextDelta",
    "Tool",
    "ToolCall",
    "ToolCallDelta",
    "ToolSpec",
    "Usage",
    "ValidationResult",
    "builtin_templates",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
