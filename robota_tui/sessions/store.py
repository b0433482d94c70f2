"""The port through which chats are saved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from robota_tui.agents.messages import Message


class ChatStore(Protocol):
    """Keeps the histories of chats, by chat id."""

    async def save_chat(self, chat_id: str, messages: Sequence[Message]) -> None:
        """Keep these messages as the chat's whole history."""

    async def load_chat(self, chat_id: str) -> Sequence[Message] | None:
        """The messages kept for a chat, or `None` if it was never saved."""
