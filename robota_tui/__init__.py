"""Many AI agents in one terminal, and the library underneath.

Everything a script needs is importable from here; each name loads its module on first use, so that
`import robota_tui` itself costs next to nothing.
"""

from __future__ import annotations

# Type checkers take this constant for typing.TYPE_CHECKING; importing typing would cost more than the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from robota_tui.agents.config import AgentConfig, ModelConfig
    from robota_tui.agents.errors import (
        ConfigurationError,
        LimitError,
        NotFoundError,
        ProviderError,
        RobotaError,
        RunVetoedError,
        SendError,
        StateError,
    )
    from robota_tui.agents.factory import AgentFactory, CreationStats, LifecycleCallbacks
    from robota_tui.agents.history import ConversationHistory
    from robota_tui.agents.live import LiveReply
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
    from robota_tui.providers.local import LocalProvider
    from robota_tui.providers.openai import OpenAIProvider
    from robota_tui.sessions.chat import ChatInstance
    from robota_tui.sessions.manager import SessionManager
    from robota_tui.sessions.state import ChatInfo, ChatStats, ChatStatus, SessionInfo, SessionState
    from robota_tui.sessions.templates import TemplateManagerAdapter

    __version__: str

_NAMES = {
    "agents.config": "AgentConfig ModelConfig",
    "agents.errors": "ConfigurationError LimitError NotFoundError ProviderError RobotaError RunVetoedError"
    " SendError StateError",
    "agents.factory": "AgentFactory CreationStats LifecycleCallbacks",
    "agents.history": "ConversationHistory",
    "agents.live": "LiveReply",
    "agents.messages": "Message MessageState Role ToolCall Usage",
    "agents.observer": "RunObserver",
    "agents.plugins": "Plugin RunContext",
    "agents.provider": "ChatRequest Finished Provider ReasoningDelta StreamEvent TextDelta ToolCallDelta"
    " ToolSpec",
    "agents.robota": "AgentStats Robota",
    "agents.templates": "AgentTemplate AgentTemplates AppliedTemplate",
    "agents.tools": "Tool",
    "agents.validation": "ValidationResult",
    "providers.local": "LocalProvider",
    "providers.openai": "OpenAIProvider",
    "sessions.chat": "ChatInstance",
    "sessions.manager": "SessionManager",
    "sessions.state": "ChatInfo ChatStats ChatStatus SessionInfo SessionState",
    "sessions.templates": "TemplateManagerAdapter",
}
_HOMES = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = [
    "AgentConfig",
    "AgentFactory",
    "AgentStats",
    "AgentTemplate",
    "AgentTemplates",
    "AppliedTemplate",
    "ChatInfo",
    "ChatInstance",
    "ChatRequest",
    "ChatStats",
    "ChatStatus",
    "ConfigurationError",
    "ConversationHistory",
    "CreationStats",
    "Finished",
    "LifecycleCallbacks",
    "LimitError",
    "LiveReply",
    "LocalProvider",
    "Message",
    "MessageState",
    "ModelConfig",
    "NotFoundError",
    "OpenAIProvider",
    "Plugin",
    "Provider",
    "ProviderError",
    "ReasoningDelta",
    "Robota",
    "RobotaError",
    "Role",
    "RunContext",
    "RunObserver",
    "RunVetoedError",
    "SendError",
    "SessionInfo",
    "SessionManager",
    "SessionState",
    "StateError",
    "StreamEvent",
    "TemplateManagerAdapter",
    "TextDelta",
    "Tool",
    "ToolCall",
    "ToolCallDelta",
    "ToolSpec",
    "Usage",
    "ValidationResult",
    "__version__",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        return _version()
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("robota-tui")
    except PackageNotFoundError:
        return "0+unknown"
