"""What the transcript keeps for one chat: heights, the place of reading, folds. No widget."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from robota_tui.ui.transcript.cache import SHARED, LayoutCache
from robota_tui.ui.transcript.heights import HeightIndex
from robota_tui.ui.transcript.layout import CONTENT, GUTTER, REASONING, MessageLayout, Style
from robota_tui.ui.transcript.places import Anchor, Placement, Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from robota_tui.agents.messages import Message
    from robota_tui.ui.transcript.source import Live, TranscriptSource

_SAMPLES = 48
"""Messages that are looked at to guess how high one is."""
_FAR = 120
"""Lines beyond which scrolling goes by the height index rather than line by line."""
_serial = count()


class TranscriptDocument:
    """The transcript of one chat, whether it is shown or not; cheap until something is looked at."""

    def __init__(self, source: TranscriptSource, cache: LayoutCache | None = None) -> None:
        self.source = source
        """The chat."""
        self.following = True
        """Whether the view stays at the bottom as text arrives."""
        self.unread_id = ""
        """The first message that was not seen; a mark stands above it."""
        self.is_behind = False
        """Whether `place` left text to be rendered by the next call, because there was too much of it."""
        self.listener: Callable[[object], None] | None = None
        """Called with each event that `hear` is told of, while the document is shown."""
        self._cache = SHARED if cache is None else cache
        self._serial = next(_serial)
        self._width = 0
        self._details = False
        self._epoch = 0
        self._unfolded: dict[str, set[str]] = {}
        self._heights = HeightIndex(0, 1)
        self._measured: dict[int, str] = {}
        self._advanced: set[str] = set()
        self._last_id = ""
        self._anchor = Anchor()
        self._seen: int | None = None

    def __len__(self) -> int:
        return len(self.source.messages)

    def hear(self, event: object) -> None:
        """Something happened to the messages of this chat; costs next to nothing while it is hidden."""
        self._epoch += type(event).__name__ != "MessageStreamed"
        if self.listener is not None:
            self.listener(event)

    # What was seen

    def enter(self) -> None:
        """The document is shown now: mark where the unread messages begin."""
        total = len(self)
        if self._seen is not None and self._seen < total:
            self.unread_id = self.source.messages[self._seen].id

    def leave(self) -> None:
        """The document is not shown any more."""
        if self._seen is None:
            self._seen = len(self)
        elif self._seen >= len(self):
            self.unread_id = ""

    @property
    def new_below(self) -> int:
        """Messages that were not yet seen at the bottom."""
        return max(0, len(self) - self._seen) if self._seen is not None else 0

    # Keeping up with the chat

    def set_width(self, width: int) -> None:
        """Lay out for `width` cells; heights become guesses again."""
        if width != self._width:
            self._width = width
            self._forget_heights()

    def _forget_heights(self) -> None:
        self._heights = HeightIndex(len(self), self._guess())
        self._measured.clear()
        self._last_id = self.source.messages[-1].id if len(self) else ""

    def _guess(self) -> int:
        """How many lines a message takes on the average, by a sample."""
        messages = self.source.messages
        total = len(messages)
        width = max(1, self._width - GUTTER)
        sample = range(0, total, max(1, total // _SAMPLES))
        lines = sum(
            3 + len(messages[index].content) // width + messages[index].content.count("\n")
            for index in sample
        )
        return max(3, round(lines / len(sample))) if sample else 3

    def _sync(self) -> None:
        messages = self.source.messages
        total, known = len(messages), len(self._heights)
        if known and (total < known or messages[known - 1].id != self._last_id):
            self._reconcile()
        if not known and total:
            self._forget_heights()
        self._heights.resize(total)
        self._last_id = messages[total - 1].id if total else ""
        if self._seen is not None:
            self._seen = min(self._seen, total)

    def _reconcile(self) -> None:
        """Messages were removed: heights are kept up to the first message that is not where it was."""
        messages = self.source.messages
        places = sorted(self._measured)
        low, high = 0, len(places)
        while low < high:
            middle = (low + high) // 2
            place = places[middle]
            if place < len(messages) and messages[place].id == self._measured[place]:
                low = middle + 1
            else:
                high = middle
        kept = places[low - 1] + 1 if low else 0
        for place in places[low:]:
            del self._measured[place]
        self._heights.resize(kept)

    def live(self, message: Message) -> Live | None:
        """The reply being streamed, if it is this message."""
        live = self.source.live
        return live if live is not None and live.message.id == message.id else None

    def layout(self, index: int, *, more: bool = False) -> MessageLayout:
        """The lines of message number `index`, up to date.

        Of a text that grows or is behind, `place` takes one slice at a time, unless `more` is wanted.
        """
        message = self.source.messages[index]
        live = self.live(message)
        unread = message.id == self.unread_id
        style = Style(self._width, self.source.name, self._details, unread)
        layout = self._cache.get(self._serial, message.id)
        unfolded = self._unfolded.get(message.id, ())
        if layout is None or layout.style != style:
            layout = MessageLayout(message, live, style, unfolded)
        elif layout.epoch != self._epoch or (
            (live is not None or layout.streaming or layout.behind)
            and (more or message.id not in self._advanced)
        ):
            layout.update(message, live, unfolded)
        self._advanced.add(message.id)
        layout.epoch = self._epoch
        self.is_behind |= layout.behind
        self._cache.put(self._serial, message.id, layout)
        if self._measured.get(index) is None or self._heights[index] != layout.height:
            self._heights.set(index, layout.height)
            self._measured[index] = message.id
        return layout

    def toggle(self, index: int, fold: str) -> None:
        """Fold or unfold reasoning, a tool call or its result."""
        message_id = self.source.messages[index].id
        self._unfolded.setdefault(message_id, set()).symmetric_difference_update({fold})
        self._epoch += 1

    def unfolded(self, message_id: str) -> frozenset[str]:
        """What of a message is unfolded."""
        return frozenset(self._unfolded.get(message_id, ()))

    def toggle_details(self) -> None:
        """Show or hide tokens and duration in the headers."""
        self._details = not self._details

    # The place of reading

    def place(self, height: int) -> Placement:
        """Lay out what a view of `height` lines shows; the line at its top stays where it is."""
        self._sync()
        self.is_behind = False
        self._advanced.clear()
        if not len(self) or height <= 0:
            return Placement([], 0, 0, True)
        if self.following:
            index, line = self._up_from_end(height)
        else:
            index, line = self._found_anchor(height)
        rows, at_bottom = self._rows_from(index, line, height)
        if len(rows) < height and (index or line):
            index, line = self._up_from_end(height)
            rows, at_bottom = self._rows_from(index, line, height)
        self._remember(index, line)
        self.following = self.following or at_bottom
        if at_bottom:
            self._seen = len(self)
        return Placement(rows, self._heights.top(index) + line, self._heights.total, at_bottom)

    def _up_from_end(self, height: int) -> tuple[int, int]:
        index = len(self) - 1
        line = self.layout(index).height - height
        while line < 0 and index:
            index -= 1
            line += self.layout(index).height
        return index, max(0, line)

    def _rows_from(self, index: int, line: int, height: int) -> tuple[list[Row], bool]:
        """The lines from there on, and whether the very last one is among them."""
        rows: list[Row] = []
        total = len(self)
        complete = False
        while len(rows) < height and index < total:
            layout = self.layout(index)
            complete = layout.height - line <= height - len(rows)
            for section, shown, number in layout.lines_from(line, height - len(rows)):
                rows.append(Row(index, section.part, "" if number else section.fold, shown))
            index += 1
            line = 0
        return rows, complete and index == total

    def _found_anchor(self, height: int = 1) -> tuple[int, int]:
        """The place of reading; of a text that is behind, `height` lines from there on are made first."""
        anchor = self._anchor
        index = self._index_of(anchor)
        layout = self.layout(index)
        while layout.behind and layout.height < anchor.line + height:
            layout = self.layout(index, more=True)
        line = anchor.line
        if self.source.messages[index].id != anchor.message_id:
            line = 0
        elif layout.style.width != anchor.width and anchor.part in (CONTENT, REASONING):
            line = layout.line_of(anchor.part, anchor.offset)
        elif anchor.part == CONTENT:
            line += layout.before(CONTENT) - anchor.before
        return index, min(max(0, line), layout.height - 1)

    def _index_of(self, anchor: Anchor) -> int:
        messages = self.source.messages
        total = len(messages)
        if anchor.message < total and messages[anchor.message].id == anchor.message_id:
            return anchor.message
        nearest = min(anchor.message, total - 1)
        return next(
            (place for place in range(nearest, -1, -1) if messages[place].id == anchor.message_id), nearest
        )

    def _remember(self, index: int, line: int) -> None:
        layout = self.layout(index)
        section, shown, _ = layout.at(line)
        message_id = self.source.messages[index].id
        part, offset, before = section.part, shown.start, self._anchor
        if (before.message_id, before.part) == (message_id, part) and layout.line_of(
            part, before.offset
        ) == line:
            # The place that was at the top stays the one to return to, wherever lines begin at this width.
            offset = before.offset
        self._anchor = Anchor(index, message_id, line, layout.style.width, layout.before(part), part, offset)

    # Moving

    def scroll_by(self, lines: int) -> None:
        """Move down by `lines`, or up: by real lines, whatever was guessed before."""
        if not len(self):
            return
        index, line = self._found_anchor()
        line += lines
        while line < 0 and index:
            index -= 1
            line += self.layout(index).height
        last = len(self) - 1
        while index < last and line >= (height := self.layout(index).height):
            line -= height
            index += 1
        self._move_to(index, line)

    def scroll_to(self, line: int) -> None:
        """Move so that line number `line` by the height index is at the top."""
        if not len(self):
            return
        top = self._heights.top(self._anchor.message) + self._anchor.line
        if line <= 0:
            self._move_to(0, 0)
        elif abs(line - top) <= _FAR:
            self.scroll_by(line - top)
        else:
            self._move_to(*self._heights.find(line))

    def scroll_to_message(self, index: int) -> None:
        """Move so that message number `index` begins at the top."""
        if len(self):
            self._move_to(min(max(0, index), len(self) - 1), 0)

    def _move_to(self, index: int, line: int) -> None:
        self.following = False
        self._remember(index, min(max(0, line), self.layout(index).height - 1))

    @property
    def top_index(self) -> int:
        """Number of the message at the top of the view."""
        return self._anchor.message

    @property
    def top_line(self) -> int:
        """Number of the line at the top of the view, within its message."""
        return self._anchor.line

    def close(self) -> None:
        """The chat is gone: forget its rendered lines."""
        self._cache.drop_document(self._serial)
