"""The widget that shows a document: what the shell and the user can do with it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Offset
from textual.message import Message as TextualMessage
from textual.selection import Selection

from robota_tui.ui.transcript.copying import CodeBlock, code_blocks, last_answer
from robota_tui.ui.transcript.select import message_span, selected_source, word_span
from robota_tui.ui.transcript.style import COMPONENTS, CSS
from robota_tui.ui.transcript.surface import Surface

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events

    from robota_tui.ui.transcript.document import TranscriptDocument

_WARM_AFTER = 0.5
"""Seconds after which imports begin that the first message needs."""
_WARM_PAUSE = 0.1
"""Seconds between two of them, for what the user does meanwhile."""


class Transcript(Surface):
    """Shows one `TranscriptDocument` at a time; which one is a matter of a reference."""

    ALLOW_SELECT = True
    FOCUS_ON_CLICK = False
    COMPONENT_CLASSES: ClassVar[set[str]] = set(COMPONENTS)
    DEFAULT_CSS = CSS

    class ReachedBottom(TextualMessage):
        """The newest line is in sight."""

    @dataclass
    class FollowChanged(TextualMessage):
        """The view follows what arrives, or does so no longer."""

        following: bool

    @dataclass
    class NewBelow(TextualMessage):
        """There are messages below that have not been in sight."""

        count: int

    @dataclass
    class LinkClicked(TextualMessage):
        """The user wants to open an address (http, https or mailto)."""

        url: str

    def __init__(self, *, empty_hint: str = "", id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(empty_hint=empty_hint, id=id, classes=classes)
        self._told: tuple[bool, bool, int] = (True, True, 0)
        self._warming: asyncio.TimerHandle | None = None

    def on_mount(self) -> None:
        """See to it that the first message need not wait for imports."""
        from robota_tui.ui.markdown.warm import warm_up_steps

        self._warm_up(_WARM_AFTER, warm_up_steps())

    def on_unmount(self) -> None:
        """Stop that."""
        if self._warming is not None:
            self._warming.cancel()

    def _warm_up(self, delay: float, steps: list[Callable[[], object]]) -> None:
        def next_step() -> None:
            steps[0]()
            self._warm_up(_WARM_PAUSE, steps[1:])

        self._warming = asyncio.get_running_loop().call_later(delay, next_step) if steps else None

    # What is shown

    @property
    def document(self) -> TranscriptDocument | None:
        """What is shown."""
        return self._document

    @property
    def is_following(self) -> bool:
        """Whether the view stays at the bottom as text arrives."""
        return self._document is None or self._document.following

    def show(self, document: TranscriptDocument | None) -> None:
        """Show another document, or nothing; where it was read last is where it opens."""
        if document is self._document:
            self._update()
            return
        if self._document is not None:
            self._document.listener = None
            self._document.leave()
        self._document = document
        if document is not None:
            document.listener = self._hear
            document.enter()
        if self.is_attached and self.text_selection is not None:
            self.screen.clear_selection()
        self._told = (not self.is_following, False, 0)
        self._update()

    def follow(self) -> None:
        """Go to the bottom and stay there."""
        if self._document is not None:
            self._document.following = True
            self._update()

    def _tell(self) -> None:
        new_below = self._document.new_below if self._document is not None else 0
        following, at_bottom, told_below = self._told
        self._told = (self.is_following, self.is_at_bottom, new_below)
        if self.is_following != following:
            self.post_message(self.FollowChanged(self.is_following))
        if self.is_at_bottom and (not at_bottom or told_below != new_below) and self._document is not None:
            self.post_message(self.ReachedBottom())
        if not self.is_at_bottom and new_below != told_below:
            self.post_message(self.NewBelow(new_below))

    # Moving

    def scroll_lines(self, lines: int) -> None:
        """Scroll down by `lines`, or up."""
        if self._document is not None:
            self._document.scroll_by(lines)
            self._update()

    def action_line_up(self) -> None:
        """Scroll up by a line."""
        self.scroll_lines(-1)

    def action_line_down(self) -> None:
        """Scroll down by a line."""
        self.scroll_lines(1)

    def action_page_up(self) -> None:
        """Scroll up by a page, less two lines."""
        self.scroll_lines(-max(1, self._placed_size.height - 2))

    def action_page_down(self) -> None:
        """Scroll down by a page, less two lines."""
        self.scroll_lines(max(1, self._placed_size.height - 2))

    def action_scroll_home(self) -> None:
        """Show the first message."""
        if self._document is not None:
            self._document.scroll_to_message(0)
            self._update()

    def action_scroll_end(self) -> None:
        """Show the newest line, and follow what comes."""
        self.follow()

    def action_previous_message(self) -> None:
        """Put the beginning of this message, or of the one before it, at the top."""
        if (document := self._document) is not None:
            document.scroll_to_message(document.top_index - (document.top_line == 0))
            self._update()

    def action_next_message(self) -> None:
        """Put the beginning of the next message at the top."""
        if (document := self._document) is not None:
            document.scroll_to_message(document.top_index + 1)
            self._update()

    def action_toggle_details(self) -> None:
        """Show or hide tokens and duration in the headers."""
        if self._document is not None:
            self._document.toggle_details()
            self._update()

    # Mouse and selection

    async def _on_click(self, event: events.Click) -> None:
        # What Textual does by itself on a double click is to select the whole widget.
        event.prevent_default()
        if event.chain >= 2:
            self._select_at(event)
            return
        offset = event.get_content_offset(self)
        if offset is None or self._document is None:
            return
        if self._is_on_jump_label(offset):
            self.follow()
        elif url := event.style.link:
            self.post_message(self.LinkClicked(url))
        elif offset.y < len(self._placement.rows) and (fold := self._placement.rows[offset.y].fold):
            self._document.toggle(self._placement.rows[offset.y].message, fold)
            self._document.following = False
            self._update()

    def _is_on_jump_label(self, offset: Offset) -> bool:
        width, height = self._placed_size
        on_line = not self.is_at_bottom and offset.y == height - 1
        return on_line and offset.x >= width - len(self._jump_label())

    def _select_at(self, event: events.Click) -> None:
        _, place = self.screen.get_widget_and_offset_at(event.screen_x, event.screen_y)
        if place is None or self._document is None:
            return
        span = word_span(self._document, place) if event.chain == 2 else message_span()
        if span is not None:
            start, end = Offset(span[0], place.y), Offset(span[1], place.y)
            self.screen.selections = {self: Selection(start, end)}

    def text_select_all(self) -> None:
        """Select the whole transcript."""
        self.screen.selections = {self: Selection(None, None)}

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected source text, as the author wrote it."""
        if self._document is None:
            return None
        return selected_source(self._document, selection.start, selection.end), "\n"

    def selected_source(self) -> str:
        """The source of what is selected; empty if nothing is."""
        selection = self.text_selection
        if selection is None or self._document is None:
            return ""
        return selected_source(self._document, selection.start, selection.end)

    def last_answer(self) -> str | None:
        """The source of the newest answer."""
        return last_answer(self._document) if self._document is not None else None

    def code_blocks(self) -> list[CodeBlock]:
        """The fenced code blocks, newest last; of a very long chat the last 200 or so."""
        return code_blocks(self._document) if self._document is not None else []
