"""Names of keys: how a keymap spells them, how the screen shows them, which a terminal can send."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_MODIFIERS = ("alt", "ctrl", "hyper", "meta", "shift", "super")
_NAMED = frozenset(
    {"backspace", "delete", "down", "end", "enter", "escape", "home", "insert", "left", "minus"}
    | {"pagedown", "pageup", "plus", "right", "slash", "space", "tab", "up"}
    | {f"f{number}" for number in range(1, 25)}
)
_SAME_AS = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+[": "escape"}
_LABELS = {
    "pageup": "pgup",
    "pagedown": "pgdn",
    "escape": "esc",
    "slash": "/",
    "minus": "-",
    "plus": "+",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "delete": "del",
}


@dataclass(frozen=True, slots=True)
class KeyProblem:
    """Why a key of a keymap cannot be used."""

    message: str


def parse_key(text: str) -> str | KeyProblem:
    """The name under which the program receives the key that `text` spells, or what is wrong with it.

    Modifiers may stand in any order: `shift+ctrl+up` and `ctrl+shift+up` are one key.
    """
    *modifiers, key = _split(text.strip())
    modifiers = [modifier.lower() for modifier in modifiers]
    unknown = [modifier for modifier in modifiers if modifier not in _MODIFIERS]
    if unknown:
        return KeyProblem(
            f"{text!r} has the unknown modifier {unknown[0]!r}; known are {', '.join(_MODIFIERS)}"
        )
    name = _key_name(key, has_modifier=bool(modifiers))
    if name is None:
        return KeyProblem(f"{text!r} is not a key; write it like 'ctrl+n', 'alt+1', 'f5' or 'ctrl+pagedown'")
    full = "+".join([*sorted(set(modifiers)), name])
    if full in _SAME_AS:
        return KeyProblem(f"{text!r} cannot be told from {_SAME_AS[full]!r} by a terminal")
    if set(modifiers) <= {"shift"} and (len(name) == 1 or name in {"space", "slash", "minus", "plus"}):
        return KeyProblem(f"{text!r} is a character that you type; add ctrl or alt")
    return full


def key_label(key: str) -> str:
    """How `key` is shown to the user: short, in lower case, with arrows drawn."""
    *modifiers, name = _split(key)
    return "+".join([*modifiers, _LABELS.get(name, name)])


def _split(text: str) -> list[str]:
    """Split at `+`, where a second `+` at the end is the key itself."""
    if text == "+":
        return ["plus"]
    return [*text[:-2].split("+"), "plus"] if text.endswith("++") else text.split("+")


def _key_name(key: str, *, has_modifier: bool) -> str | None:
    if len(key) == 1:
        name = {"/": "slash", "-": "minus", " ": "space"}.get(key, key)
        return name.lower() if has_modifier else name
    lowered = key.lower()
    if lowered in _NAMED:
        return lowered
    try:
        unicodedata.lookup(lowered.replace("_", " "))
    except KeyError:
        return None
    return lowered
