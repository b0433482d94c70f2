"""From the manager to the widgets: the one subscription, and the batching of what it tells."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from robota_tui.sessions import events

if TYPE_CHECKING:
    from collections.abc import Callable

    from robota_tui.sessions.manager import SessionManager

_INTERVAL = 0.1
"""Seconds between two repaints of statuses: more than ten a second nobody can read."""

MessageEvent = (
    events.MessageAdded
    | events.MessageStreamed
    | events.MessageChanged
    | events.MessageDeleted
    | events.HistoryCleared
)


class BridgeView(Protocol):
    """What the bridge tells the screen."""

    @property
    def shown_chat_id(self) -> str | None:
        """The chat in the transcript."""

    def show_selected(self) -> None:
        """Another chat or session is selected."""

    def show_message_event(self, event: MessageEvent) -> None:
        """Something happened to the messages of a chat."""

    def show_chat_state(self) -> None:
        """The shown chat's model, queue or state has changed."""

    def show_send_failure(self, event: events.SendFailed) -> None:
        """A message could not be answered."""

    def forget_chat(self, chat_id: str) -> None:
        """A chat is gone."""

    def refresh_structure(self) -> None:
        """Sessions or chats have come, gone, moved, or have other names."""

    def refresh_badges(self, chats: set[tuple[str, str]]) -> None:
        """These chats, each with its session before it, want something else than before."""


class Bridge:
    """Hears every event of the manager, and passes on what can be seen.

    A token of a hidden chat costs one comparison. Changes of status and structure are shown at once when
    they come alone, and ten times a second when they come in crowds.
    """

    def __init__(
        self,
        manager: SessionManager,
        view: BridgeView,
        call_later: Callable[[float, Callable[[], None]], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._manager = manager
        self._view = view
        self._call_later = call_later
        self._clock = clock
        self._last_flush = -_INTERVAL
        self._is_scheduled = False
        self._structure_changed = False
        self._changed_chats: set[tuple[str, str]] = set()
        self._unsubscribe = manager.subscribe(self.hear)

    def stop(self) -> None:
        """Hear no more."""
        self._unsubscribe()

    def hear(self, event: events.Event) -> None:
        """Take an event of the manager."""
        match event:
            case events.MessageStreamed(chat_id=chat_id):
                if chat_id == self._view.shown_chat_id:
                    self._view.show_message_event(event)
            case (
                events.MessageAdded()
                | events.MessageChanged()
                | events.MessageDeleted()
                | events.HistoryCleared()
            ):
                self._view.show_message_event(event)
            case events.ChatStatusChanged(session_id=session_id, chat_id=chat_id):
                self._changed_chats.add((session_id, chat_id))
                self._flush_soon()
            case events.SessionSwitched():
                self._switch()
            case events.ChatSwitched(session_id=session_id):
                if session_id == self._manager.active_session_id:
                    self._switch()
            case events.QueueChanged(chat_id=chat_id) | events.ChatConfigured(chat_id=chat_id):
                if chat_id == self._view.shown_chat_id:
                    self._view.show_chat_state()
            case events.SendFailed():
                self._view.show_send_failure(event)
            case events.TemplatesChanged():
                pass
            case _:
                self._hear_structure(event)

    def _hear_structure(self, event: events.Event) -> None:
        if isinstance(event, events.ChatDeleted):
            self._view.forget_chat(event.chat_id)
        if isinstance(event, events.SessionStateChanged):
            self._view.show_chat_state()
        self._structure_changed = True
        self._flush_soon()

    def _switch(self) -> None:
        if self._structure_changed:
            self._flush()
        self._view.show_selected()

    def _flush_soon(self) -> None:
        if self._is_scheduled:
            return
        wait = self._last_flush + _INTERVAL - self._clock()
        if wait <= 0:
            self._flush()
        else:
            self._is_scheduled = True
            self._call_later(wait, self._flush_scheduled)

    def _flush_scheduled(self) -> None:
        self._is_scheduled = False
        self._flush()

    def _flush(self) -> None:
        self._last_flush = self._clock()
        structure, self._structure_changed = self._structure_changed, False
        chats, self._changed_chats = self._changed_chats, set()
        if structure:
            self._view.refresh_structure()
        elif chats:
            self._view.refresh_badges(chats)
