"""Many AI agents in one terminal, and the library underneath.

Everything a script needs is importable from here; each name loads its module on first use, so that
`import robota_tui` itself costs next to nothing.
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
    from robota_tui.sessions.events import (
        ChatConfigured,
        ChatCreated,
        ChatDeleted,
        ChatMoved,
        ChatRenamed,
        ChatStatusChanged,
        ChatSwitched,
        Event,
        HistoryCleared,
        MessageAdded,
        MessageChanged,
        MessageDeleted,
        MessageStreamed,
        QueueChanged,
        SendFailed,
        SessionCreated,
        SessionDeleted,
        SessionMoved,
        SessionRenamed,
        SessionStateChanged,
        SessionSwitched,
        TemplatesChanged,
    )
    from robota_tui.sessions.manager import SessionManager
    from robota_tui.sessions.state import (
        ChatInfo,
        ChatMetadata,
        ChatStats,
        ChatStatus,
        QueuedMessage,
        SessionInfo,
        SessionState,
    )
    from robota_tui.sessions.store import ChatStore
    from robota_tui.sessions.templates import TemplateManagerAdapter

    __version__: str

_NAMES = {
    "agents.builtin": "builtin_templates",
    "agents.config": "AgentConfig ModelConfig",
    "agents.errors": "ConfigurationError LimitError NotFoundError ProviderError ProviderErrorKind RobotaError"
    " RunVetoedError SendError StateError",
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
    "sessions.events": "Event SessionCreated SessionRenamed SessionMoved SessionStateChanged SessionDeleted"
    " SessionSwitched ChatCreated ChatRenamed ChatMoved ChatDeleted ChatSwitched ChatStatusChanged"
    " ChatConfigured QueueChanged MessageAdded MessageStreamed MessageChanged MessageDeleted"
    " HistoryCleared SendFailed TemplatesChanged",
    "sessions.manager": "SessionManager",
    "sessions.state": "ChatInfo ChatMetadata ChatStats ChatStatus QueuedMessage SessionInfo SessionState",
    "sessions.store": "ChatStore",
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
    "ChatConfigured",
    "ChatCreated",
    "ChatDeleted",
    "ChatInfo",
    "ChatInstance",
    "ChatMetadata",
    "ChatMoved",
    "ChatRenamed",
    "ChatRequest",
    "ChatStats",
    "ChatStatus",
    "ChatStatusChanged",
    "ChatStore",
    "ChatSwitched",
    "ConfigurationError",
    "ConversationHistory",
    "CreationStats",
    "Event",
    "Finished",
    "HistoryCleared",
    "LifecycleCallbacks",
    "LimitError",
    "LiveReply",
    "LocalProvider",
    "Message",
    "MessageAdded",
    "MessageChanged",
    "MessageDeleted",
    "MessageState",
    "MessageStreamed",
    "ModelConfig",
    "NotFoundError",
    "OpenAIProvider",
    "Plugin",
    "Provider",
    "ProviderError",
    "ProviderErrorKind",
    "QueueChanged",
    "QueuedMessage",
    "ReasoningDelta",
    "Robota",
    "RobotaError",
    "Role",
    "RunContext",
    "RunObserver",
    "RunVetoedError",
    "SendError",
    "SendFailed",
    "SessionCreated",
    "SessionDeleted",
    "SessionInfo",
    "SessionManager",
    "SessionMoved",
    "SessionRenamed",
    "SessionState",
    "SessionStateChanged",
    "SessionSwitched",
    "StateError",
    "StreamEvent",
    "TemplateManagerAdapter",
    "TemplatesChanged",
    "TextDelta",
    "Tool",
    "ToolCall",
    "ToolCallDelta",
    "ToolSpec",
    "Usage",
    "ValidationResult",
    "__version__",
    "builtin_templates",
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
