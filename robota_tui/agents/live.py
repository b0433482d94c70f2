"""The reply that is being streamed now: text that grows cheaply, however long it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from robota_tui.agents.messages import Message


class TextBuffer:
    """Text that only grows; appending costs the same at any length."""

    __slots__ = ("_length", "_pieces")

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, piece: str) -> None:
        """Add `piece` at the end."""
        self._pieces.append(piece)
        self._length += len(piece)

    @property
    def text(self) -> str:
        """The whole text; costs one joining of what came since it was last asked for."""
        pieces = self._pieces
        if len(pieces) > 1:
            pieces[:] = ["".join(pieces)]
        return pieces[0] if pieces else ""

    def tail(self, start: int) -> str:
        """The text from character `start` on; costs only what it returns.

        A `start` at or beyond the end gives the empty string, a negative one the whole text.
        """
        missing = self._length - max(start, 0)
        if missing <= 0:
            return ""
        pieces = self._pieces
        place = len(pieces)
        while missing > 0:
            place -= 1
            missing -= len(pieces[place])
        if missing == 0:
            return "".join(pieces[place:])
        return pieces[place][-missing:] + "".join(pieces[place + 1 :])


class LiveReply:
    """A message whose text is growing; `message.content` follows when `sync` is called, and at the end."""

    __slots__ = ("_text", "append", "message", "reasoning")

    def __init__(self, message: Message) -> None:
        self.message = message
        """The message in the history; its state is `STREAMING`."""
        self.reasoning = TextBuffer()
        """What the model thinks before it answers; becomes `metadata["reasoning"]`."""
        self._text = TextBuffer()
        self.append = self._text.append
        """Add a piece of the answer at the end."""

    def __len__(self) -> int:
        return len(self._text)

    @property
    def text(self) -> str:
        """The whole answer so far; costs one joining of what came since it was last asked for."""
        return self._text.text

    def tail(self, start: int) -> str:
        """The answer from character `start` on; costs only what it returns."""
        return self._text.tail(start)

    def sync(self) -> Message:
        """Bring `message.content` and its reasoning up to date; returns the message."""
        self.message.content = self._text.text
        if self.reasoning:
            self.message.metadata["reasoning"] = self.reasoning.text
        return self.message
