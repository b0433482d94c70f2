"""Rendered messages, kept as long as there is room for their lines; one store for all chats."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from robota_tui.ui.transcript.layout import MessageLayout

MAX_LINES = 6_000
"""Lines that are kept in all, some 3 MB; what is streaming stays beyond that."""


class LayoutCache:
    """Forgets the messages that were not looked at for longest."""

    def __init__(self, max_lines: int = MAX_LINES) -> None:
        self._max_lines = max_lines
        self._layouts: OrderedDict[tuple[int, str], tuple[MessageLayout, int]] = OrderedDict()
        self._lines = 0

    @property
    def lines(self) -> int:
        """How many lines are held, giants counted as less."""
        return self._lines

    def get(self, document: int, message_id: str) -> MessageLayout | None:
        """The layout of a message, if it is here."""
        found = self._layouts.get((document, message_id))
        if found is None:
            return None
        self._layouts.move_to_end((document, message_id))
        return found[0]

    def put(self, document: int, message_id: str, layout: MessageLayout) -> None:
        """Keep a layout, or note that its height has changed."""
        key = (document, message_id)
        # One giant counts as an eighth at most: else it would drive out its neighbours, and they it.
        lines = min(layout.height, self._max_lines // 8)
        before = self._layouts.get(key)
        if before is not None:
            if before == (layout, lines):
                return
            self._lines -= before[1]
        self._layouts[key] = (layout, lines)
        self._layouts.move_to_end(key)
        self._lines += lines
        if self._lines > self._max_lines:
            self._evict(key)

    def drop_document(self, document: int) -> None:
        """Forget all messages of a document."""
        for key in [key for key in self._layouts if key[0] == document]:
            self._lines -= self._layouts.pop(key)[1]

    def _evict(self, newest: tuple[int, str]) -> None:
        for key in list(self._layouts):
            if self._lines <= self._max_lines:
                return
            layout, lines = self._layouts[key]
            if key != newest and not layout.streaming:
                del self._layouts[key]
                self._lines -= lines


SHARED = LayoutCache()
"""What all documents use unless they are given another."""
