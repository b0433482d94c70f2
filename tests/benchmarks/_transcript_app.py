"""A transcript alone on a screen, and chats without agents for it to show."""

from __future__ import annotations

import argparse
import gc
import os

os.environ.setdefault("TEXTUAL_FPS", "240")

from textual.app import App, ComposeResult
from textual.binding import Binding

from robota_tui.agents.live import LiveReply
from robota_tui.agents.messages import Message, MessageState, Role
from robota_tui.ui.transcript import Transcript, TranscriptDocument

NAMES = ("Алеф", "Бет")
"""What the last messages of the two chats end in: letters that stand nowhere else."""
FIRST_WORD = "Начало"
"""What the first messages begin with."""
TEXT = (
    "Paragraph {0} with **bold**, *emphasis*, `code` and [a link](http://example.org/{0}), long enough to "
    "wrap once or twice on a usual screen, as answers do.\n\n"
    "```python\ndef f{0}(x):\n    return x + {0}\n```\n\nAnd an end."
)


class FakeChat:
    """So many messages, made without an agent; `name` ends the newest one."""

    def __init__(self, messages: int, name: str = "Agent") -> None:
        self.name = name
        self.live: LiveReply | None = None
        self.messages = [
            Message(Role.ASSISTANT if number % 2 else Role.USER, TEXT.format(number))
            for number in range(messages)
        ]
        if messages:
            self.messages[0].content = f"{FIRST_WORD}. {self.messages[0].content}"
            self.messages[-1].content += f"\n\n{name}"

    def begin(self) -> LiveReply:
        """A reply starts to be streamed."""
        reply = Message(Role.ASSISTANT, "", state=MessageState.STREAMING)
        self.messages.append(reply)
        self.live = LiveReply(reply)
        return self.live


class Changed:
    """Stands for the event that a message has changed."""


class TranscriptApp(App[None]):
    """Tab switches between the chats; u and d scroll by a page, t and b go to the ends."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [  # noqa: RUF012
        Binding("n", "switch", priority=True),
        Binding("u", "to('action_page_up')"),
        Binding("d", "to('action_page_down')"),
        Binding("t", "to('action_scroll_home')"),
        Binding("b", "to('action_scroll_end')"),
    ]

    def __init__(self, chats: list[FakeChat]) -> None:
        super().__init__()
        self.documents = [TranscriptDocument(chat) for chat in chats]
        self._shown = 0

    def compose(self) -> ComposeResult:
        """Nothing but the transcript."""
        yield Transcript()

    @property
    def transcript(self) -> Transcript:
        """The only widget."""
        return self.query_one(Transcript)

    def on_mount(self) -> None:
        """Show the first chat; what is there then is not for the garbage collector to walk."""
        self.transcript.show(self.documents[0])
        self.call_after_refresh(gc.freeze)

    def changed(self) -> None:
        """Tell the shown document that something has changed."""
        self.documents[self._shown].hear(Changed())

    def action_switch(self) -> None:
        """Show the next chat."""
        self._shown = (self._shown + 1) % len(self.documents)
        self.transcript.show(self.documents[self._shown])

    def action_to(self, name: str) -> None:
        """Run an action of the transcript."""
        getattr(self.transcript, name)()


def main() -> None:
    """Two chats of so many messages each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("messages", type=int)
    messages = parser.parse_args().messages
    TranscriptApp([FakeChat(messages, name) for name in NAMES]).run()


if __name__ == "__main__":
    main()
