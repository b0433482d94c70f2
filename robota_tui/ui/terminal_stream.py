"""What is mended in the stream of typed characters before it is taken apart into keys: `InputMender`."""

from __future__ import annotations

import re

_PASTE_START, _PASTE_END = "\x1b[200~", "\x1b[201~"
_LEAVING = frozenset("\x11\x03")
"""Ctrl+q and ctrl+c; on their own they were pressed, not pasted."""
_REPLY = re.compile(r"\x1b\]\d+;[^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[>0-9!+$][^\x1b]*\x1b\\")
_BEGUN_REPLY = re.compile(r"\x1b(?:\]\d+(?:;[^\x07\x1b]{0,4096}\x1b?)?|P[>0-9!+$][^\x1b]{0,4096}\x1b?)\Z")

PASTE_PAUSE = 2.0
"""Seconds without input after which a paste counts as over, and a reply as broken off."""
_DOUBT = 0.1
"""Seconds to wait for more of what may be alt+] and a digit as well as the beginning of a reply."""


class InputMender:
    """Takes replies of the terminal out that nobody asked for, and ends pastes that do not end.

    A paste whose end got lost would swallow every key until the program is killed.
    """

    def __init__(self) -> None:
        self._held = ""
        self._is_pasting = False
        self._tail = ""
        self._heard_at = 0.0

    def feed(self, data: str, now: float) -> str:
        """What is to be taken apart now, of what came at `now` (seconds of any clock); may be empty."""
        self._heard_at = now
        if self._is_pasting and data in _LEAVING:
            data = _PASTE_END + data
        data = _REPLY.sub("", self._held + data)
        begun = _BEGUN_REPLY.search(data)
        self._held = begun[0] if begun else ""
        data = data[: len(data) - len(self._held)]
        self._note_paste(data)
        return data

    def tick(self, now: float) -> str:
        """What is to be taken apart because nothing has come for a while; mostly nothing."""
        pause = now - self._heard_at
        out = ""
        if self._held and pause >= (PASTE_PAUSE if self._is_surely_a_reply else _DOUBT):
            out = "" if self._is_surely_a_reply else self._held
            self._held = ""
        if self._is_pasting and pause >= PASTE_PAUSE:
            out += _PASTE_END
        self._note_paste(out)
        return out

    @property
    def _is_surely_a_reply(self) -> bool:
        return ";" in self._held or self._held.startswith("\x1bP")

    def _note_paste(self, data: str) -> None:
        seen = self._tail + data
        start, end = seen.rfind(_PASTE_START), seen.rfind(_PASTE_END)
        if start != end:
            self._is_pasting = start > end
        # Shorter than either mark, so that none is counted twice.
        self._tail = seen[1 - len(_PASTE_START) :]
