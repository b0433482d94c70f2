"""Workspace files: the sessions, chats and templates that are opened together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from robota_tui.agents.config import MaxTokens, Temperature, TopP
from robota_tui.agents.templates import AgentTemplate
from robota_tui.config.inclusion import include_system_message
from robota_tui.config.problems import nearest, printable
from robota_tui.config.source import Source, read_source
from robota_tui.config.templates import link_templates, parse_templates, with_known_providers
from robota_tui.config.validation import kind_of, validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from robota_tui.config.known import KnownProviders
    from robota_tui.config.problems import KeyPath, Problem

Text = Annotated[str, Field(min_length=1)]
Limit = Annotated[int, Field(ge=0, le=1_000_000)]
M = TypeVar("M", bound=BaseModel)

TEMPLATE_FIELDS = (
    "description",
    "category",
    "tags",
    "version",
    "author",
    "provider",
    "model",
    "temperature",
    "max_tokens",
    "top_p",
    "system_message",
)
"""The fields of a template that a chat may have of its own."""

_REFUSED_IN_CHAT = {
    "extends": ("belongs to templates; a chat names the template it is made from", "template")
}
_WORKSPACE_KEYS = ("workspace", "templates", "sessions")


class ChatSpec(BaseModel):
    """A chat to open: a template, and what is different here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text | None = None
    """`None` takes the name of the template."""
    template: Text | None = None
    """Id of a template; `None` takes the default one."""
    description: str | None = None
    category: str | None = None
    tags: tuple[str, ...] | None = None
    version: str | None = None
    author: str | None = None
    provider: Text | None = None
    model: Text | None = None
    temperature: Temperature | None = None
    max_tokens: MaxTokens | None = None
    top_p: TopP | None = None
    system_message: str | None = None

    @property
    def overrides(self) -> dict[str, Any]:
        """The template fields that this chat sets itself."""
        values = {field: getattr(self, field) for field in TEMPLATE_FIELDS}
        return {field: value for field, value in values.items() if value is not None}


class SessionSpec(BaseModel):
    """A session to open, with its chats in tab order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text | None = None
    user_id: Text | None = None
    """`None` takes the one of the workspace."""
    workspace_id: Text | None = None
    """`None` takes the id of the workspace."""
    max_chats: Limit | None = None
    """`None` takes `max_chats_per_session` of the workspace."""
    chats: tuple[ChatSpec, ...] = ()


class WorkspaceSpec(BaseModel):
    """All that a workspace file says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Text | None = None
    """The `workspace_id` of its sessions, unless one names its own."""
    user_id: Text | None = None
    max_sessions: Limit | None = None
    max_chats_per_session: Limit | None = None
    templates: tuple[AgentTemplate, ...] = ()
    """Seen in this workspace only."""
    sessions: tuple[SessionSpec, ...] = ()

    @property
    def workspace_ids(self) -> tuple[str, ...]:
        """Every workspace id that occurs in it, each once."""
        named = (self.id, *(session.workspace_id for session in self.sessions))
        return tuple(dict.fromkeys(name for name in named if name is not None))


def load_workspace(
    path: Path,
    known_templates: Mapping[str, AgentTemplate],
    known_providers: KnownProviders | None = None,
) -> tuple[WorkspaceSpec | None, list[Problem]]:
    """Read a workspace file; never raises.

    The spec holds all that is right in the file and is `None` only where it cannot be read at all.
    `known_templates` are those that the workspace's own ones may extend; `known_providers` are the names
    that templates and chats may use (`None`: not checked).
    """
    source = read_source(path)
    return parse_workspace(source, known_templates, known_providers), source.problems


def parse_workspace(
    source: Source,
    known_templates: Mapping[str, AgentTemplate],
    known_providers: KnownProviders | None = None,
) -> WorkspaceSpec | None:
    """The same for a file that has been read already; problems go to the source."""
    if not source.is_readable:
        return None
    for key in source.data:
        if key not in _WORKSPACE_KEYS:
            source.report((key,), "unknown key", nearest(key, _WORKSPACE_KEYS))
    if not {"workspace", "sessions"} & source.data.keys():
        source.report_line(0, "has neither [workspace] nor [[sessions]]: it opens nothing")
    placed = parse_templates(source)
    if known_providers is not None:
        placed = with_known_providers(placed, known_providers)
    own = link_templates(placed, known_templates)
    reader = _Reader(source, {*known_templates, *own}, known_providers)
    sessions = reader.read_sessions()
    spec = reader.read_header().model_copy(update={"templates": tuple(own.values()), "sessions": sessions})
    _check_limits(spec, source)
    return spec


class _Reader:
    """Reads the tables of one workspace file."""

    def __init__(self, source: Source, templates: set[str], providers: KnownProviders | None) -> None:
        self._source = source
        self._templates = templates
        self._providers = providers

    def read_header(self) -> WorkspaceSpec:
        table = self._source.data.get("workspace", {})
        if not isinstance(table, dict):
            self._source.report(("workspace",), f"must be a table, not {kind_of(table)}")
            return WorkspaceSpec()
        allowed = {key: value for key, value in table.items() if key not in {"templates", "sessions"}}
        for key in table.keys() - allowed.keys():
            self._source.report(("workspace", key), f"stands beside [workspace], not in it: [[{key}]]")
        spec, _ = validate(WorkspaceSpec, allowed, self._source, ("workspace",))
        return spec or WorkspaceSpec()

    def read_sessions(self) -> tuple[SessionSpec, ...]:
        found = (
            self._read_session(table, path) for table, path in self._tables(self._source.data, "sessions", ())
        )
        return tuple(session for session in found if session is not None)

    def _read_session(self, table: dict[str, Any], path: KeyPath) -> SessionSpec | None:
        chats = tuple(self._read_chat(chat, place) for chat, place in self._tables(table, "chats", path))
        fields = {key: value for key, value in table.items() if key != "chats"}
        session, _ = validate(SessionSpec, fields, self._source, path)
        return None if session is None else session.model_copy(update={"chats": chats})

    def _read_chat(self, table: dict[str, Any], path: KeyPath) -> ChatSpec:
        fields = include_system_message(table, self._source, path)
        spec, _ = validate(ChatSpec, fields, self._source, path, refused=_REFUSED_IN_CHAT)
        chat = spec or ChatSpec()
        if chat.template is not None and chat.template not in self._templates:
            message = (
                f'there is no template "{printable(chat.template)}"; the chat opens with the default one'
            )
            self._source.report((*path, "template"), message, nearest(chat.template, self._templates))
            chat = chat.model_copy(update={"template": None})
        return self._with_known_provider(chat, path)

    def _with_known_provider(self, chat: ChatSpec, path: KeyPath) -> ChatSpec:
        """The chat; its provider and the model there are left out if that provider cannot be used."""
        if chat.provider is None or self._providers is None or chat.provider in self._providers:
            return chat
        message, suggestion = self._providers.fault(chat.provider)
        instead = "the default one" if chat.template is None else "the one of its template or the default one"
        self._source.report((*path, "provider"), f"{message}; the chat opens with {instead}", suggestion)
        return chat.model_copy(update={"provider": None, "model": None})

    def _tables(self, table: dict[str, Any], key: str, path: KeyPath) -> list[tuple[dict[str, Any], KeyPath]]:
        """The tables of an array of tables, each with its place; what is none is reported."""
        entries = table.get(key, [])
        if not isinstance(entries, list):
            self._source.report((*path, key), f"must be tables like [[{key}]], not {kind_of(entries)}")
            return []
        found = []
        for index, entry in enumerate(entries):
            place = (*path, key, index)
            if isinstance(entry, dict):
                found.append((entry, place))
            else:
                self._source.report(place, f"must be a table, not {kind_of(entry)}")
        return found


def _check_limits(spec: WorkspaceSpec, source: Source) -> None:
    """Report what the workspace's own limits will not let open."""
    if spec.max_sessions is not None and len(spec.sessions) > spec.max_sessions:
        source.report(
            ("workspace", "max_sessions"), f"is less than the {len(spec.sessions)} sessions of this file"
        )
    for index, session in enumerate(spec.sessions):
        limit = session.max_chats if session.max_chats is not None else spec.max_chats_per_session
        if limit is not None and len(session.chats) > limit:
            path = ("sessions", index, "max_chats") if session.max_chats is not None else ("sessions", index)
            source.report(path, f"has {len(session.chats)} chats, more than its limit of {limit}")


def needed_limits(workspaces: Iterable[WorkspaceSpec], sessions: int, chats: int) -> tuple[int, int]:
    """The limits on sessions, and on chats of a session, with which a manager can open all of these.

    Never less than the limits given. What a workspace allows itself counts as well as what it opens.
    """
    opened = 0
    for spec in workspaces:
        opened += max(len(spec.sessions), spec.max_sessions or 0)
        wanted = (max(len(one.chats), one.max_chats or 0) for one in spec.sessions)
        chats = max(chats, spec.max_chats_per_session or 0, *wanted)
    return max(sessions, opened), chats
