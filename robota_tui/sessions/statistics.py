"""Counting what a chat has used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from robota_tui.agents.messages import Message, MessageState, Role
from robota_tui.sessions.state import ChatStats


def chat_stats(
    messages: Sequence[Message], exchanges: int, created_at: datetime, last_activity: datetime
) -> ChatStats:
    """The figures of a chat with these messages; answers that were replaced count as used tokens too."""
    prompt = completion = 0
    durations: list[float] = []
    for message in messages:
        if message.role is not Role.ASSISTANT:
            continue
        for answer in (message, *message.metadata.get("alternatives", ())):
            if answer.usage is not None:
                prompt += answer.usage.prompt_tokens
                completion += answer.usage.completion_tokens
        duration = message.metadata.get("duration")
        if message.state is MessageState.COMPLETE and duration is not None:
            durations.append(duration)
    return ChatStats(
        message_count=exchanges,
        history_length=len(messages),
        prompt_tokens=prompt,
        completion_tokens=completion,
        cost=None,
        mean_response_time=sum(durations) / len(durations) if durations else None,
        created_at=created_at,
        last_activity=last_activity,
    )
