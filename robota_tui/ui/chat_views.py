"""What the screen keeps for each chat: its document, the cursor in its draft, its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robota_tui.agents.messages import Role
from robota_tui.ui.transcript import TranscriptDocument

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.widgets.text_area import Location

    from robota_tui.sessions.chat import ChatInstance
    from robota_tui.sessions.manager import SessionManager
    from robota_tui.sessions.state import ChatStats
    from robota_tui.ui.bridge import MessageEvent
    from robota_tui.ui.widgets.composer import Composer

_QUICKLY_COUNTED = 500
"""Messages that are counted at once; the figures of longer chats come a moment later."""
_MOST_RECALLED = 200
"""Sent messages that the arrow keys bring back."""


class ChatViews:
    """Documents and cursors by chat; made when a chat is first shown, dropped with it."""

    def __init__(self, manager: SessionManager) -> None:
        self._manager = manager
        self._documents: dict[str, TranscriptDocument] = {}
        self._cursors: dict[str, Location] = {}
        self._figures: dict[str, ChatStats] = {}
        self._waiting_drafts: dict[str | None, str] = {}

    def document(self, chat: ChatInstance) -> TranscriptDocument:
        """The document of a chat: its rendered messages and its scroll position."""
        document = self._documents.get(chat.id)
        if document is None:
            document = self._documents[chat.id] = TranscriptDocument(chat)
        return document

    def tell(self, event: MessageEvent) -> None:
        """Let the document of a chat know what happened, if the chat was ever shown."""
        document = self._documents.get(event.chat_id)
        if document is not None:
            document.hear(event)

    def forget(self, chat_id: str) -> None:
        """Drop all that belongs to a chat."""
        document = self._documents.pop(chat_id, None)
        if document is not None:
            document.close()
        self._cursors.pop(chat_id, None)
        self._figures.pop(chat_id, None)

    # ----------------------------------------------------------------- drafts

    def keep(self, chat: ChatInstance | None, session_id: str | None, composer: Composer) -> None:
        """Save what is in the composer as the draft of a chat, or for the first chat of its session."""
        if chat is not None:
            chat.draft = composer.text
            self._cursors[chat.id] = composer.cursor_location
        else:
            self._waiting_drafts[session_id] = composer.text

    def restore(self, chat: ChatInstance | None, session_id: str | None, composer: Composer) -> None:
        """Show the draft of a chat; one that was begun when its session had no chat becomes its own."""
        if chat is None:
            composer.load(self._waiting_drafts.get(session_id, ""), None, tuple)
        else:
            begun = self._waiting_drafts.pop(chat.session_id, "") or self._waiting_drafts.pop(None, "")
            chat.draft = chat.draft or begun
            composer.load(chat.draft, self._cursors.get(chat.id), lambda: sent_messages(chat))

    def give_back(self, chat_id: str, text: str, composer: Composer | None) -> None:
        """Return a text that could not be sent to its chat's draft, unless another one is begun there."""
        chat = self._manager.get_chat(chat_id)
        if chat is not None and not chat.draft:
            chat.draft = text
            self._cursors.pop(chat_id, None)
            if composer is not None:
                self.restore(chat, chat.session_id, composer)

    # ----------------------------------------------------------------- figures

    def figures(self, chat: ChatInstance | None, count_later: Callable[[], object]) -> ChatStats | None:
        """What a chat has used, if that is known or quickly counted; else `count_later` is called."""
        if chat is None:
            return None
        known = self._figures.get(chat.id)
        if known is None and len(chat.messages) <= _QUICKLY_COUNTED:
            return self.count(chat)
        if known is None:
            count_later()
        return known

    def count(self, chat: ChatInstance) -> ChatStats:
        """Count what a chat has used, and remember it."""
        self._figures[chat.id] = chat.get_stats()
        return self._figures[chat.id]

    def forget_figures(self, chat_id: str) -> None:
        """The figures of a chat have changed."""
        self._figures.pop(chat_id, None)


def sent_messages(chat: ChatInstance) -> Sequence[str]:
    """The texts that the user sent in a chat lately, oldest first, without repetitions in a row."""
    texts: list[str] = []
    for message in reversed(chat.messages):
        if message.role is Role.USER and (not texts or texts[-1] != message.content):
            texts.append(message.content)
            if len(texts) == _MOST_RECALLED:
                break
    return texts[::-1]
