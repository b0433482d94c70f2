"""From open sessions to a workspace file: `capture_workspace`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robota_tui.agents.errors import RobotaError
from robota_tui.config.opening import DEFAULT_TEMPLATE
from robota_tui.config.templates import builtin_templates
from robota_tui.config.workspace import ChatSpec, SessionSpec, WorkspaceSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from robota_tui.agents.config import AgentConfig
    from robota_tui.agents.templates import AgentTemplate
    from robota_tui.sessions.chat import ChatInstance
    from robota_tui.sessions.manager import SessionManager
    from robota_tui.sessions.state import SessionInfo

_MODEL_FIELDS = ("provider", "model", "temperature", "max_tokens", "top_p")


def capture_workspace(
    manager: SessionManager,
    workspace_id: str | None = None,
    user_id: str | None = None,
    known_templates: Mapping[str, AgentTemplate] | None = None,
) -> WorkspaceSpec:
    """The present layout, of all sessions or of one workspace or user, as a workspace to save.

    Templates that are not among the known ones (the built-in ones, unless told otherwise) go into the
    file. Providers, tools and plugins that a program handed to an agent as objects have no place in one.
    """
    known = builtin_templates() if known_templates is None else known_templates
    return _Capturer(manager, manager.list_sessions(user_id, workspace_id), known).run()


class _Capturer:
    """Describes a list of sessions."""

    def __init__(
        self, manager: SessionManager, sessions: list[SessionInfo], known: Mapping[str, AgentTemplate]
    ) -> None:
        self._manager = manager
        self._sessions = sessions
        self._known = known
        workspaces = {info.workspace_id for info in sessions}
        users = {info.user_id for info in sessions}
        self._workspace = workspaces.pop() if len(workspaces) == 1 else None
        self._user = users.pop() if len(users) == 1 else None
        self._shared = self._templates_of_all()

    def run(self) -> WorkspaceSpec:
        added = (template for template in self._shared.values() if template != self._known.get(template.id))
        return WorkspaceSpec(
            id=self._workspace or None,
            user_id=self._user or None,
            templates=tuple(added),
            sessions=tuple(self._session(info) for info in self._sessions),
        )

    def _templates_of_all(self) -> dict[str, AgentTemplate]:
        """The templates that every captured workspace sees alike: a file gives its own to all of them."""
        each = [
            {template.id: template for template in self._manager.templates.visible(info.workspace_id)}
            for info in self._sessions
        ]
        first, *others = each or [{}]
        return {
            name: found for name, found in first.items() if all(other.get(name) == found for other in others)
        }

    def _session(self, info: SessionInfo) -> SessionSpec:
        chats = (self._manager.get_chat(chat.id) for chat in self._manager.get_session_chats(info.id))
        return SessionSpec(
            name=info.name,
            user_id=None if info.user_id == self._user else info.user_id,
            workspace_id=None if info.workspace_id == self._workspace else info.workspace_id,
            max_chats=None if info.max_chats == self._manager.max_chats_per_session else info.max_chats,
            chats=tuple(self._chat(chat, info.workspace_id) for chat in chats if chat is not None),
        )

    def _chat(self, chat: ChatInstance, workspace_id: str | None) -> ChatSpec:
        # A chat that stands on no template opens from the default one, so that is what it differs from.
        template_id = chat.agent_template if chat.agent_template in self._shared else DEFAULT_TEMPLATE
        details = self._manager.templates.get_template_details(template_id, workspace_id)
        own = _fields(chat.get_robota_config())
        given = self._fields_of_template(template_id, workspace_id)
        changed = {
            field: value for field, value in own.items() if value is not None and value != given.get(field)
        }
        if given.get("system_message") and not own["system_message"]:
            changed["system_message"] = ""
        if chat.description != (details.description if details else ""):
            changed["description"] = chat.description
        return ChatSpec(name=chat.name, template=template_id if details else None, **changed)

    def _fields_of_template(self, template_id: str, workspace_id: str | None) -> dict[str, Any]:
        try:
            config = self._manager.templates.get_template(template_id, workspace_id)
        except RobotaError:
            # It cannot stand alone, so that the chat's own fields are all that counts.
            return {}
        return {} if config is None else _fields(config)


def _fields(config: AgentConfig) -> dict[str, Any]:
    fields = {field: getattr(config.default_model, field) for field in _MODEL_FIELDS}
    return {**fields, "system_message": config.effective_system_message}
