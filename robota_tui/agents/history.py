"""The memory of one conversation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from robota_tui.agents.errors import ConfigurationError, NotFoundError
from robota_tui.agents.messages import Message, Role
from robota_tui.agents.wire import provider_view


class ConversationHistory(Sequence[Message]):
    """The messages of one conversation, in order.

    It is a live, read-only sequence of its messages. `max_messages` limits what the provider is
    sent, never what is kept here. The system message of the agent does not stand here; one that is
    added here serves where the agent has none.
    """

    def __init__(self, max_messages: int | None = None, messages: Iterable[Message] = ()) -> None:
        self._messages: list[Message] = []
        self._by_id: dict[str, Message] = {}
        self._system: dict[str, Message] = {}
        self._max_messages: int | None = None
        self.max_messages = max_messages
        for message in messages:
            self.add(message)

    @property
    def max_messages(self) -> int | None:
        """How many messages a provider is sent, the system message included; `None` sends all."""
        return self._max_messages

    @max_messages.setter
    def max_messages(self, value: int | None) -> None:
        if value is not None and value < 1:
            raise ConfigurationError(
                f"max_messages must be at least 1, not {value}",
                hint="Leave it out to send the whole conversation.",
            )
        self._max_messages = value

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages)

    @overload
    def __getitem__(self, index: int) -> Message: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Message]: ...
    def __getitem__(self, index: int | slice) -> Message | Sequence[Message]:
        return self._messages[index]

    def __contains__(self, item: object) -> bool:
        return isinstance(item, Message) and item.id in self._by_id

    def add(self, message: Message) -> Message:
        """Put `message` at the end; raises `ConfigurationError` when its id is here already."""
        if message.id in self._by_id:
            raise ConfigurationError(f"The history already has a message with the id {message.id}")
        self._messages.append(message)
        self._by_id[message.id] = message
        if message.role is Role.SYSTEM:
            self._system[message.id] = message
        return message

    def get(self, message_id: str) -> Message | None:
        """The message with that id."""
        return self._by_id.get(message_id)

    def position(self, message_id: str) -> int:
        """Where the message stands, from 0; raises `NotFoundError`."""
        message = self._require(message_id)
        # From the end, since it is mostly the newest messages that are worked on.
        places = range(len(self._messages) - 1, -1, -1)
        return next(place for place in places if self._messages[place] is message)

    def remove(self, message_id: str) -> Message:
        """Take a message out and return it; raises `NotFoundError`."""
        message = self._messages.pop(self.position(message_id))
        self._forget(message)
        return message

    def replace(self, message: Message) -> Message:
        """Put `message` where the one with the same id stands, and return that; raises `NotFoundError`."""
        place = self.position(message.id)
        old = self._messages[place]
        self._messages[place] = self._by_id[message.id] = message
        if Role.SYSTEM in (old.role, message.role):
            self._system = {other.id: other for other in self._messages if other.role is Role.SYSTEM}
        return old

    def truncate_from(self, message_id: str) -> list[Message]:
        """Take out that message and all after it, and return them; raises `NotFoundError`."""
        return self._cut(self.position(message_id))

    def truncate_after(self, message_id: str) -> list[Message]:
        """Take out all messages after that one, and return them; raises `NotFoundError`."""
        return self._cut(self.position(message_id) + 1)

    def clear(self) -> None:
        """Take out all messages."""
        self._messages.clear()
        self._by_id.clear()
        self._system.clear()

    def last(self, role: Role | None = None) -> Message | None:
        """The newest message, or the newest one of `role`."""
        return next((m for m in reversed(self._messages) if role is None or m.role is role), None)

    def copies(self) -> list[Message]:
        """Independent copies of all messages."""
        return [message.copy() for message in self._messages]

    def for_provider(self, system_message: str | None = None) -> list[Message]:
        """What a provider is sent: see `robota_tui.agents.wire.provider_view`.

        Without a `system_message`, the last message of the system role that stands here is the one
        that is sent first; an empty text sends none. The result is for reading only.
        """
        if system_message is None:
            texts = (message.content for message in reversed(self._system.values()))
            system_message = next((text for text in texts if text.strip()), None)
        return provider_view(self._messages, system_message, self._max_messages)

    def _require(self, message_id: str) -> Message:
        message = self._by_id.get(message_id)
        if message is None:
            raise NotFoundError(f"Message {message_id} not found")
        return message

    def _cut(self, place: int) -> list[Message]:
        removed = self._messages[place:]
        del self._messages[place:]
        for message in removed:
            self._forget(message)
        return removed

    def _forget(self, message: Message) -> None:
        del self._by_id[message.id]
        self._system.pop(message.id, None)
