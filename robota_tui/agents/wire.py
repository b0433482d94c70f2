"""What of a conversation a provider is sent.

Model endpoints are strict where people are not: they want one system message and that first, user
and assistant in turn, and a result for each tool call. What is kept is left as it is; this makes
the copy that goes out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from robota_tui.agents.messages import Message, Role, ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MISSING_TOOL_RESULT = "Error: this tool call was not carried out."
"""Stands in for the result of a tool call that never came to an end."""


@dataclass(slots=True)
class _Unit:
    """What must not be torn apart: one message, or an assistant's tool calls with their results."""

    head: Message
    results: list[Message] = field(default_factory=list)

    @property
    def messages(self) -> list[Message]:
        return [self.head, *self.results]

    @property
    def size(self) -> int:
        return 1 + len(self.results)


def provider_view(
    messages: Iterable[Message], system_message: str | None = None, max_messages: int | None = None
) -> list[Message]:
    """Copies of `messages`, fit to be sent, after the one system message (where there is one).

    - Messages of the system role that stand in the conversation are notes, and are not sent.
    - Assistant messages without text and without tool calls are left out; what then are two user
      messages in a row becomes one, joined by a blank line; the same text twice in a row counts once.
    - Each tool call has one result: a missing one gets a short stand-in, an orphaned one is left out.
    - At most `max_messages` are sent, the system message counted: the newest ones, and never a part
      of a tool round. The system message, the newest user message, and the tool round that is being
      answered are sent in any case. A shortened conversation begins with a user message.
    """
    units = _join(_units(messages))
    system = [Message(Role.SYSTEM, system_message)] if system_message else []
    if max_messages is not None:
        units = _trim(units, max_messages - len(system))
    return system + [message for unit in units for message in unit.messages]


def _outgoing(message: Message) -> Message:
    """A copy without metadata: earlier answers and reasoning are no business of the endpoint."""
    return replace(message, metadata={})


def _is_empty_answer(message: Message) -> bool:
    return message.role is Role.ASSISTANT and not message.tool_calls and not message.content.strip()


def _units(messages: Iterable[Message]) -> list[_Unit]:
    units: list[_Unit] = []
    waiting: list[Message] = []
    for message in messages:
        if message.role is Role.TOOL:
            waiting.append(message)
            continue
        if message.role is Role.SYSTEM or _is_empty_answer(message):
            continue
        _settle(units, waiting)
        waiting = []
        units.append(_Unit(_outgoing(message)))
    _settle(units, waiting)
    return units


def _settle(units: list[_Unit], results: list[Message]) -> None:
    """Give the calls of the last unit their results, in the order of the calls."""
    if not units or not units[-1].head.tool_calls or units[-1].results:
        return
    left = list(results)
    units[-1].results = [_result_for(call, left) for call in units[-1].head.tool_calls]


def _result_for(call: ToolCall, results: list[Message]) -> Message:
    # The first that fits is used up, because some endpoints give several calls the same id.
    for place, result in enumerate(results):
        if result.tool_call_id == call.id:
            return _outgoing(results.pop(place))
    return Message(Role.TOOL, MISSING_TOOL_RESULT, tool_call_id=call.id)


def _join(units: Sequence[_Unit]) -> list[_Unit]:
    joined: list[_Unit] = []
    texts: list[str] = []
    for unit in units:
        head = unit.head
        before = joined[-1].head if joined else None
        if before is None or before.role is not head.role or before.tool_calls or head.tool_calls:
            joined.append(unit)
            texts = [head.content]
            continue
        if texts[-1] != head.content:
            texts.append(head.content)
        head.content = "\n\n".join(texts)
        joined[-1] = unit
    return joined


def _trim(units: list[_Unit], room: int) -> list[_Unit]:
    if sum(unit.size for unit in units) <= room:
        return units
    users = [place for place, unit in enumerate(units) if unit.head.role is Role.USER]
    if not users:
        return _newest(units, room) or units[-1:]
    asked = users[-1]
    kept = units[asked : asked + 1]
    room -= sum(unit.size for unit in kept)
    since = units[asked + 1 :]
    newest = _newest(since, room)
    if not newest and since and since[-1].results:
        newest = since[-1:]
    kept += newest
    if len(newest) < len(since):
        return kept
    earlier = _newest(units[:asked], room - sum(unit.size for unit in newest))
    while earlier and earlier[0].head.role is not Role.USER:
        earlier = earlier[1:]
    return earlier + kept


def _newest(units: Sequence[_Unit], room: int) -> list[_Unit]:
    """The last units that together have at most `room` messages."""
    start = len(units)
    while start > 0 and units[start - 1].size <= room:
        start -= 1
        room -= units[start].size
    return list(units[start:])
