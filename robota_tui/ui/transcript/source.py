"""What a transcript reads: the part of a chat that it needs to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robota_tui.agents.messages import Message


class GrowingText(Protocol):
    """Text that only grows."""

    def __len__(self) -> int: ...

    @property
    def text(self) -> str:
        """All of it."""
        ...

    def tail(self, start: int) -> str:
        """What stands from character `start` on; costs what it returns."""
        ...


class Live(GrowingText, Protocol):
    """A reply that is being streamed."""

    @property
    def message(self) -> Message:
        """The message that grows."""
        ...

    @property
    def reasoning(self) -> GrowingText:
        """What the model thinks before it answers."""
        ...


class TranscriptSource(Protocol):
    """A chat, as far as its transcript goes."""

    @property
    def name(self) -> str:
        """What the agent is called."""
        ...

    @property
    def messages(self) -> Sequence[Message]:
        """All messages, oldest first; the sequence is live."""
        ...

    @property
    def live(self) -> Live | None:
        """The reply being streamed now."""
        ...
