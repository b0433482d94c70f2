"""`Problem`: what is wrong in a configuration file, where exactly, and what may have been meant."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

KeyPath = tuple[str | int, ...]
"""Where a value stands in a TOML document: table keys, and places in arrays counted from 0."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_EXCERPT = 120
_LONGEST_COMPARED = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in one file; safe to print, for it holds no control characters and no secrets."""

    file: str
    """The file's path as the user named it."""
    line: int
    """Counted from 1; 0 when the problem is the file as a whole."""
    key: str
    """The key in TOML's own spelling (`providers.lab.base_url`); empty when no key is concerned."""
    message: str
    """What is wrong, without file, line and key."""
    suggestion: str = ""
    """The nearest valid word; empty when nothing is near."""

    def __str__(self) -> str:
        place = f"{printable(self.file)}:{self.line}" if self.line else printable(self.file)
        key = f"{self.key}: " if self.key else ""
        hint = f' (did you mean "{self.suggestion}"?)' if self.suggestion else ""
        return f"{place}: {key}{self.message}{hint}"


def printable(text: str) -> str:
    """Foreign text on one line, short, with everything that a terminal could obey made visible."""
    shown = text if len(text) <= _LONGEST_EXCERPT else text[: _LONGEST_EXCERPT - 1] + "…"
    return "".join(char if char.isprintable() else _escape(char) for char in shown)


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def key_text(path: KeyPath) -> str:
    """The path as TOML spells it: `keymap."chat.next"`, `sessions[0].chats[2].model`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            bare = _BARE_KEY.fullmatch(part) is not None and len(part) <= _LONGEST_EXCERPT
            word = part if bare else f'"{printable(part)}"'
            text += f".{word}" if text else word
    return text


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like this one; empty when none is near."""
    by_lower = {name.lower(): name for name in sorted(known, reverse=True)}
    close = difflib.get_close_matches(word.lower()[:_LONGEST_COMPARED], by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else ""
