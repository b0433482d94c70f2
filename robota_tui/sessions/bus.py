"""Telling subscribers what has happened."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from robota_tui.sessions.events import Event

Subscriber = Callable[[Event], object]

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Subscription:
    callback: Subscriber
    is_active: bool = True


class EventBus:
    """Calls every subscriber with every event, in the order of events and of subscription.

    What a subscriber's own commands cause is told after the event that it is hearing, so that everyone
    hears the same order.
    """

    def __init__(self) -> None:
        self._subscriptions: tuple[_Subscription, ...] = ()
        self._pending: deque[Event] = deque()
        self._is_telling = False

    def subscribe(self, callback: Subscriber) -> Callable[[], None]:
        """Call `callback` with each event from now on; the returned function ends that at once."""
        subscription = _Subscription(callback)
        self._subscriptions = (*self._subscriptions, subscription)

        def unsubscribe() -> None:
            subscription.is_active = False
            self._subscriptions = tuple(other for other in self._subscriptions if other is not subscription)

        return unsubscribe

    def emit(self, event: Event) -> None:
        """Tell everyone; a subscriber that raises is logged and keeps nobody else from hearing it."""
        self._pending.append(event)
        if self._is_telling:
            return
        self._is_telling = True
        try:
            while self._pending:
                self._tell(self._pending.popleft())
        finally:
            self._is_telling = False

    def _tell(self, event: Event) -> None:
        for subscription in self._subscriptions:
            if not subscription.is_active:
                continue
            try:
                subscription.callback(event)
            except Exception:
                _log.exception("A subscriber failed on %s", type(event).__name__)
