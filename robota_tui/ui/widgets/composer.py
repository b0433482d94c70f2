"""Where messages are written: several lines, a draft per chat, what was sent before on the arrow keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textual.strip import Strip
from textual.widgets import TextArea

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual import events
    from textual.widgets.text_area import Location

_ESCAPE_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def without_controls(text: str) -> str:
    """Text as it may stand in a message: line ends are `\\n`, tabs stay, other control characters go."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", _ESCAPE_SEQUENCE.sub("", text))


class Composer(TextArea):
    """A text area whose keys the screen sees first; enter is among them, and sends.

    It holds no history and no drafts of its own: `load` shows those of a chat, and what is typed is told
    by `TextArea.Changed`.
    """

    def __init__(
        self,
        placeholder: str,
        take_key: Callable[[events.Key], Awaitable[bool]],
        *,
        blink: bool = True,
        id: str | None = None,  # noqa: A002
    ) -> None:
        """`take_key` gets every key first, and says whether that was all."""
        super().__init__(
            placeholder=placeholder, compact=True, highlight_cursor_line=False, tab_behavior="focus", id=id
        )
        self.cursor_blink = blink
        self._take_key = take_key
        self._find_sent: Callable[[], Sequence[str]] = tuple
        self._sent: Sequence[str] = ()
        self._recalled = 0
        self._own_draft = ""

    def load(self, draft: str, cursor: Location | None, find_sent: Callable[[], Sequence[str]]) -> None:
        """Show a chat's draft.

        `find_sent` gives the messages sent in it before, oldest first; an arrow key asks for them.
        """
        self._find_sent = find_sent
        self._recalled = 0
        if draft != self.text:
            self.text = draft
        self.move_cursor(cursor if cursor is not None else self.document.end)

    def empty(self) -> None:
        """The text was sent; the arrow keys begin at the newest message again."""
        self._recalled = 0
        self.clear()

    def render_line(self, y: int) -> Strip:
        """Draw a line; where the padding leaves no room, Textual's placeholder would divide by zero."""
        return (
            super().render_line(y)
            if self.content_size.width
            else Strip.blank(self.size.width, self.rich_style)
        )

    async def on_paste(self, event: events.Paste) -> None:
        """Insert pasted text without its control characters; it never sends by itself."""
        event.stop()
        event.prevent_default()
        result = self.replace(without_controls(event.text), *self.selection)
        self.move_cursor(result.end_location)

    async def on_key(self, event: events.Key) -> None:
        """Offer each key to the screen before it edits the text.

        A priority binding would run as soon as the app sees the key, when characters typed just before may
        still be on their way here: they would miss the message that is sent, or land in another chat.
        """
        if await self._take_key(event):
            event.stop()
            event.prevent_default()

    def run(self, action_id: str) -> None:
        """Run an action whose scope is the composer."""
        match action_id:
            case "newline":
                self.replace("\n", *self.selection)
            case "input.previous":
                self._move_up()
            case "input.next":
                self._move_down()

    def _move_up(self) -> None:
        """One line up, or on the first line back to the message sent before."""
        if not self.navigator.is_first_wrapped_line(self.selection.end):
            self.action_cursor_up()
            return
        if self._recalled == 0:
            self._sent, self._own_draft = self._find_sent(), self.text
        if self._recalled < len(self._sent):
            self._recall(self._recalled + 1)
        else:
            self.action_cursor_up()

    def _move_down(self) -> None:
        """One line down, or on the last line forward to the message sent after, at last the draft."""
        if self.navigator.is_last_wrapped_line(self.selection.end) and self._recalled > 0:
            self._recall(self._recalled - 1)
        else:
            self.action_cursor_down()

    def _recall(self, place: int) -> None:
        self._recalled = place
        self.text = self._sent[-place] if place else self._own_draft
        self.move_cursor(self.document.end)
