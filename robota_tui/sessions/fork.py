"""Taking over messages into another chat."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from robota_tui.agents.messages import Message, MessageState


def forked(message: Message) -> Message:
    """A copy with an id of its own; one that is being written becomes an interrupted one."""
    state = MessageState.INTERRUPTED if message.state is MessageState.STREAMING else message.state
    return replace(message, id=f"msg_{uuid4().hex}", state=state)
