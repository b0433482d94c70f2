"""When a chat counts as seen: its end was in sight for a moment; passing over it is not enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robota_tui.sessions.state import ChatStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.timer import Timer

    from robota_tui.sessions.chat import ChatInstance


class SeenWatch:
    """Marks chats as seen."""

    def __init__(
        self,
        delay: float,
        set_timer: Callable[[float, Callable[[], None]], Timer],
        is_in_sight: Callable[[ChatInstance], bool],
    ) -> None:
        """`delay` is in seconds; `is_in_sight` tells whether the end of a chat can be seen now."""
        self._delay = delay
        self._set_timer = set_timer
        self._is_in_sight = is_in_sight
        self._timer: Timer | None = None

    def watch(self, chat: ChatInstance | None) -> None:
        """This chat is shown, or its end came into sight; the moment begins now."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if chat is not None and chat.status in (ChatStatus.UNSEEN, ChatStatus.FAILED):
            self._timer = self._set_timer(self._delay, lambda: self._mark(chat))

    def _mark(self, chat: ChatInstance) -> None:
        if self._is_in_sight(chat):
            chat.mark_seen()
