"""What rendering a block yields besides lines, and what it must know of a part rendered earlier."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from robota_tui.ui.markdown.lines import Line
    from robota_tui.ui.markdown.tables import TableShape


class Block(NamedTuple):
    """A finished top-level block."""

    kind: str
    """The parser's name of its first token."""
    first_line: int
    """Number of its first line in the text that was rendered."""
    last_line: int
    """Number of the line after its last one."""
    start: int
    """Source offset of its first line."""
    lines: list[Line]
    wanted: frozenset[str]
    """Labels of link references that it asked for."""
    parts: tuple[Part, ...] = ()
    """Where the items of a list and the body rows of a table begin."""
    shape: TableShape | None = None
    """How the columns of a table are laid out."""


class Part(NamedTuple):
    """The beginning of a list item or of a table's body row."""

    source_line: int
    """Number of its first line in the text that was rendered."""
    line: int
    """Index of its first line (a blank one before it included) in the lines of the block."""
    number: int
    """What an ordered list counts here; the index of a table's row."""
    gap: bool = False
    """Whether a blank line stands before it."""


class Continuation(NamedTuple):
    """What the first block of a text continues, when an earlier part of that block is drawn already."""

    skip: int = 0
    """Characters that stand for the earlier part of a paragraph and are not drawn."""
    number: int = 1
    """Number of the first list item, or index of the first table row."""
    gap: bool = False
    """Whether a blank line stands before the first list item."""
    shape: TableShape | None = None
    """The layout of the table that goes on."""
