"""Telling subscribers what has happened."""

from __future__ import annotations

import logging
from collections.abc import Callable

from robota_tui.sessions.events import Event

Subscriber = Callable[[Event], None]

_log = logging.getLogger(__name__)


class EventBus:
    """Calls every subscriber with every event, at once and in the order of subscription."""

    def __init__(self) -> None:
        self._subscribers: tuple[Subscriber, ...] = ()

    def subscribe(self, callback: Subscriber) -> Callable[[], None]:
        """Call `callback` with each event from now on; the returned function ends that."""
        # A wrapper per subscription, so that the same callable may subscribe twice.
        entry: Subscriber = lambda event: callback(event)  # noqa: E731, PLW0108
        self._subscribers = (*self._subscribers, entry)

        def unsubscribe() -> None:
            self._subscribers = tuple(other for other in self._subscribers if other is not entry)

        return unsubscribe

    def emit(self, event: Event) -> None:
        """Tell everyone; a subscriber that raises is logged and keeps nobody else from hearing it."""
        for subscriber in self._subscribers:
            try:
                subscriber(event)
            except Exception:
                _log.exception("A subscriber failed on %s", type(event).__name__)
