"""What of a conversation a provider is sent.

Model endpoints are strict where people are not: they want one system message and that first, user
and assistant in turn, and a result for each tool call. What is kept is left as it is; this makes
the copy that goes out.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from robota_tui.agents.messages import Message, MessageState, Role, ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MISSING_TOOL_RESULT = "Error: this tool call was not carried out."
"""Stands in for the result of a tool call that never came to an end."""

_Unit = list[Message]
"""What must not be torn apart: one message, or an assistant's tool calls with their results."""


def provider_view(
    messages: Sequence[Message], system_message: str | None = None, max_messages: int | None = None
) -> list[Message]:
    """What of `messages` is fit to be sent, after the one system message (where there is one).

    What needs no change is not copied, so the result is for reading only.

    - Messages of the system role that stand in the conversation are notes, and are not sent.
    - Assistant messages without text and without tool calls are left out; what then are two user
      messages in a row becomes one, joined by a blank line; the same text twice in a row counts once.
      Where such a message is a failed or stopped attempt at another answer, the newest earlier answer
      is sent in its place.
    - Each tool call has one result: a missing one gets a short stand-in, an orphaned one is left out.
    - At most `max_messages` are sent, the system message counted: the newest ones, and never a part
      of a tool round. The system message, the newest user message, and the tool round that is being
      answered are sent in any case. It costs as much as is sent, however long the conversation is.
    - A conversation with a user message begins with one.
    """
    system = [Message(Role.SYSTEM, system_message)] if system_message else []
    room = math.inf if max_messages is None else max_messages - len(system)
    kept = _kept(_units(messages), room)
    return system + [message for unit in reversed(kept) for message in unit]


def _units(messages: Sequence[Message]) -> Iterator[_Unit]:
    """The conversation in units, the newest first, found as they are asked for."""
    tool, user = Role.TOOL, Role.USER  # looked up once, as it takes a good part of the time
    results: list[Message] = []
    same_role: list[Message] = []
    for message in reversed(messages):
        if message.role is tool:
            results.append(message)
            continue
        said = message if message.role is user else _said(message)
        if said is None:
            continue
        if same_role and (said.tool_calls or said.role is not same_role[-1].role):
            yield [_joined(same_role)]
            same_role = []
        if said.tool_calls:
            results.reverse()
            yield [said, *(_result_for(call, results) for call in said.tool_calls)]
        else:
            same_role.append(said)
        if results:
            results = []
    if same_role:
        yield [_joined(same_role)]


def _said(message: Message) -> Message | None:
    """The message that is sent for `message`, if there is one."""
    if message.role is not Role.ASSISTANT:
        return None if message.role is Role.SYSTEM else message
    if message.tool_calls or message.content.strip():
        return message
    earlier = message.metadata.get("alternatives")
    if not earlier or message.state not in (MessageState.FAILED, MessageState.INTERRUPTED):
        return None
    return replace(message, content=earlier[-1].content, metadata={})


def _joined(newest_first: Sequence[Message]) -> Message:
    """One message for several of one role; each text once where it stands twice in a row."""
    oldest = newest_first[-1]
    texts = [oldest.content]
    for message in newest_first[-2::-1]:
        if message.content != texts[-1]:
            texts.append(message.content)
    return oldest if len(texts) == 1 else replace(oldest, content="\n\n".join(texts), metadata={})


def _result_for(call: ToolCall, results: list[Message]) -> Message:
    # The first that fits is used up, because some endpoints give several calls the same id.
    for place, result in enumerate(results):
        if result.tool_call_id == call.id:
            return results.pop(place)
    return Message(Role.TOOL, MISSING_TOOL_RESULT, tool_call_id=call.id)


def _kept(units: Iterator[_Unit], room: float) -> list[_Unit]:
    """The units that are sent, the newest first; takes no more of `units` than it needs."""
    since: list[_Unit] = []
    for question in units:
        if question[0].role is Role.USER:
            break
        since.append(question)
    else:
        return _newest(since, room) or since[:1]
    room -= len(question)
    newest = _newest(since, room)
    if not newest and since and len(since[0]) > 1:
        newest = since[:1]
    if len(newest) < len(since):
        return [*newest, question]
    earlier = _newest(units, room - sum(len(unit) for unit in newest))
    while earlier and earlier[-1][0].role is not Role.USER:
        earlier.pop()
    return [*newest, question, *earlier]


def _newest(units: Iterable[_Unit], room: float) -> list[_Unit]:
    """The first of `units` that together have at most `room` messages."""
    kept: list[_Unit] = []
    for unit in units:
        room -= len(unit)
        if room < 0:
            break
        kept.append(unit)
    return kept
