"""Markdown that is still being written: what is finished is rendered once, only the open end again.

Whatever pieces the text comes in, after `settle` the lines are those that `render` gives for the whole
text so far. A top-level block is closed when nothing that follows can change it; of the open block, a
fence's lines, a list's items, a table's rows and a paragraph's lines are closed the same way.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from robota_tui.ui.markdown.block import Block, Continuation
from robota_tui.ui.markdown.blocks import BlockRenderer, blank_line
from robota_tui.ui.markdown.closed import ClosedLines
from robota_tui.ui.markdown.fence import OpenFence
from robota_tui.ui.markdown.open_block import OpenBlock, Parsed, is_place_to_cut, line_starts
from robota_tui.ui.markdown.paragraph import MARKER, find_cut, is_risky
from robota_tui.ui.markdown.parser import References

if TYPE_CHECKING:
    from robota_tui.ui.markdown.lines import Line

_BLANK_LINES = re.compile(r"(?:[ \t]*\n)+")
_OPENING_FENCE = re.compile(r"(`{3,}(?=[^`\n]*\n)|~{3,})([^\n]*)\n")
_PARAGRAPH_SIZE = 800
"""Characters of a paragraph at which a cut is looked for."""


class StreamingMarkdown:
    """The lines of a growing Markdown text at one width."""

    def __init__(self, width: int) -> None:
        self.width = max(1, width)
        """Cells."""
        self._pending: list[str] = []
        self._after_return = False
        self._closed = ClosedLines(self.width)
        self._open: list[Line] = []
        self._tail = ""
        self._tail_start = 0
        self._block = OpenBlock(0, 0)
        self._fence: OpenFence | None = None

    def __len__(self) -> int:
        return len(self._closed.lines) + len(self._open)

    def __getitem__(self, index: int) -> Line:
        closed = self._closed.lines
        return closed[index] if index < len(closed) else self._open[index - len(closed)]

    @property
    def lines(self) -> list[Line]:
        """A list of all lines."""
        return [*self._closed.lines, *self._open]

    def start(self, index: int) -> int:
        """Where line number `index` begins in the source."""
        closed = self._closed.lines
        return closed.start(index) if index < len(closed) else self._open[index - len(closed)].start

    @property
    def open_size(self) -> int:
        """Characters that the next `settle` renders again."""
        return len(self._tail)

    def append(self, text: str) -> None:
        """Add `text` at the end; the lines follow with the next `settle`."""
        if self._after_return and text.startswith("\n"):
            text = text[1:]
            self._after_return = False
        if not text:
            return
        self._after_return = text.endswith("\r")
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        self._pending.append(text)

    def settle(self) -> None:
        """Bring the lines up to date with the text."""
        if not self._pending:
            return
        self._tail += "".join(self._pending)
        self._pending.clear()
        first, before = len(self._closed.lines), self._open
        while self._advance():
            pass
        self._keep_identity(first, before)

    def _keep_identity(self, first: int, before: list[Line]) -> None:
        """Lines that came out as they were stay the same objects, so that the view need not draw them."""
        closed, total = self._closed.lines, len(self)
        for index, old in enumerate(before[: max(0, total - first)], first):
            line = self[index]
            if line is old or not line.same_as(old):
                continue
            if index < len(closed):
                closed.hold(index, old)
            else:
                self._open[index - len(closed)] = old

    def _advance(self) -> bool:
        """One step; True if another is called for, because something was closed."""
        if self._fence is not None:
            return self._advance_fence(self._fence)
        continues = self._block.continues
        if continues is None:
            if blank := _BLANK_LINES.match(self._tail):
                self._take(blank.end())
                self._begin_block()
            if opening := _OPENING_FENCE.match(self._tail):
                return self._open_fence(opening)
        elif continues.skip and is_risky(self._tail):
            self._reopen()
        return self._parse()

    def _take(self, count: int) -> None:
        self._tail = self._tail[count:]
        self._tail_start += count

    def _begin_block(self) -> None:
        self._block = OpenBlock(self._tail_start, len(self._closed.lines))

    # Fences: lines are taken as they come, without any parsing

    def _open_fence(self, opening: re.Match[str]) -> bool:
        if self._closed.lines:
            self._closed.lines.append(blank_line(self._tail_start))
        self._fence = OpenFence(opening[1], opening[2], self._tail_start, self.width)
        self._take(opening.end())
        return True

    def _advance_fence(self, fence: OpenFence) -> bool:
        self._take(fence.feed(self._tail, self._tail_start))
        self._closed.lines.extend(fence.take_sealed())
        self._open = fence.open_lines(self._tail, self._tail_start)
        if not fence.closed:
            return False
        self._closed.lines.extend(self._open)
        self._open = []
        self._fence = None
        self._begin_block()
        return bool(self._tail)

    # Everything else is parsed from where the open block, or the open part of it, begins

    def _parse(self) -> bool:
        block = self._block
        text, base = block.prefix + self._tail, self._tail_start - len(block.prefix)
        references = References(self._closed.definitions)
        blocks = BlockRenderer(text, base, self.width, references, block.continues).blocks()
        if self._definitions_changed(references):
            return self._reopen()
        if block.continues is not None and block.continues.skip and blocks[0].kind != "paragraph_open":
            return self._reopen()
        parsed = Parsed(text, line_starts(text), blocks, self._lay_out(blocks), references)
        # What stays open was just rendered: parsing it again at once would yield the same lines.
        if not self._close_blocks(parsed) and len(blocks) == 1:
            self._close_part(parsed)
        return False

    def _lay_out(self, blocks: list[Block]) -> list[int]:
        """Put the open lines together; returns where each block begins among them."""
        self._open = []
        firsts: list[int] = []
        for block in blocks:
            if self._open or (self._closed.lines and self._block.continues is None):
                self._open.append(blank_line(block.start))
            firsts.append(len(self._open))
            self._open += block.lines
        return firsts

    def _reopen(self) -> bool:
        """Something turned out to change the closed part of the open block: it is open again as a whole."""
        block = self._block
        self._closed.lines.truncate(block.line)
        self._tail = "".join(block.text) + self._tail
        self._tail_start = block.start
        self._begin_block()
        self._block.next_cut = 2 * len(self._tail)
        return True

    def _close_blocks(self, parsed: Parsed) -> bool:
        """Close the blocks at the front that can no longer change.

        How a block ends is decided by at most the two lines after it (a table that ends a paragraph
        shows only at its second line), so those must be complete. The tail then begins where the last
        closed block ends, not where the next one begins: a definition between them is still open, for
        its title may be yet to come.
        """
        blocks = parsed.blocks
        done = len(blocks) - 1
        while done > 0 and blocks[done].first_line + 2 > parsed.complete:
            done -= 1
        if done <= 0:
            return False
        closed = len(self._closed.lines)
        last_line = blocks[done - 1].last_line
        count = parsed.firsts[done - 1] + len(blocks[done - 1].lines)
        self._closed.lines.extend(self._open[:count])
        del self._open[:count]
        for number in range(done):
            self._keep_block(parsed, number, closed)
        self._closed.close_definitions(parsed.references, last_line)
        self._take(parsed.starts[last_line] - len(self._block.prefix))
        self._begin_block()
        return True

    def _keep_block(self, parsed: Parsed, number: int, closed: int) -> None:
        block, opened = parsed.blocks[number], self._block
        text = parsed.text[parsed.starts[block.first_line] : parsed.starts[block.last_line]]
        line, end = closed + parsed.firsts[number], closed + parsed.firsts[number] + len(block.lines)
        if number or opened.continues is None:
            self._closed.keep(text, block.start, line, end - line, block.wanted)
            return
        line = opened.line + (opened.line > 0)
        text = "".join(opened.text) + text[len(opened.prefix) :]
        self._closed.keep(text, opened.start, line, end - line, block.wanted | opened.wanted)

    def _definitions_changed(self, references: References) -> bool:
        """Note what the open part defines; True if that changes the closed part of the open block."""
        lines = len(self._closed.lines)
        changed = self._closed.note_definitions(dict(references))
        self._block.line += len(self._closed.lines) - lines
        return not self._block.wanted.isdisjoint(changed)

    # Parts of a block that is still open

    def _close_part(self, parsed: Parsed) -> None:
        """Close the items, rows or lines of the only open block that can no longer change."""
        block = parsed.blocks[0]
        if block.first_line and self._block.continues is None:
            self._close_definitions(parsed)
        elif len(self._tail) < self._block.next_cut:
            return
        elif block.kind == "paragraph_open":
            self._cut_paragraph(parsed)
        else:
            self._cut_before_part(parsed)

    def _close_definitions(self, parsed: Parsed) -> None:
        """Definitions stand before the open block: they are final if that cannot belong to the last one."""
        block = parsed.blocks[0]
        line = block.first_line
        after_blank = not parsed.line(line - 1).strip()
        if not after_blank and (
            block.kind in ("paragraph_open", "heading_open") or line + 2 > parsed.complete
        ):
            return
        self._closed.close_definitions(parsed.references, line)
        self._take(parsed.starts[line])
        self._begin_block()

    def _cut_before_part(self, parsed: Parsed) -> None:
        """Close what stands before the last list item, or table row, that is known to be one."""
        block, opened = parsed.blocks[0], self._block
        part = next((part for part in reversed(block.parts[1:]) if is_place_to_cut(parsed, part)), None)
        if part is None:
            return
        taken = parsed.starts[part.source_line] - len(opened.prefix)
        self._close_open_lines(parsed, part.line, taken, part.source_line)
        opened.continues = Continuation(number=part.number, gap=part.gap, shape=block.shape)
        if block.shape is not None:
            first = block.first_line
            opened.prefix = parsed.text[parsed.starts[first] : parsed.starts[first + 2]]

    def _cut_paragraph(self, parsed: Parsed) -> None:
        block, opened = parsed.blocks[0], self._block
        if len(self._tail) < _PARAGRAPH_SIZE:
            return
        opened.next_cut = len(self._tail) * 3 // 2
        if is_risky(self._tail) or (opened.continues is None and self._tail.lstrip().startswith("[")):
            return
        cut = find_cut(block.lines, self._tail, self._tail_start, lambda head: self._head_lines(parsed, head))
        if cut is None:
            return
        taken, count = cut
        self._close_open_lines(parsed, count, taken, 0)
        opened.continues = Continuation(skip=len(MARKER))
        opened.prefix = MARKER
        opened.next_cut = _PARAGRAPH_SIZE

    def _head_lines(self, parsed: Parsed, head: str) -> list[Line]:
        opened = self._block
        base = self._tail_start - len(opened.prefix)
        references = References({**parsed.references, **self._closed.definitions})
        text = opened.prefix + head
        blocks = BlockRenderer(text, base, self.width, references, opened.continues).blocks()
        return blocks[0].lines if len(blocks) == 1 else []

    def _close_open_lines(self, parsed: Parsed, count: int, taken: int, before_line: int) -> None:
        """Close `count` lines of the open block, which are the first `taken` characters of the open text."""
        opened = self._block
        self._closed.lines.extend(self._open[: parsed.firsts[0] + count])
        del self._open[: parsed.firsts[0] + count]
        self._closed.close_definitions(parsed.references, before_line)
        opened.text.append(self._tail[:taken])
        opened.wanted |= parsed.blocks[0].wanted
        self._take(taken)
