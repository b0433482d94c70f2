"""The block that is being written: what of it is closed, and what the parser makes of the rest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from robota_tui.ui.markdown.tables import SAMPLE

if TYPE_CHECKING:
    from robota_tui.ui.markdown.block import Block, Continuation, Part
    from robota_tui.ui.markdown.parser import References

_DELIMITER_ROW = re.compile(r"[ \t]*[-:|][-:| \t]*$")
PART_SIZE = 120
"""Characters of list items or table rows that are worth closing."""


class OpenBlock:
    """What is already closed of the block that is being written."""

    __slots__ = ("continues", "line", "next_cut", "prefix", "start", "text", "wanted")

    def __init__(self, start: int, line: int) -> None:
        self.start = start
        """Where it begins in the source."""
        self.line = line
        """How many lines were closed before it began."""
        self.text: list[str] = []
        """Source of its closed part, in pieces."""
        self.prefix = ""
        """What must stand before the open part for the parser to see it as what it is."""
        self.continues: Continuation | None = None
        """None while nothing of it is closed."""
        self.wanted: frozenset[str] = frozenset()
        """Labels that its closed part asked for."""
        self.next_cut = PART_SIZE
        """Size of the open part at which closing a part is tried."""


class Parsed(NamedTuple):
    """The open part as the parser sees it."""

    text: str
    starts: list[int]
    """Where each line of `text` begins, and where the last one ends if it is complete."""
    blocks: list[Block]
    firsts: list[int]
    """Index of each block's first line among the open lines."""
    references: References

    @property
    def complete(self) -> int:
        """Number of lines that have come to their end."""
        return len(self.starts) - 1

    def line(self, number: int) -> str:
        """The text of a complete line."""
        return self.text[self.starts[number] : self.starts[number + 1] - 1]


def line_starts(text: str) -> list[int]:
    """Where each line of `text` begins; after a last line break, the end of the text too."""
    starts = [0]
    while (newline := text.find("\n", starts[-1])) >= 0:
        starts.append(newline + 1)
    return starts


def is_place_to_cut(parsed: Parsed, part: Part) -> bool:
    """Whether what stands before a list item or table row is final, and the rest parses alone as now."""
    if part.source_line + 2 > parsed.complete:
        return False
    if parsed.blocks[0].shape is not None:
        return part.number >= SAMPLE
    # An item and a line of dashes look like a table to a parser that does not know it is in a list.
    return not (
        "|" in parsed.line(part.source_line) and _DELIMITER_ROW.match(parsed.line(part.source_line + 1))
    )
