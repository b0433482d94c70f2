"""Counting what a chat has used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from robota_tui.agents.messages import Message, Role, Usage
from robota_tui.sessions.state import ChatStats


def chat_stats(
    messages: Sequence[Message],
    exchanges: int,
    mean_response_time: float | None,
    created_at: datetime,
    last_activity: datetime,
) -> ChatStats:
    """The figures of a chat with these messages; what was replaced has been used all the same."""
    used = Usage(0, 0)
    for message in messages:
        if message.role is not Role.ASSISTANT:
            continue
        answers = (message, *message.metadata.get("alternatives", ()))
        parts = [*(answer.usage for answer in answers), message.metadata.get("discarded_usage")]
        used = sum((part for part in parts if part is not None), start=used)
    return ChatStats(
        message_count=exchanges,
        history_length=len(messages),
        prompt_tokens=used.prompt_tokens,
        completion_tokens=used.completion_tokens,
        cost=None,
        mean_response_time=mean_response_time,
        created_at=created_at,
        last_activity=last_activity,
    )
