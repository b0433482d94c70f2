"""How wide text is on a terminal, and where it may be cut: widths in cells, cuts between graphemes."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len

# Characters that every width table agrees on: one cell, alone a grapheme.
_SIMPLE = re.compile(
    "[\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0377\u0384-\u038a\u0391-\u03a1\u03a3-\u03ff\u0400-\u0482"
    "\u2010-\u2027\u2032-\u2037\u2039-\u203b\u2400-\u2426\u2500-\u25fc\u2800-\u28ff\ufffd]*"
)
_JOINER = "\N{ZERO WIDTH JOINER}"


class Grapheme(NamedTuple):
    """One user-perceived character of a text."""

    start: int
    """Index of its first character."""
    end: int
    """Index after its last character."""
    width: int
    """Cells it takes: 0, 1 or 2 (more where the width table sums the parts of an emoji)."""


def is_simple(text: str) -> bool:
    """Whether each character of `text` is a grapheme of exactly one cell."""
    return text.isascii() or _SIMPLE.fullmatch(text) is not None


def text_width(text: str) -> int:
    """Cells that `text` takes; `text` must be clean."""
    if is_simple(text):
        return len(text)
    return sum(grapheme.width for grapheme in graphemes(text))


@lru_cache(maxsize=4096)
def _extends(char: str) -> bool:
    code = ord(char)
    return (
        0xFE00 <= code <= 0xFE0F  # variation selectors
        or 0x1F3FB <= code <= 0x1F3FF  # skin tones
        or 0xE0020 <= code <= 0xE007F  # tags: the flags of England, Scotland, Wales
        or 0x1160 <= code <= 0x11FF  # Hangul vowels and final consonants
        or code == 0x200C
        or unicodedata.category(char) in ("Mn", "Me", "Mc")
    )


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def graphemes(text: str) -> list[Grapheme]:
    """`text` in graphemes, without gaps; joined emoji, flags and combining marks stay together."""
    found: list[Grapheme] = []
    index, size = 0, len(text)
    while index < size:
        start = index
        first = text[index]
        index += 1
        if _is_flag_letter(first) and index < size and _is_flag_letter(text[index]):
            index += 1
        while index < size:
            if text[index] == _JOINER:
                index += 2 if index + 1 < size else 1
            elif _extends(text[index]):
                index += 1
            else:
                break
        found.append(Grapheme(start, index, cell_len(text[start:index])))
    return found


# Characters that must not begin a line in East Asian text.
_CLOSING = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー’”）〕］｝〉》」』】°′″℃ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)


def line_breaks(text: str, width: int) -> list[tuple[int, int]]:
    """Where to wrap `text` at `width` cells (>= 1): (start, end) indices of each line.

    Greedy: what a line holds depends on nothing before its start. Spaces at a break hang (they
    belong to no line); a word wider than a line begins a new one and is cut between graphemes.
    """
    return _simple_breaks(text, width) if is_simple(text) else _wide_breaks(text, width)


def _simple_breaks(text: str, width: int) -> list[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    start, size = 0, len(text)
    while size - start > width:
        space = text.rfind(" ", start, start + width + 1)
        # Spaces that stand where the line begins are no place to break at.
        if space < 0 or not text[start:space].strip(" "):
            end = resume = start + width
        else:
            end = resume = space
        while end > start and text[end - 1] == " ":
            end -= 1
        while resume < size and text[resume] == " ":
            resume += 1
        lines.append((start, end))
        start = resume
    if start < size or not lines:
        lines.append((start, size))
    return lines


def _wide_breaks(text: str, width: int) -> list[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    line_start = used = 0
    # The last place where the line may end, where the next one would begin, and the cells up to there.
    break_end = resume = resume_used = -1
    previous_wide = False
    for start, end, cells in graphemes(text):
        char = text[start]
        if char == " " and end - start == 1:
            if resume != start:
                break_end = start
            used += cells
            resume, resume_used = end, used
            previous_wide = False
            continue
        wide = cells >= 2
        if (wide or previous_wide) and char not in _CLOSING and resume != start:
            break_end, resume, resume_used = start, start, used
        while used + cells > width and start > line_start:
            if break_end > line_start:
                lines.append((line_start, break_end))
                line_start, used = resume, used - resume_used
            else:
                lines.append((line_start, start))
                line_start, used = start, 0
            break_end = resume = resume_used = -1
        used += cells
        previous_wide = wide
    last = len(text) if used <= width else len(text.rstrip(" "))
    if line_start < last or not lines:
        lines.append((line_start, max(line_start, last)))
    return lines
