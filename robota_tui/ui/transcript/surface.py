"""The part of the transcript widget that places and draws: rows, extent, scroll position, repaints."""

from __future__ import annotations

import asyncio
import contextvars
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from robota_tui.ui.markdown.cells import line_breaks, text_width
from robota_tui.ui.transcript.paint import Painter
from robota_tui.ui.transcript.places import Placement
from robota_tui.ui.transcript.select import span_in

if TYPE_CHECKING:
    from rich.style import Style
    from textual._animator import EasingFunction
    from textual._types import AnimationLevel, CallbackType

    from robota_tui.ui.transcript.document import TranscriptDocument

_PAINT_INTERVAL = 1 / 30
"""Seconds between two paints that streaming asks for; keys and scrolling are not held back."""

_NOTHING = Placement([], 0, 0, True)


class Surface(ScrollView):
    """Shows the rows of a document that are in sight, and no others.

    Nothing is mounted and nothing laid out while it runs: it sets its own scroll position and extent,
    and draws the rows that have changed.
    """

    def __init__(self, *, empty_hint: str = "", id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self.empty_hint = empty_hint
        """What stands in an empty transcript."""
        self._document: TranscriptDocument | None = None
        self._placement = _NOTHING
        self._painter = Painter(self._style_of_role)
        self._painting = False
        self._placed_size = Size(0, 0)
        self._timer: asyncio.TimerHandle | None = None
        self._painted_at = 0.0
        self._paint_context: contextvars.Context | None = None

    def _tell(self) -> None:
        """What stands in the view may have changed."""

    @property
    def is_at_bottom(self) -> bool:
        """Whether the newest line is in sight."""
        return self._placement.at_bottom

    # Keeping up

    def document_changed(self, message_id: str = "") -> None:
        """A message of the shown document was added, changed or removed."""
        self._schedule(0)

    def message_streamed(self, message_id: str = "") -> None:
        """The reply in the shown document has grown; painted at most 30 times a second."""
        self._schedule(_PAINT_INTERVAL)

    def _hear(self, event: object) -> None:
        if type(event).__name__ == "MessageStreamed":
            self.message_streamed()
        else:
            self.document_changed()

    def _schedule(self, interval: float) -> None:
        if self._paint_context is None:
            return
        loop = asyncio.get_running_loop()
        due = max(loop.time(), self._painted_at + interval)
        if self._timer is not None:
            if self._timer.when() <= due:
                return
            self._timer.cancel()
        # The timer runs in the widget's own context: the caller may be an agent's task, which has none.
        self._timer = loop.call_at(due, self._tick, context=self._paint_context)

    def _tick(self) -> None:
        self._timer = None
        self._painted_at = asyncio.get_running_loop().time()
        self._update()

    def on_mount(self) -> None:
        """Remember the context that drawing needs; see to it that the first message costs no imports."""
        self._paint_context = contextvars.copy_context()
        self._update()

    def on_unmount(self) -> None:
        """Stop listening."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._document is not None:
            self._document.listener = None
        self._paint_context = None

    def on_resize(self) -> None:
        """Lay out for the new size; the line at the top stays."""
        self._update()

    # Placing

    def _update(self) -> None:
        """Find out what stands in the view now, and have what differs drawn."""
        size = self.scrollable_content_region.size
        if self._paint_context is None or not size:
            return
        before = self._placement
        if self._document is None:
            self._placement = _NOTHING
        else:
            self._document.set_width(size.width)
            self._placement = self._document.place(size.height)
        self._set_extent(size)
        self._refresh_rows(before, size)
        if self._document is not None and self._document.is_behind:
            self._schedule(0)
        self._tell()

    def _set_extent(self, size: Size) -> None:
        """Set extent and scroll position without the layout and the repaint that Textual adds to that."""
        placement = self._placement
        self._placed_size = size
        self.set_reactive(Widget.virtual_size, Size(size.width, placement.total))
        self.set_reactive(Widget.scroll_y, float(placement.top))
        self.set_reactive(Widget.scroll_target_y, float(placement.top))
        bar = self.vertical_scrollbar
        bar.window_virtual_size = placement.total
        bar.window_size = size.height
        bar.position = placement.top

    def _refresh_rows(self, before: Placement, size: Size) -> None:
        old, new = before.rows, self._placement.rows
        if not old or not new:
            self.refresh()
            return
        changed = [
            y
            for y in range(max(len(old), len(new)))
            if y >= len(old)
            or y >= len(new)
            or old[y].line is not new[y].line
            or old[y].message != new[y].message
        ]
        if before.at_bottom != self._placement.at_bottom or not self._placement.at_bottom:
            changed.append(size.height - 1)
        if len(changed) * 2 > size.height:
            self.refresh()
        elif changed:
            self.refresh(*(Region(0, y, size.width, 1) for y in changed))

    # Drawing

    def _style_of_role(self, role: str) -> Style:
        return self.get_component_rich_style(f"transcript--{role}")

    def notify_style_update(self) -> None:
        """The theme has changed."""
        super().notify_style_update()
        self._painter.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw; `render_line` must know that it is not asked by Textual's hit-testing."""
        self._painting = True
        try:
            return super().render_lines(crop)
        finally:
            self._painting = False

    def render_line(self, y: int) -> Strip:
        """One line of the view."""
        rows = self._placement.rows
        width = self._placed_size.width
        if y >= len(rows):
            return self._blank(y, width) if rows else self._empty_line(y, width)
        row = rows[y]
        if not self._painting:
            return self._painter.hit_strip(row)
        selection = self.text_selection
        span = span_in(selection.start, selection.end, row.message) if selection is not None else None
        if span is None:
            strip = self._painter.strip(row, width)
        else:
            strip = self._painter.selected_strip(row, width, *span, self._selection_style())
        if y == self._placed_size.height - 1 and not self.is_at_bottom:
            return self._with_jump(strip, width)
        return strip

    def _selection_style(self) -> Style:
        return self.screen.get_component_rich_style("screen--selection")

    def _blank(self, y: int, width: int) -> Strip:
        last = self._placement.rows[-1]
        if not self._painting:
            return self._painter.hit_strip(last)
        return Strip([Segment(" " * width, self._style_of_role("text"))], width)

    def _empty_line(self, y: int, width: int) -> Strip:
        style = self._style_of_role("empty")
        lines = self.empty_hint.split("\n") if self.empty_hint else []
        wrapped = [line[a:b] for line in lines for a, b in line_breaks(line, max(1, width - 2))]
        place = y - max(0, (self._placed_size.height - len(wrapped)) // 2)
        text = wrapped[place] if 0 <= place < len(wrapped) else ""
        left = max(0, (width - text_width(text)) // 2)
        strip = Strip([Segment(" " * left + text, style)])
        return strip.adjust_cell_length(width, style)

    def _jump_label(self) -> str:
        count = self._document.new_below if self._document is not None else 0
        return f" ↓ {count} new " if count else " ↓ "

    def _with_jump(self, strip: Strip, width: int) -> Strip:
        label = self._jump_label()
        style = self._style_of_role("jump")
        if len(label) >= width:
            return strip
        return Strip([*strip.crop(0, width - len(label)), Segment(label, style)], width)

    # Scrolling

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Textual has moved the view: by wheel, key, scroll bar, or while selecting."""
        document = self._document
        if document is None or round(old_value) == round(new_value):
            return
        if self.scrollable_content_region.size != self._placed_size:
            return  # Textual clamps the position before it tells of a new size; the top line must stay
        if new_value >= self.max_scroll_y and new_value > old_value:
            document.following = True
        else:
            document.scroll_to(round(new_value))
        self._update()

    def scroll_to(  # noqa: PLR0913
        self,
        x: float | None = None,
        y: float | None = None,
        *,
        animate: bool = True,
        speed: float | None = None,
        duration: float | None = None,
        easing: EasingFunction | str | None = None,
        force: bool = False,
        on_complete: CallbackType | None = None,
        level: AnimationLevel = "basic",
        immediate: bool = False,
        release_anchor: bool = True,
    ) -> None:
        """Scroll at once: an animation would aim at a place that moves as guesses become heights."""
        super().scroll_to(x, y, animate=False, force=force, on_complete=on_complete, immediate=immediate)
