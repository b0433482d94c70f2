"""From a workspace file to open sessions: `open_workspace`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from robota_tui.agents.errors import ConfigurationError, RobotaError
from robota_tui.agents.templates import AgentTemplate
from robota_tui.config.known import KnownProviders
from robota_tui.config.problems import KeyPath, Problem, key_text, nearest, printable
from robota_tui.config.source import read_source

if TYPE_CHECKING:
    from pathlib import Path

    from robota_tui.config.workspace import ChatSpec, SessionSpec, WorkspaceSpec
    from robota_tui.sessions.manager import SessionManager

DEFAULT_TEMPLATE = "general"
"""The template of a chat that names none, where there is such a template."""


@dataclass(frozen=True, slots=True)
class OpenedWorkspace:
    """What came of opening a workspace."""

    session_ids: tuple[str, ...]
    """The sessions that were created, in the order of the file."""
    problems: tuple[Problem, ...]
    """What could not be opened as the file says, and why; the rest is open."""


async def open_workspace(
    manager: SessionManager, spec: WorkspaceSpec, file: Path | None = None
) -> OpenedWorkspace:
    """Create the sessions and chats of a workspace; never raises for what the file says.

    What cannot be opened is left out and reported, with the line in `file` if that is given.
    """
    return await _Opener(manager, spec, file).run()


class _Opener:
    """Opens one workspace, gathering what goes wrong."""

    def __init__(self, manager: SessionManager, spec: WorkspaceSpec, file: Path | None) -> None:
        self._manager = manager
        self._spec = spec
        self._file = file
        self._faults: list[tuple[KeyPath, str, str]] = []

    async def run(self) -> OpenedWorkspace:
        self._register_templates()
        limit = self._spec.max_sessions
        opened: list[str | None] = []
        for index, session in enumerate(self._spec.sessions):
            if limit is not None and len(opened) >= limit:
                self._note(("sessions", index), f"is not opened: max_sessions of the workspace is {limit}")
                continue
            opened.append(await self._open_session(session, index))
        ids = tuple(session_id for session_id in opened if session_id is not None)
        return OpenedWorkspace(ids, self._problems())

    def _register_templates(self) -> None:
        """For every workspace that the file names; if it names none, they are there for all."""
        for owner in self._spec.workspace_ids or (None,):
            for template in self._spec.templates:
                self._manager.templates.register_template(template, owner)

    async def _open_session(self, session: SessionSpec, index: int) -> str | None:
        spec = self._spec
        path: KeyPath = ("sessions", index)
        workspace_id = session.workspace_id or spec.id
        try:
            session_id = self._manager.create_session(
                session.name,
                session.user_id or spec.user_id or "anonymous",
                workspace_id,
                spec.max_chats_per_session if session.max_chats is None else session.max_chats,
            )
        except RobotaError as error:
            self._note_error(path, error)
            return None
        for place, chat in enumerate(session.chats):
            try:
                await self._open_chat(session_id, chat, workspace_id, (*path, "chats", place))
            except RobotaError as error:
                self._note_error((*path, "chats", place), error)
        return session_id

    async def _open_chat(
        self, session_id: str, chat: ChatSpec, workspace_id: str | None, path: KeyPath
    ) -> None:
        templates = self._manager.templates
        template_id: str | None = self._template_id(chat, workspace_id, path)
        applied = templates.apply_template(template_id or "", chat.overrides, workspace_id)
        template = applied.template if applied else _template_of(chat)
        template = self._with_known_provider(template, path)
        await self._manager.create_chat(
            session_id,
            chat.name or template.name,
            agent_config=templates.to_config(template),
            agent_template=template_id if applied else None,
            description=template.description,
        )

    def _template_id(self, chat: ChatSpec, workspace_id: str | None, path: KeyPath) -> str:
        known = self._manager.templates.list_templates(workspace_id)
        if chat.template is None or chat.template in known:
            return chat.template or DEFAULT_TEMPLATE
        message = f'there is no template "{printable(chat.template)}"; the chat opens with the default one'
        self._note((*path, "template"), message, nearest(chat.template, known))
        return DEFAULT_TEMPLATE

    def _with_known_provider(self, template: AgentTemplate, path: KeyPath) -> AgentTemplate:
        """The template; one whose provider the manager has not got goes without it, and its model.

        Raises `ConfigurationError` where no default provider could stand in.
        """
        known = self._manager.providers
        name = template.provider
        if name is None or name in known:
            return template
        message, suggestion = KnownProviders(known).fault(name)
        if self._manager.default_model is None:
            raise ConfigurationError(message, hint=suggestion and f'did you mean "{suggestion}"?')
        self._note((*path, "provider"), f"{message}; the chat opens with the default one", suggestion)
        return template.model_copy(update={"provider": None, "model": None})

    def _note_error(self, path: KeyPath, error: RobotaError) -> None:
        hint = f" ({error.hint})" if error.hint else ""
        self._note(path, f"could not be opened: {error}{hint}")

    def _note(self, path: KeyPath, message: str, suggestion: str = "") -> None:
        self._faults.append((path, message, suggestion))

    def _problems(self) -> tuple[Problem, ...]:
        source = read_source(self._file) if self._file is not None and self._faults else None
        return tuple(
            Problem(
                str(self._file or "workspace"),
                source.line(path) if source is not None and source.is_readable else 0,
                key_text(path),
                message,
                suggestion,
            )
            for path, message, suggestion in self._faults
        )


def _template_of(chat: ChatSpec) -> AgentTemplate:
    """A chat that stands on no template is one of its own."""
    return AgentTemplate(id="chat", name=chat.name or "Chat", **chat.overrides)
