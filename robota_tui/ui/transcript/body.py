"""The text of a message as lines, whether it is complete or still being streamed."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from robota_tui.agents.messages import Role
from robota_tui.ui.markdown.blocks import render
from robota_tui.ui.markdown.lines import TEXT, Line
from robota_tui.ui.markdown.packed import PackedLines
from robota_tui.ui.markdown.plain import render_plain
from robota_tui.ui.markdown.stream import StreamingMarkdown

if TYPE_CHECKING:
    from robota_tui.agents.messages import Message
    from robota_tui.ui.transcript.source import Live

WHOLE = 2_500
"""Characters of a finished answer that are rendered in one go, so that it never comes up in parts."""
PIECE = 500
"""Characters of longer texts, and of what is streamed, after which it is looked at the clock: 1 ms of
prose, 6 ms of dense code."""
BUDGET = 0.003
"""Seconds after which the rest of a text is left for the next turn.

So a chat whose reply grew for minutes while it was hidden comes up at once, and keys are never held back.
"""

Body = list[Line] | PackedLines | StreamingMarkdown
"""Lines by number; what there may be many of is kept in a way that takes little room."""


class MessageBody:
    """Follows the text of one message at one width."""

    def __init__(self, width: int) -> None:
        self.lines: Body = PackedLines()
        """The lines so far."""
        self.behind = False
        """Whether text is left for the next `update`."""
        self._width = width
        self._content: str | None = None
        self._seen = 0

    def update(self, message: Message, live: Live | None) -> None:
        """Render what is new in the text, or a slice of it."""
        if live is not None:
            if not isinstance(self.lines, StreamingMarkdown):
                self._stream()
            self._content = None
            self._feed(live.tail(self._seen))
            return
        content = message.content
        if content != self._content:
            # A reply that has come to its end says what was streamed, and perhaps more.
            ended = isinstance(self.lines, StreamingMarkdown) and self._content is None
            if not ended or len(content) < self._seen:
                self._begin(message.role, content)
            self._content = content
        if isinstance(self.lines, StreamingMarkdown):
            self._feed(content[self._seen :])

    def _begin(self, role: Role, content: str) -> None:
        if role is not Role.ASSISTANT:
            self.lines = PackedLines(render_plain(content, self._width, TEXT))
        elif len(content) > WHOLE:
            self._stream()
        else:
            self.lines = PackedLines(render(content, self._width))

    def _stream(self) -> None:
        self.lines = StreamingMarkdown(self._width)
        self._seen = 0

    def _feed(self, text: str) -> None:
        assert isinstance(self.lines, StreamingMarkdown)
        end = perf_counter() + BUDGET
        done = 0
        while done < len(text) and (not done or perf_counter() < end):
            self.lines.append(text[done : done + PIECE])
            self.lines.settle()
            done += PIECE
        self._seen += min(done, len(text))
        self.behind = done < len(text)


def line_start(lines: Body, index: int) -> int:
    """Where line number `index` begins in the source."""
    return lines[index].start if isinstance(lines, list) else lines.start(index)
