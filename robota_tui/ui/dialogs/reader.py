"""The base of the dialogs that only show text, laid out for their width."""

from __future__ import annotations

from abc import abstractmethod
from itertools import zip_longest
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Static

from robota_tui.ui.dialogs.base import Dialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult


class ReaderPane(VerticalScroll, can_focus=False):
    """The scrolling part of a reader."""


class ReaderText(Static):
    """The text of a reader."""

    class Resized(Message):
        """The text has another width, so that it has to be laid out again."""

        def __init__(self, width: int) -> None:
            super().__init__()
            self.width = width
            """In cells."""

    def on_resize(self, event: events.Resize) -> None:
        """Tell the dialog."""
        self.post_message(self.Resized(self.content_size.width))


class ReaderDialog(Dialog[None]):
    """A text that scrolls by the usual keys, whatever has the focus."""

    DEFAULT_CSS = """
    ReaderDialog {
        ReaderPane { height: auto; max-height: 1fr; }
        ReaderText { width: 1fr; height: auto; padding-right: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_text('up')", "Up", show=False, priority=True),
        Binding("down", "scroll_text('down')", "Down", show=False, priority=True),
        Binding("pageup", "scroll_text('page_up')", "Page up", show=False, priority=True),
        Binding("pagedown", "scroll_text('page_down')", "Page down", show=False, priority=True),
        Binding("ctrl+home", "scroll_text('home')", "Top", show=False, priority=True),
        Binding("ctrl+end", "scroll_text('end')", "Bottom", show=False, priority=True),
    ]

    _pane = query_one(ReaderPane)
    _width = 0

    @abstractmethod
    def text(self, width: int) -> Content:
        """The text, for a pane of so many cells."""

    def compose_body(self) -> ComposeResult:
        """The scrolling text."""
        with ReaderPane():
            yield ReaderText(markup=False)

    def on_reader_text_resized(self, message: ReaderText.Resized) -> None:
        """Lay the text out for its new width; another height alone changes nothing."""
        if message.width != self._width:
            self._width = message.width
            self.update_text()

    def update_text(self) -> None:
        """Show the text anew."""
        if self._width:
            self.query_one(ReaderText).update(self.text(self._width))

    def action_scroll_text(self, movement: str) -> None:
        """Scroll: `movement` is the tail of a `scroll_...` method."""
        getattr(self._pane, f"scroll_{movement}")(animate=False)


def hanging(first: Content, rest: Content, width: int) -> Content:
    """`first`, then `rest` wrapped into the column behind it; below it where that column would be narrow."""
    indent = first.cell_length
    if width - indent < 16:
        indent = min(2, max(0, width - 2))
        first = Content.assemble(first, "\n", " " * indent)
    lines = rest.wrap(max(1, width - indent))
    return Content.assemble(first, Content("\n" + " " * indent).join(lines))


def columns(cells: Sequence[tuple[Content, int]]) -> Content:
    """Cells side by side, each wrapped into its own width, with two blanks between them."""
    wrapped = [content.wrap(width) if content else [] for content, width in cells]
    widths = [width for _, width in cells]
    rows = zip_longest(*wrapped, fillvalue=Content())
    gap = Content("  ")
    return Content("\n").join(
        gap.join(
            [line.pad_right(width - line.cell_length) for line, width in zip(row, widths, strict=True)]
        ).rstrip()
        for row in rows
    )
