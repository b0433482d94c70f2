"""Blocks of Markdown to lines: one pass over the parser's tokens, every line with its place in the source."""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import contextmanager
from typing import TYPE_CHECKING

from robota_tui.ui.markdown.block import Block, Continuation, Part
from robota_tui.ui.markdown.code import CODE, code_label, code_lines
from robota_tui.ui.markdown.inline import LINE_BREAK, OffsetMap, inline_runs
from robota_tui.ui.markdown.lines import BOLD, TEXT, UNDERLINE, Line, Look, Run
from robota_tui.ui.markdown.parser import References, parse_blocks
from robota_tui.ui.markdown.sanitize import clean, normalise_newlines
from robota_tui.ui.markdown.tables import Row, TableShape, header_lines, row_lines, table_shape
from robota_tui.ui.markdown.wrap import wrap_runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

_BULLETS = "•◦▪"
_QUOTE = Look("quote")
_MARKER = Look("marker")
_HTML = Look("html")
_TASK = re.compile(r"\[([ xX])\](?=[ \t])")
PROSE_WIDTH = 100
"""Cells of text beyond which an eye loses its line; code and tables take all there are."""
_FEWEST_CELLS = 6
"""Quotes and lists stop indenting where less than this would be left for text."""


class Prefix:
    """What a quote or list item puts before each of its lines."""

    __slots__ = ("first", "look", "rest")

    def __init__(self, first: str, rest: str, look: Look) -> None:
        self.first: str | None = first
        """For the next line only; None once it is drawn."""
        self.rest = rest
        self.look = look


def render(text: str, width: int) -> list[Line]:
    """All lines of a whole Markdown document at `width` cells (>= 1), a blank line between blocks."""
    text = normalise_newlines(text)
    references = References()
    lines: list[Line] = []
    for block in BlockRenderer(text, 0, width, references).blocks():
        if lines:
            lines.append(blank_line(block.start))
        lines += block.lines
    return lines


def blank_line(at: int) -> Line:
    """An empty line that stands at source offset `at`."""
    return Line([Run("", TEXT, at, at)])


class BlockRenderer:
    """Renders one text. `base` is where it begins in the source; `references` collects its definitions."""

    def __init__(
        self, text: str, base: int, width: int, references: References, continues: Continuation | None = None
    ) -> None:
        self._text = text
        self._continues = continues
        self._parts: list[Part] = []
        self._shape: TableShape | None = None
        self._width = max(1, width)
        self._references = references
        self._lines = text.split("\n")
        self._starts: list[int] = []
        for line in self._lines:
            self._starts.append(base)
            base += len(line) + 1
        self._out: list[Line] = []
        self._prefixes: list[Prefix] = []
        self._indent = 0
        self._depth = 0
        self._tokens: list[Token] = []

    def blocks(self) -> list[Block]:
        """Parse and render; a block that draws nothing (a definition) is left out."""
        self._tokens = parse_blocks(self._text, self._references)
        found: list[Block] = []
        index = 0
        while index < len(self._tokens):
            token = self._tokens[index]
            end = self._closing(index)
            self._references.wanted = set()
            self._out, self._parts, self._shape = [], [], None
            self._block(index, end, TEXT)
            self._continues = None
            first, last = token.map or (0, 0)
            wanted = frozenset(self._references.wanted)
            start = self._starts[first]
            found.append(
                Block(token.type, first, last, start, self._out, wanted, tuple(self._parts), self._shape)
            )
            index = end + 1
        return found

    # Walking

    def _closing(self, index: int) -> int:
        """Index of the token that closes the one at `index`; itself if it opens nothing."""
        tokens = self._tokens
        if tokens[index].nesting <= 0:
            return index
        level = tokens[index].level
        index += 1
        while tokens[index].nesting >= 0 or tokens[index].level != level:
            index += 1
        return index

    def _children(self, index: int, end: int) -> list[tuple[int, int]]:
        found = []
        index += 1
        while index < end:
            last = self._closing(index)
            found.append((index, last))
            index = last + 1
        return found

    def _block(self, index: int, end: int, look: Look) -> None:
        token = self._tokens[index]
        kind = token.type
        if kind == "paragraph_open":
            self._paragraph(self._tokens[index + 1], look)
        elif kind == "heading_open":
            level = int(token.tag[1])
            role = "heading" if level <= 2 else "subheading"
            flags = BOLD | UNDERLINE if level == 1 else BOLD
            self._paragraph(self._tokens[index + 1], Look(role, flags))
        elif kind in ("fence", "code_block"):
            self._code(token)
        elif kind in ("bullet_list_open", "ordered_list_open"):
            self._list(index, end, look)
        elif kind == "blockquote_open":
            self._quote(index, end)
        elif kind == "table_open":
            self._table(index, end, look)
        elif kind == "hr":
            start, stop = self._span(token)
            self._emit([Run("─" * self._available(), Look("rule"), start, stop)])
        elif kind == "html_block":
            self._html(token)

    # Drawing

    @contextmanager
    def _indented(self, prefix: Prefix) -> Iterator[None]:
        """Each line begins with `prefix` meanwhile, as far as there is room."""
        cells = len(prefix.rest)
        if self._available() - cells < _FEWEST_CELLS:
            prefix.rest, cells = "", 0
            prefix.first = (prefix.first or "").strip() + " " if prefix.look == _MARKER else ""
        self._prefixes.append(prefix)
        self._indent += cells
        yield
        self._prefixes.pop()
        self._indent -= cells

    def _available(self) -> int:
        return max(1, self._width - self._indent)

    def _emit(self, runs: list[Run], fill: Look = TEXT) -> None:
        if self._prefixes:
            at = runs[0].start if runs else 0
            row = []
            for prefix in self._prefixes:
                text = prefix.rest if prefix.first is None else prefix.first
                prefix.first = None
                if text:
                    row.append(Run(text, prefix.look, at, at))
            runs = row + runs
        self._out.append(Line(runs, fill))

    def _emit_wrapped(self, runs: list[Run], at: int, most: int | None = None) -> None:
        """Lines of at most `most` cells, or of all that there are."""
        available = self._available()
        for row in wrap_runs(runs, min(available, most or available)):
            self._emit(row or [Run("", TEXT, at, at)])

    def _blank(self, at: int) -> None:
        self._emit([Run("", TEXT, at, at)])

    def _span(self, token: Token) -> tuple[int, int]:
        first, last = token.map or (0, 1)
        return self._starts[first], self._starts[max(first, last - 1)] + len(
            self._lines[max(first, last - 1)]
        )

    def _offsets(self, content: str, first_line: int) -> OffsetMap:
        """Where each line of `content` stands: it is what the source line ends in, markers taken off."""
        at = 0
        content_starts: list[int] = []
        source_starts: list[int] = []
        while first_line < len(self._lines) - 1 and not self._lines[first_line].strip():
            # A line of nothing but spaces of other alphabets begins a paragraph and is stripped from it.
            first_line += 1
        for number, part in enumerate(content.split("\n"), first_line):
            line = self._lines[number] if number < len(self._lines) else ""
            # A tab that a marker takes a part of is spaces in the content: it is the text that is sought.
            shown, wanted = line.rstrip(" \t"), part.strip(" \t")
            place = len(shown) - len(wanted) if shown.endswith(wanted) else max(0, line.find(wanted))
            place -= len(part) - len(part.lstrip(" \t"))
            content_starts.append(at)
            source_starts.append(self._starts[min(number, len(self._starts) - 1)] + place)
            at = content.find("\n", at) + 1
        return OffsetMap(content_starts, source_starts)

    def _paragraph(self, inline: Token, look: Look) -> None:
        first = (inline.map or [0])[0]
        content = inline.content
        offsets = self._offsets(content, first)
        if self._continues is not None and self._continues.skip:
            skip = self._continues.skip
            offsets, content = offsets.after(skip), content[skip:]
        for stretch in inline_runs(content, offsets, self._references, look):
            self._emit_wrapped(stretch, offsets(0), PROSE_WIDTH)

    def _code(self, token: Token) -> None:
        first = (token.map or [0])[0] + (token.type == "fence")
        words = token.info.split(maxsplit=1)
        language = words[0] if words else ""
        lines = token.content.removesuffix("\n").split("\n") if token.content else []
        for row in code_label(language, self._available(), self._span(token)[0], empty=not lines):
            self._emit(row, CODE)
        offsets = self._code_offsets(lines, first)
        partial = bool(lines) and not token.content.endswith("\n")
        for row in code_lines(lines, language, offsets, self._available(), partial=partial):
            self._emit(row, CODE)

    def _code_offsets(self, lines: list[str], first: int) -> list[int]:
        starts = []
        for number, line in enumerate(lines, first):
            place = min(number, len(self._starts) - 1)
            starts.append(self._starts[place] + max(0, len(self._lines[place]) - len(line)))
        return starts

    def _html(self, token: Token) -> None:
        first = (token.map or [0])[0]
        lines = token.content.removesuffix("\n").split("\n")
        for line, start in zip(lines, self._code_offsets(lines, first), strict=True):
            is_blank = not line or LINE_BREAK.fullmatch(line.strip())
            self._emit_wrapped([] if is_blank else [Run(clean(line), _HTML, start, start + len(line))], start)

    def _quote(self, index: int, end: int) -> None:
        at = self._span(self._tokens[index])[0]
        with self._indented(Prefix("▎ ", "▎ ", _QUOTE)):
            children = self._children(index, end)
            for number, (first, last) in enumerate(children):
                if number:
                    self._blank(self._span(self._tokens[first])[0])
                self._block(first, last, _QUOTE)
            if not children:
                self._blank(at)

    def _list(self, index: int, end: int, look: Look) -> None:
        opening = self._tokens[index]
        ordered = opening.type == "ordered_list_open"
        number = int(opening.attrs.get("start", 1))
        earlier = self._continues if self._depth == 0 else None
        if earlier is not None:
            number = earlier.number
        bullet = _BULLETS[self._depth % len(_BULLETS)]
        self._depth += 1
        for count, (first, last) in enumerate(self._children(index, end)):
            token = self._tokens[first]
            start = self._span(token)[0]
            gap = self._gap_before(token) if count else earlier is not None and earlier.gap
            if self._depth == 1:
                self._parts.append(Part((token.map or [0])[0], len(self._out), number, gap))
            if gap:
                self._blank(start)
            task = self._take_task(first)
            marker = task or (f"{number}{token.markup}" if ordered else bullet)
            self._item(first, last, f"{marker} ", start, look)
            number += 1
        self._depth -= 1

    def _item(self, index: int, end: int, marker: str, start: int, look: Look) -> None:
        with self._indented(Prefix(marker, " " * len(marker), _MARKER)):
            children = self._children(index, end)
            for number, (first, last) in enumerate(children):
                if number and self._gap_before(self._tokens[first]):
                    self._blank(self._span(self._tokens[first])[0])
                self._block(first, last, look)
            if not children:
                self._blank(start)

    def _gap_before(self, token: Token) -> bool:
        line = (token.map or [0])[0]
        return line > 0 and not self._lines[line - 1].strip(" \t>")

    def _take_task(self, item: int) -> str:
        """Take the check box off the front of a list item; returns the glyph that stands for it."""
        inline = self._tokens[item + 2] if self._tokens[item + 1].type == "paragraph_open" else None
        match = _TASK.match(inline.content) if inline is not None else None
        if inline is None or match is None:
            return ""
        inline.content = inline.content[match.end() :].lstrip()
        return "☐" if match[1] == " " else "☑"

    # Tables

    def _table(self, index: int, end: int, look: Look) -> None:
        rows, aligns, starts = self._table_rows(index, end, look)
        shape = self._continues.shape if self._continues is not None else None
        index = self._continues.number if shape is not None and self._continues is not None else 0
        if shape is None:
            shape = table_shape(rows[0], rows[1:], aligns, self._available())
            for line in header_lines(shape, starts[0], alone=len(rows) == 1):
                self._emit(line)
        self._shape = shape
        for number, row in enumerate(rows[1:]):
            start = starts[number + 1]
            self._parts.append(Part(self._line_of(start), len(self._out), index + number))
            for line in row_lines(shape, row, index + number, start):
                self._emit(line or [Run("", TEXT, start, start)])

    def _line_of(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1

    def _table_rows(self, index: int, end: int, look: Look) -> tuple[list[Row], list[str], list[int]]:
        rows: list[Row] = []
        aligns: list[str] = []
        starts: list[int] = []
        cursor = 0
        for token in self._tokens[index : end + 1]:
            if token.type == "tr_open":
                rows.append([])
                line = (token.map or [0])[0]
                starts.append(self._starts[line])
                cursor = 0
            elif token.type == "th_open":
                aligns.append(str(token.attrs.get("style", "")).removeprefix("text-align:"))
            elif token.type == "inline":
                line = (token.map or [0])[0]
                found = self._lines[line].find(token.content, cursor)
                place = cursor if found < 0 else found
                cursor = place + len(token.content) if found >= 0 else cursor
                offsets = OffsetMap([0], [self._starts[line] + place])
                rows[-1].append(inline_runs(token.content, offsets, self._references, look))
        return rows, aligns, starts
