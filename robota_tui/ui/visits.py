"""Where the user has been: the last used chat, and the round through the chats that want attention."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Visits:
    """The chats in the order in which they were last shown."""

    def __init__(self) -> None:
        self._order: dict[str, None] = {}

    def visit(self, chat_id: str) -> None:
        """A chat is shown now."""
        self._order.pop(chat_id, None)
        self._order[chat_id] = None

    def forget(self, chat_id: str) -> None:
        """A chat is gone."""
        self._order.pop(chat_id, None)

    def last_before(self, chat_id: str | None) -> str | None:
        """The chat that was shown before this one; `None` if there was none."""
        return next((visited for visited in reversed(self._order) if visited != chat_id), None)

    def recent_first(self) -> list[str]:
        """All visited chats, the last one first."""
        return list(reversed(self._order))


class AttentionRound:
    """One walk through the chats that want attention, back to where it began.

    A chat that was gone to is not offered again in the same round, as some go on wanting attention. Going
    anywhere else by hand ends the round.
    """

    def __init__(self) -> None:
        self._origin: str | None = None
        self._stop: str | None = None
        self._visited: set[str] = set()

    def next_stop(self, wanting: Sequence[str], current: str | None) -> str | None:
        """Where to go from `current`; `None` if nobody wants anything and no round is under way."""
        if self._stop is None or current != self._stop:
            self._origin, self._visited = current, set()
        if current is not None:
            self._visited.add(current)
        self._stop = next((chat_id for chat_id in wanting if chat_id not in self._visited), None)
        if self._stop is not None:
            return self._stop
        origin, self._origin = self._origin, None
        return origin if origin != current else None
