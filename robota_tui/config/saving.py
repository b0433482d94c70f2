"""Writing a workspace file: whole or not at all, and only for its owner to read."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robota_tui.agents.errors import ConfigurationError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from robota_tui.config.workspace import WorkspaceSpec

_HEADER = "# A workspace of robota-tui. Open it with: robota-tui FILE\n\n"


def save_workspace(spec: WorkspaceSpec, path: Path) -> None:
    """Write a workspace file that opens to the same thing.

    A file that is there already is replaced in one step and keeps its permissions. Raises
    `ConfigurationError` if the file cannot be written; the old one is untouched then.
    """
    try:
        write_atomically(path, (_HEADER + workspace_text(spec)).encode())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(
            f"The workspace could not be saved to {path}: {reason}",
            hint="Choose a file in a folder that you may write to.",
        ) from error


def workspace_text(spec: WorkspaceSpec) -> str:
    """The TOML of a workspace, in the order in which a person would write it."""
    import tomli_w

    header = _fields(spec, {"templates", "sessions"})
    document: dict[str, Any] = {"workspace": header} if header or not spec.sessions else {}
    if spec.templates:
        document["templates"] = [_fields(template) for template in spec.templates]
    if spec.sessions:
        document["sessions"] = [
            {**_fields(session, {"chats"}), "chats": [_fields(chat) for chat in session.chats]}
            for session in spec.sessions
        ]
    plain = tomli_w.dumps(document)
    # In a multi-line string the writer would not keep a carriage return.
    return plain if "\\r" in plain else tomli_w.dumps(document, multiline_strings=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Put the content in place of a file; readers see the old one or the new one. Raises `OSError`."""
    target = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            temporary.chmod(target.stat().st_mode & 0o777)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _fields(model: BaseModel, left_out: set[str] | None = None) -> dict[str, Any]:
    """What is set in a model; `None`, which TOML lacks, means the same when left out."""
    return model.model_dump(exclude=left_out, exclude_unset=True, exclude_none=True)
