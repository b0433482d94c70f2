from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.app import App, ComposeResult

from robota_tui.agents.live import LiveReply
from robota_tui.agents.messages import Message, MessageState, Role
from robota_tui.ui.transcript import Transcript, TranscriptDocument
from robota_tui.ui.transcript.cache import LayoutCache

if TYPE_CHECKING:
    from textual.pilot import Pilot

ANSWER = "Some **bold** words about number {0}.\n\n```python\nx = {0}\n```\n\nAnd a [link](http://a.b/c)."


def message(role: Role, text: str, **others: object) -> Message:
    return Message(role, text, created_at=datetime(2026, 1, 1, 12, 0, tzinfo=UTC), **others)  # type: ignore[arg-type]


class FakeChat:
    """A chat without an agent."""

    name = "Coder"

    def __init__(self, exchanges: int = 0) -> None:
        self.messages: list[Message] = []
        self.live: LiveReply | None = None
        for number in range(exchanges):
            self.messages.append(message(Role.USER, f"Question {number}?"))
            self.messages.append(message(Role.ASSISTANT, ANSWER.format(number)))

    def begin(self) -> LiveReply:
        """A reply starts to be streamed."""
        reply = message(Role.ASSISTANT, "", state=MessageState.STREAMING)
        self.messages.append(reply)
        self.live = LiveReply(reply)
        return self.live

    def end(self, state: MessageState = MessageState.COMPLETE) -> Message:
        """The reply has come to its end."""
        assert self.live is not None
        reply = self.live.sync()
        reply.state = state
        self.live = None
        return reply


class Changed:
    """Stands for any event but that of a streamed piece."""


class MessageStreamed:
    """Stands for the event of the same name."""


class Host(App[None]):
    """A screen with nothing but a transcript."""

    def __init__(self, chat: FakeChat | None = None) -> None:
        super().__init__()
        self.chat = chat
        self.heard: list[object] = []

    def compose(self) -> ComposeResult:
        yield Transcript(empty_hint="Nothing here yet.")

    def on_mount(self) -> None:
        if self.chat is not None:
            self.transcript.show(TranscriptDocument(self.chat, LayoutCache()))

    @property
    def transcript(self) -> Transcript:
        return self.query_one(Transcript)

    @property
    def document(self) -> TranscriptDocument:
        assert self.transcript.document is not None
        return self.transcript.document

    def on_transcript_reached_bottom(self, event: Transcript.ReachedBottom) -> None:
        self.heard.append(event)

    def on_transcript_new_below(self, event: Transcript.NewBelow) -> None:
        self.heard.append(event)

    def on_transcript_follow_changed(self, event: Transcript.FollowChanged) -> None:
        self.heard.append(event)

    def on_transcript_link_clicked(self, event: Transcript.LinkClicked) -> None:
        self.heard.append(event)

    def lines(self) -> list[str]:
        """What the transcript shows, without the spaces at the ends and the scroll bar."""
        view = self.transcript
        strips = view.render_lines(view.size.region)
        return [strip.crop(0, view.size.width - 1).text.rstrip() for strip in strips]


async def changed(pilot: Pilot[None]) -> None:
    """Tell the document, and wait until it is drawn."""
    app = pilot.app
    assert isinstance(app, Host)
    app.document.hear(Changed())
    await pilot.pause()
