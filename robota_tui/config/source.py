"""Reading a configuration file: its TOML, the place of each key, and the problems found in it."""

from __future__ import annotations

import re
import stat
import tomllib
from functools import cached_property
from typing import TYPE_CHECKING, Any

from robota_tui.config.lines import line_of, locate_keys
from robota_tui.config.problems import Problem, key_text, printable

if TYPE_CHECKING:
    from pathlib import Path

    from robota_tui.config.problems import KeyPath

LARGEST_FILE = 1_000_000
"""Bytes; no configuration file of a human being comes near."""
DEEPEST_NESTING = 32
"""Levels of tables and arrays; the program's own formats need five."""
_BYTE_ORDER_MARK = "\ufeff"
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_CLEARER = {"Cannot overwrite a value": "this key has a value already"}
_ENDLESS_KEY = re.compile(r"(?<![\w-])(?:(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){200}")


class Source:
    """One configuration file: what it says, and what is wrong with it so far."""

    def __init__(self, path: Path, text: str = "", data: dict[str, Any] | None = None) -> None:
        self.path = path
        self.text = text
        self.data: dict[str, Any] = data or {}
        """The decoded document; empty when the file could not be read."""
        self.problems: list[Problem] = []
        self.included: list[Path] = []
        """Other files that this one names as a part of it, whether they could be read or not."""
        self.is_readable = data is not None
        """Whether the file is TOML at all."""

    @cached_property
    def _lines(self) -> dict[KeyPath, int]:
        return locate_keys(self.text)

    def line(self, path: KeyPath) -> int:
        """The line of a key, or of what stands around it; 0 for the file as a whole."""
        return line_of(self._lines, path) if path else 0

    def report(self, path: KeyPath, message: str, suggestion: str = "") -> None:
        """Note that the value at this key path is wrong."""
        self.problems.append(
            Problem(str(self.path), self.line(path), key_text(path), message, printable(suggestion))
        )

    def report_line(self, line: int, message: str) -> None:
        """Note that a line, or with 0 the whole file, is wrong."""
        self.problems.append(Problem(str(self.path), line, "", message))

    def sorted_problems(self) -> list[Problem]:
        """The problems in the order of their lines."""
        return sorted(self.problems, key=lambda problem: problem.line)


def read_source(path: Path) -> Source:
    """Read and decode a TOML file; never raises, an unreadable file comes back with its problem."""
    text, line, message = read_text(path, LARGEST_FILE)
    if message:
        return _unreadable(path, line, message)
    text = text.removeprefix(_BYTE_ORDER_MARK)
    if _ENDLESS_KEY.search(text):
        return _unreadable(path, 0, "a key has hundreds of dotted parts; nothing here needs that many")
    try:
        data = tomllib.loads(text)
    except RecursionError:
        return _unreadable(path, 0, _too_deep())
    except ValueError as error:
        return _unreadable(path, *_explain_syntax(str(error), text))
    if _is_deeper_than(data, DEEPEST_NESTING):
        return _unreadable(path, 0, _too_deep())
    return Source(path, text, data)


def read_text(path: Path, limit: int) -> tuple[str, int, str]:
    """The text of a file; and where that fails, the line (0: the file) and what is wrong with it."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return "", 0, "is a folder; name a file"
        if not stat.S_ISREG(mode):
            return "", 0, "is not a regular file"
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except (OSError, ValueError) as error:
        return "", 0, _explain_refusal(error)
    if len(raw) > limit:
        return "", 0, f"is larger than {_size(limit)}"
    try:
        return raw.decode("utf-8").replace("\r\n", "\n"), 0, ""
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return "", line, f"is not UTF-8 text: byte 0x{raw[error.start]:02x}; save the file as UTF-8"


def _unreadable(path: Path, line: int, message: str) -> Source:
    source = Source(path)
    source.report_line(line, message)
    return source


def _explain_refusal(error: OSError | ValueError) -> str:
    match error:
        case FileNotFoundError():
            return "does not exist"
        case PermissionError():
            return "cannot be read: permission denied"
        case OSError():
            return f"cannot be read: {printable(error.strerror or type(error).__name__)}"
        case _:
            return "is not a possible file name"


def _explain_syntax(message: str, text: str) -> tuple[int, str]:
    """Line and sentence of a decoder's error; the end of the document is its last line with text."""
    place = _PLACE.search(message)
    if place is None:
        return 0, f"is not valid TOML: {printable(message)}"
    what = printable(message[: place.start()])
    what = _CLEARER.get(what, what)
    if place.group(1) is None:
        return max(1, text.rstrip().count("\n") + 1), f"is not valid TOML: {what} before the end of the file"
    return int(place.group(1)), f"is not valid TOML: {what} (column {place.group(2)})"


def _is_deeper_than(data: object, limit: int) -> bool:
    level: list[object] = [data]
    for _ in range(limit):
        level = [inner for value in level for inner in _children(value)]
        if not level:
            return False
    return True


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _too_deep() -> str:
    return f"is nested more than {DEEPEST_NESTING} levels deep"


def _size(count: int) -> str:
    return f"{count // 1_000_000} MB" if count >= 1_000_000 else f"{count // 1_000} kB"
