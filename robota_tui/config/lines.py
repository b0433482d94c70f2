"""Which line each key of a TOML document stands on, for the standard decoder does not tell.

The text has passed the decoder before, so this scanner need not check anything: it follows headers,
keys, strings and brackets, and it never fails, whatever the text is.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from robota_tui.config.problems import KeyPath

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r]++)
    | (?P<newline>\n)
    | (?P<comment>\#[^\n]*+)
    | (?P<string>
          \"{3} (?: [^"\\] | \\. | \"{1,2}+(?!\") )*+ \"{3,5}+
        | '{3} (?: [^'] | '{1,2}+(?!') )*+ '{3,5}+
        | " (?: [^"\\\n] | \\[^\n] )*+ "
        | ' [^'\n]*+ '
      )
    | (?P<broken>["'][^\n]*+)
    | (?P<mark>[][{},=.])
    | (?P<word>[^][{},=.\s\#"']++)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


_DEEPEST = 64
"""Open brackets; a document with more is refused before anyone asks for its lines."""


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


class _Open(NamedTuple):
    """An array or inline table whose closing bracket has not come yet."""

    path: KeyPath
    is_array: bool


def locate_keys(text: str) -> dict[KeyPath, int]:
    """The line, counted from 1, of each table, key and array element of a TOML text."""
    return _Scanner(text).run()


def line_of(lines: dict[KeyPath, int], path: KeyPath) -> int:
    """The line of a key, or of the nearest thing around it that has one; 1 where nothing has."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        word = match.group()
        yield _Token(kind, word, line)
        line += word.count("\n")


class _Scanner:
    """One pass over the tokens, with the table and the brackets that it stands in."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: dict[KeyPath, int] = {}
        self._counts: dict[KeyPath, int] = {}
        self._table: KeyPath = ()
        self._open: list[_Open] = []
        self._key: list[str] = []
        self._key_line = 1
        self._header = ""
        self._in_value = False
        self._value_path: KeyPath = ()
        self._elements: list[int] = []

    def run(self) -> dict[KeyPath, int]:
        for token in _tokens(self._text):
            if len(self._open) > _DEEPEST:
                break
            if token.kind in {"space", "comment"}:
                continue
            if self._in_value:
                self._read_value(token)
            else:
                self._read_key(token)
        return self._lines

    def _read_key(self, token: _Token) -> None:
        """A part of a key or of a header, or what ends it."""
        match token.kind, token.text:
            case (("word" | "string"), text):
                if not self._key:
                    self._key_line = token.line
                self._key.append(_unquoted(text))
            case "mark", "[":
                self._header += "["
            case "mark", "]" if self._key and self._header:
                self._enter_table()
            case "mark", "=":
                self._begin_value()
            case "mark", "}" if self._open:
                self._key = []
                self._close()
            case ("newline", _) | ("mark", ","):
                self._key, self._header = [], ""
            case _:
                pass

    def _enter_table(self) -> None:
        parts, is_array = self._key, len(self._header) > 1
        path: KeyPath = ()
        for place, part in enumerate(parts):
            path = (*path, part)
            self._lines.setdefault(path, self._key_line)
            if is_array and place == len(parts) - 1:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
        self._lines[path] = self._key_line
        self._table = path
        self._key = []

    def _begin_value(self) -> None:
        base = self._open[-1].path if self._open else self._table
        for length in range(1, len(self._key) + 1):
            self._lines.setdefault((*base, *self._key[:length]), self._key_line)
        self._value_path = (*base, *self._key)
        self._key, self._header = [], ""
        self._in_value = True

    def _read_value(self, token: _Token) -> None:
        """A piece of a value, or the bracket, comma or line end after it."""
        match token.text:
            case "[" | "{" if token.kind == "mark":
                self._note_element(token.line)
                self._open.append(_Open(self._value_path_here(), token.text == "["))
                self._elements.append(0)
                self._in_value = token.text == "["
            case "]" | "}" if token.kind == "mark":
                self._close()
            case "," if token.kind == "mark" and self._open:
                self._elements[-1] += 1
                self._in_value = self._open[-1].is_array
            case "\n" if not self._open:
                self._in_value = False
            case _ if token.kind != "newline":
                self._note_element(token.line)
            case _:
                pass

    def _value_path_here(self) -> KeyPath:
        if self._open and self._open[-1].is_array:
            return (*self._open[-1].path, self._elements[-1])
        return self._value_path

    def _note_element(self, line: int) -> None:
        if self._open and self._open[-1].is_array:
            self._lines.setdefault(self._value_path_here(), line)

    def _close(self) -> None:
        if self._open:
            self._open.pop()
            self._elements.pop()
        self._in_value = True


def _unquoted(text: str) -> str:
    """A key part without its quotes and escapes."""
    if text[0] not in "\"'":
        return text
    try:
        return str(tomllib.loads(f"k = {text}")["k"])
    except ValueError:
        return text.strip("\"'")
