"""How the owner of an agent learns at once what happens in its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from robota_tui.agents.messages import Message


class RunObserver(Protocol):
    """Called synchronously, on the event loop, while a turn runs; must be quick and must not raise."""

    def message_added(self, message: Message) -> None:
        """A message stands at the end of the history; a reply is added when its request begins."""

    def message_streamed(self, message: Message) -> None:
        """The reply or its reasoning has grown; `Robota.live` holds the text."""

    def message_changed(self, message: Message) -> None:
        """A reply is complete, interrupted or failed now."""

    def message_removed(self, message: Message) -> None:
        """A message left the history because its answer is being regenerated."""


class SilentObserver:
    """Stands in where nobody wants to know."""

    def message_added(self, message: Message) -> None:
        """Do nothing."""

    def message_streamed(self, message: Message) -> None:
        """Do nothing."""

    def message_changed(self, message: Message) -> None:
        """Do nothing."""

    def message_removed(self, message: Message) -> None:
        """Do nothing."""
