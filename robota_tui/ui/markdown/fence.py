"""A fenced code block that is still open: complete lines are code, whatever they say."""

from __future__ import annotations

import re

from robota_tui.ui.markdown.code import CODE, code_label, code_lines
from robota_tui.ui.markdown.highlight import WINDOW
from robota_tui.ui.markdown.lines import Line


class OpenFence:
    """Takes complete lines; each window of highlighting that is full is rendered for the last time."""

    def __init__(self, markup: str, info: str, start: int, width: int) -> None:
        words = info.split(maxsplit=1)
        self._language = words[0] if words else ""
        self._closing = re.compile(f" {{0,3}}{re.escape(markup[0])}{{{len(markup)},}}[ \t]*$")
        self._start = start
        self._width = width
        # Complete lines from the window before the open one on, and where they stand in the source.
        self._lines: list[str] = []
        self._offsets: list[int] = []
        self._context = 0
        self._sealed = self._label(empty=False)
        self._empty = True
        self._window: list[Line] | None = None
        self.closed = False
        """Whether the closing fence has come."""

    def _label(self, *, empty: bool) -> list[Line]:
        return [Line(row, CODE) for row in code_label(self._language, self._width, self._start, empty=empty)]

    def feed(self, text: str, start: int) -> int:
        """Take the complete lines of `text`, which begins at source offset `start`; returns their size."""
        taken = 0
        while not self.closed and (newline := text.find("\n", taken)) >= 0:
            line = text[taken:newline]
            if self._closing.match(line):
                self.closed = True
            else:
                self._take(line, start + taken)
            taken = newline + 1
        return taken

    def _take(self, line: str, offset: int) -> None:
        self._empty = False
        if len(self._lines) - self._context == WINDOW:
            self._sealed += self._render(self._lines, self._offsets, self._context)
            del self._lines[: self._context], self._offsets[: self._context]
            self._context = WINDOW
        self._lines.append(line)
        self._offsets.append(offset)
        self._window = None

    def _render(
        self, lines: list[str], offsets: list[int], context: int, *, partial: bool = False
    ) -> list[Line]:
        rows = code_lines(lines, self._language, offsets, self._width, context, partial=partial)
        return [Line(row, CODE) for row in rows]

    def take_sealed(self) -> list[Line]:
        """Lines that became final since the last call."""
        sealed, self._sealed = self._sealed, []
        return sealed

    def open_lines(self, partial: str, start: int) -> list[Line]:
        """The lines after the final ones; `partial` is the line being written, at source offset `start`.

        Nothing but spaces is no line yet: the parser leaves it out until it is complete.
        """
        if self._window is None:
            self._window = self._render(self._lines, self._offsets, self._context)
        if self.closed or not partial.strip(" \t") or self._closing.match(partial):
            label = self._label(empty=True) if self._empty and not self._language else []
            return [*label, *self._window]
        return [*self._window, *self._render([partial], [start], 0, partial=True)]
