"""`system_message_file`: a system message that stands in a text file beside the TOML file."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

from robota_tui.config.source import read_text
from robota_tui.config.validation import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from robota_tui.config.problems import KeyPath
    from robota_tui.config.source import Source

KEY = "system_message_file"
LARGEST_MESSAGE = 256_000
"""Bytes of a system message; more than any model's window leaves room for."""


def include_system_message(table: Mapping[str, Any], source: Source, path: KeyPath) -> dict[str, Any]:
    """The table with the text in place of the file's name; what is wrong is reported, the text left out.

    Only files in the folder of the TOML file or below are read, symbolic links followed: a configuration
    from somewhere else must not be able to send a private file to a model.
    """
    fields = dict(table)
    if KEY not in fields:
        return fields
    name = fields.pop(KEY)
    place = (*path, KEY)
    if not isinstance(name, str):
        source.report(place, f"must be a string, not {kind_of(name)}")
    elif "system_message" in fields:
        source.report(place, "stands beside system_message, which wins; keep one of the two")
    elif (fault := _name_fault(name, source.path.parent)) != "":
        source.report(place, fault)
    else:
        source.included.append(source.path.parent / name)
        text, line, fault = read_text(source.included[-1], LARGEST_MESSAGE)
        if fault:
            source.report(place, f"the file {fault}" + (f" (line {line})" if line else ""))
        else:
            fields["system_message"] = text.strip("\n")
    return fields


def _name_fault(name: str, folder: Path) -> str:
    if not name.strip() or "\0" in name:
        return "must be the name of a file"
    if Path(name).is_absolute() or PureWindowsPath(name).drive or ".." in Path(name).parts:
        return "must name a file beside this one, not elsewhere"
    try:
        inside = (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return "the file cannot be found: its links go in a circle"
    return "" if inside else "leads out of this folder by a link; the file is not read"
