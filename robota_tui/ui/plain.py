"""Foreign text made safe to draw: no control character, no escape sequence, no markup."""

from __future__ import annotations

import re

from textual.content import Content

# A whole escape sequence goes, not only its first byte: "[31m" left behind would be noise in a name.
_ESCAPE_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor movement
    r"|(?:\x1b[\]P^_X]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC, DCS and their kin
    r"|\x1b[ -/]*[0-~]?"
)
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # turns the reading order of the text around it
)
_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")


def plain_block(text: str, *, max_characters: int = 20_000) -> str:
    """Text of several lines without control characters, cut at `max_characters`; a tab is four spaces."""
    text = _LINE_ENDS.sub("\n", text[:max_characters])
    text = _INVISIBLE.sub("", _ESCAPE_SEQUENCE.sub("", text))
    # A lone surrogate cannot be encoded: written to the terminal it would end the program.
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text).expandtabs(4)


def plain_line(text: str, *, max_characters: int = 500) -> str:
    """Text on one line: as `plain_block`, every run of white space one blank, no white space at the ends."""
    return _SPACES.sub(" ", plain_block(text, max_characters=max_characters)).strip()


def line_content(text: str, style: str = "", *, max_characters: int = 500) -> Content:
    """Foreign text as one line that a widget draws letter by letter."""
    return Content.styled(plain_line(text, max_characters=max_characters), style)


def block_content(text: str, style: str = "") -> Content:
    """Foreign text of several lines that a widget draws letter by letter."""
    return Content.styled(plain_block(text), style)
