"""Who wants the user's attention, and in which order."""

from __future__ import annotations

from collections.abc import Iterable

from robota_tui.sessions.chat import ChatInstance
from robota_tui.sessions.state import ChatStatus


def most_urgent(chats: Iterable[ChatInstance]) -> ChatStatus:
    """The most urgent status among chats; idle if there are none."""
    return min((chat.status for chat in chats), key=lambda status: status.urgency, default=ChatStatus.IDLE)


def by_urgency(chats: Iterable[ChatInstance]) -> list[ChatInstance]:
    """The chats that need the user, failed or finished unseen: most urgent first, then longest waiting."""
    wanting = [chat for chat in chats if chat.status.urgency < ChatStatus.WORKING.urgency]
    return sorted(wanting, key=lambda chat: (chat.status.urgency, chat.status_since))
