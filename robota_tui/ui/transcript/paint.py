"""Lines to strips: looks to the styles of the theme, the selection, and hit-testing."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from robota_tui.ui.markdown.cells import graphemes, is_simple, text_width
from robota_tui.ui.markdown.lines import BOLD, ITALIC, STRIKE, UNDERLINE, Look
from robota_tui.ui.transcript.layout import GUTTER, HEADER

if TYPE_CHECKING:
    from collections.abc import Callable

    from robota_tui.ui.markdown.lines import Line, Run
    from robota_tui.ui.transcript.places import Row

PART_SIZE = 1 << 40
"""Offsets of part number n of a message begin at n times this: one number names a place in a message."""

_KEPT = 1_024
"""Strips that are kept."""


class Painter:
    """Draws rows; keeps what it drew until the theme or the width changes."""

    def __init__(self, style_of_role: Callable[[str], Style]) -> None:
        self._style_of_role = style_of_role
        self._styles: dict[Look, Style] = {}
        self._strips: OrderedDict[tuple[int, bool], tuple[Line, Strip]] = OrderedDict()
        self._width = 0

    def clear(self) -> None:
        """The theme has changed: every style is another."""
        self._styles.clear()
        self._strips.clear()

    def style(self, look: Look) -> Style:
        """The style of a look in the present theme."""
        style = self._styles.get(look)
        if style is None:
            flags = look.flags
            style = self._style_of_role(look.role) + Style(
                bold=True if flags & BOLD else None,
                italic=True if flags & ITALIC else None,
                strike=True if flags & STRIKE else None,
                underline=True if flags & UNDERLINE else None,
                link=look.link or None,
            )
            self._styles[look] = style
        return style

    def strip(self, row: Row, width: int) -> Strip:
        """A row as it is drawn when nothing of it is selected."""
        if width != self._width:
            self._strips.clear()
            self._width = width
        line = row.line
        key = (id(line), row.part == HEADER)
        kept = self._strips.get(key)
        # The line is kept beside its strip, so that no other line can have the same id.
        if kept is not None:
            self._strips.move_to_end(key)
            return kept[1]
        segments = self._gutter(row)
        segments += [Segment(run.text, self.style(run.look)) for run in line.runs if run.text]
        strip = self._fit(segments, line, width)
        self._strips[key] = (line, strip)
        if len(self._strips) > _KEPT:
            self._strips.popitem(last=False)
        return strip

    def _gutter(self, row: Row) -> list[Segment]:
        return [] if row.part == HEADER else [Segment(" " * GUTTER, self.style(Look()))]

    def _fit(self, segments: list[Segment], line: Line, width: int) -> Strip:
        used = sum([text_width(segment.text) for segment in segments])
        if used < width:
            segments.append(Segment(" " * (width - used), self.style(line.fill)))
            return Strip(segments, width)
        strip = Strip(segments, used)
        return strip if used == width else strip.adjust_cell_length(width, self.style(line.fill))

    def selected_strip(self, row: Row, width: int, start: int, end: int, style: Style) -> Strip:
        """A row of which the places `start` to `end` of its message are selected."""
        base = row.part * PART_SIZE
        segments = self._gutter(row)
        for run in row.line.runs:
            look = self.style(run.look)
            first, last = _selected(run, start - base, end - base)
            for text, chosen in (
                (run.text[:first], False),
                (run.text[first:last], True),
                (run.text[last:], False),
            ):
                if text:
                    segments.append(Segment(text, look + style if chosen else look))
        return self._fit(segments, row.line, width)

    def hit_strip(self, row: Row) -> Strip:
        """A row as Textual's hit-testing wants it: each piece tells for which place it stands."""
        base = row.part * PART_SIZE
        line = row.line
        at = base + max(0, line.start)
        segments = [] if row.part == HEADER else [_tagged(" ", at, row.message)] * GUTTER
        for run in line.runs:
            if run.end - run.start == len(run.text):
                segments.append(_tagged(run.text, base + run.start, row.message))
                at = base + run.end
            else:
                at = base + run.start
                segments += [_tagged(piece, at, row.message) for piece in _cells(run.text)]
        segments.append(_tagged("", at, row.message))
        return Strip(segments)


def _selected(run: Run, start: int, end: int) -> tuple[int, int]:
    """Which characters of a run are selected, when the source from `start` to `end` is."""
    if run.end - run.start == len(run.text):
        first, last = max(0, start - run.start), min(len(run.text), end - run.start)
        return (first, last) if first < last else (0, 0)
    inside = start <= run.start < end if run.start == run.end else run.start < end and run.end > start
    return (0, len(run.text)) if inside else (0, 0)


def _cells(text: str) -> list[str]:
    if is_simple(text):
        return list(text)
    return [text[start:end] for start, end, _ in graphemes(text)]


def _tagged(text: str, offset: int, index: int) -> Segment:
    return Segment(text, Style.from_meta({"offset": (offset, index)}))
