"""Where a very long paragraph may be cut, so that its beginning need not be rendered again.

A cut is good if what comes after it cannot change what stands before it: it lies at a wrapped line's
beginning after a space, no emphasis, code, link or HTML before it is left open, and the part before it
renders alone to exactly the lines it has in the whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from robota_tui.ui.markdown.parser import References, parse_inline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robota_tui.ui.markdown.lines import Line

MARKER = "\N{OBJECT REPLACEMENT CHARACTER} "
"""Stands for the part before the cut when the rest is parsed: it makes the rest a paragraph going on."""

_KEPT = 3
"""Lines at the end that are never cut off: the last word of a line may still move."""
_TRIES = 12
_OPENERS = re.compile(r"\*(?=[^\s*])|(?<![^\W_])_(?=[^\s_])|~~|`|<(?=[A-Za-z/!?])")
# A line like this may turn all lines before it into a heading, or the one before it into a table's header.
_RISKY_LINE = re.compile(r"^[ \t]*[-=:|][-=:| \t]*$", re.MULTILINE)


def is_risky(text: str) -> bool:
    """Whether a line after the first one of `text` may change what the paragraph is."""
    newline = text.find("\n")
    return newline >= 0 and _RISKY_LINE.search(text, newline + 1) is not None


def find_cut(
    lines: Sequence[Line], text: str, start: int, render: Callable[[str], list[Line]]
) -> tuple[int, int] | None:
    """The best cut of an open paragraph that begins at source offset `start`.

    `render` gives the lines of a beginning of `text`. Returns the characters and the lines before the
    cut, None if there is no good one.
    """
    tries = 0
    for count in range(len(lines) - _KEPT, 0, -1):
        run = lines[count].runs[0]
        cut = run.start - start
        if cut <= 0 or run.look.flags or run.end - run.start != len(run.text) or not text[cut - 1].isspace():
            continue
        tries += 1
        if tries > _TRIES:
            return None
        head = text[:cut].rstrip()
        if _leaves_nothing_open(head) and _same(render(head), lines[:count]):
            return cut, count
    return None


def _same(rendered: list[Line], lines: Sequence[Line]) -> bool:
    return len(rendered) == len(lines) and all(a.same_as(b) for a, b in zip(rendered, lines, strict=True))


def _leaves_nothing_open(head: str) -> bool:
    depth = 0
    for token in parse_inline(head, References()):
        if token.type != "text":
            continue
        if _OPENERS.search(token.content):
            return False
        for char in token.content:
            depth += (char == "[") - (char == "]" and depth > 0)
    return depth == 0
