"""The closed part of a growing document: its lines, and the definitions they were rendered with.

A link reference may be defined long after it is used. So a closed block that asked for one keeps its
source, and is rendered again if that definition comes; all other closed lines never change.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from robota_tui.ui.markdown.blocks import BlockRenderer
from robota_tui.ui.markdown.packed import PackedLines
from robota_tui.ui.markdown.parser import References

Definitions = dict[str, dict[str, Any]]


class _Record(NamedTuple):
    """A closed block that asked for link references."""

    text: str
    start: int
    """Where `text` begins in the source."""
    line: int
    """Index of its first line among the closed lines."""
    size: int
    wanted: frozenset[str]


class ClosedLines:
    """Lines that only a late definition can change."""

    def __init__(self, width: int) -> None:
        self.lines = PackedLines()
        """All of them, from the first line of the document."""
        self.definitions: Definitions = {}
        """What the closed part defines."""
        self._open: Definitions = {}
        self._width = width
        self._records: list[_Record] = []

    def keep(self, text: str, start: int, line: int, size: int, wanted: frozenset[str]) -> None:
        """Note that the `size` lines from index `line` on are a block which asked for `wanted`."""
        if wanted:
            self._records.append(_Record(text, start, line, size, wanted))

    def close_definitions(self, references: References, before_line: int) -> None:
        """The definitions above `before_line` of the text that was just parsed can no longer change."""
        for label, line in references.lines.items():
            if line < before_line:
                self.definitions[label] = references[label]
                self._open.pop(label, None)

    def note_definitions(self, open_definitions: Definitions) -> set[str]:
        """What the open part defines now: renders again what that changes; returns the changed labels."""
        before, self._open = self._open, open_definitions
        if before == open_definitions:
            return set()
        labels = before.keys() | open_definitions.keys()
        changed = {label for label in labels if before.get(label) != open_definitions.get(label)}
        if any(not changed.isdisjoint(record.wanted) for record in self._records):
            self._render_again(changed)
        return changed

    def _render_again(self, changed: set[str]) -> None:
        shift = 0
        known = {**self._open, **self.definitions}
        for number, record in enumerate(self._records):
            line = record.line + shift
            if not changed.isdisjoint(record.wanted):
                blocks = BlockRenderer(record.text, record.start, self._width, References(known)).blocks()
                lines = [line for block in blocks for line in block.lines]
                self.lines.replace(line, line + record.size, lines)
                shift += len(lines) - record.size
                wanted = record.wanted.union(*(block.wanted for block in blocks))
                record = record._replace(size=len(lines), wanted=wanted)  # noqa: PLW2901
            self._records[number] = record._replace(line=line)
