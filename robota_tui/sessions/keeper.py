"""Making the agents of chats, and giving them back when a chat ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Mapping, Sequence

from robota_tui.agents.config import AgentConfig
from robota_tui.agents.errors import LimitError, NotFoundError
from robota_tui.agents.factory import AgentFactory
from robota_tui.agents.provider import Provider
from robota_tui.agents.robota import Robota
from robota_tui.sessions.chat import ChatInstance
from robota_tui.sessions.record import SessionRecord
from robota_tui.sessions.registry import Registry

_PATIENCE = 5.0
"""Seconds that closing waits for replies to stop."""

_log = logging.getLogger(__name__)


class AgentKeeper:
    """Keeps the number of agents within the limits of their sessions, and leaves none behind."""

    def __init__(self, registry: Registry, providers: Mapping[str, Provider]) -> None:
        self._registry = registry
        self.factory = AgentFactory(providers=providers)
        self._releases: set[asyncio.Task[None]] = set()

    async def make(self, record: SessionRecord, config: AgentConfig) -> Robota:
        """An agent for a new chat of a session.

        Raises `LimitError` if the session is full, `NotFoundError` if it is deleted meanwhile, and
        `ConfigurationError` if the factory refuses the configuration.
        """
        if record.is_full:
            raise LimitError(f"Maximum chats per session ({record.max_chats}) reached")
        # The place is held before the first await, so that concurrent calls cannot share it.
        record.creating += 1
        try:
            robota = await self.factory.create_agent(config)
        finally:
            record.creating -= 1
        if self._registry.sessions.get(record.id) is not record:
            await self.factory.destroy_agent(robota)
            raise NotFoundError(f"Session {record.id} not found")
        return robota

    def release(self, chat: ChatInstance) -> None:
        """Stop a chat that was removed and give its agent back, in the background."""
        chat.close()
        self.factory.release(chat.robota)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            # Without a loop no reply can be running, and nothing can be awaited: the agent's place is free.
            return
        task = loop.create_task(self._end(chat))
        self._releases.add(task)
        task.add_done_callback(self._releases.discard)

    async def aclose(self, chats: Sequence[ChatInstance], providers: Sequence[Provider]) -> None:
        """Stop these chats, then release all agents and close the providers, one failing or not."""
        for chat in chats:
            chat.close()
        await self._come_to_rest([*(chat.settled() for chat in chats), *self._releases])
        await self.factory.aclose()
        outcomes = await asyncio.gather(*(one.aclose() for one in providers), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                _log.warning("A provider could not be closed", exc_info=outcome)

    async def _end(self, chat: ChatInstance) -> None:
        await chat.settled()
        await self.factory.destroy_agent(chat.robota)

    async def _come_to_rest(self, ends: Sequence[Awaitable[None]]) -> None:
        """Wait for replies that were stopped; not for ever, as a provider may refuse to be."""
        try:
            async with asyncio.timeout(_PATIENCE):
                await asyncio.gather(*ends)
        except TimeoutError:
            _log.warning("Some replies did not stop within %s seconds", _PATIENCE)
