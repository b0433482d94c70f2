"""Foreign text made fit for an error message: no key, no control characters, one line, not too long."""

from __future__ import annotations

import re

REDACTED = "[redacted]"

_PIECE = 6
"""Characters of a key in a row that count as a piece of it; shorter ones occur in ordinary words."""
_MASKED = re.compile(r"[\w-]*(?:\*{2,}|•{2,})[\w*•.-]*")
_KEY_SHAPED = re.compile(r"\b(?:sk|pk|gsk|xai|rk)[-_][\w*.-]{8,}|\bAIza[\w-]{10,}")
_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_LIMIT = 240
_READ = 4000


def redact(text: str, key: str | None) -> str:
    """`text` without `key`, without any longer piece of it, and without anything shaped like a key."""
    text = _KEY_SHAPED.sub(REDACTED, _MASKED.sub(REDACTED, text))
    if not key:
        return text
    size = min(_PIECE, len(key))
    pieces = {key[start : start + size] for start in range(len(key) - size + 1)}
    hidden = [False] * len(text)
    for start in range(len(text) - size + 1):
        if text[start : start + size] in pieces:
            hidden[start : start + size] = [True] * size
    if not any(hidden):
        return text
    shown = "".join("\0" if hide else character for character, hide in zip(text, hidden, strict=True))
    return re.sub("\0+", REDACTED, shown)


def one_line(text: str, key: str | None = None) -> str:
    """`text` for a sentence: redacted, on one line, free of control characters, cut at a fitting length."""
    line = " ".join(_NOT_PRINTED.sub(" ", redact(text[:_READ], key)).split())
    return line if len(line) <= _LIMIT else line[: _LIMIT - 1].rstrip() + "…"
