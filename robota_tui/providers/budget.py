"""A number of tokens that several replies share, handed out in the order of asking."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


class TokenBudget:
    """Lets a reply begin when its tokens fit beside those of the replies under way.

    llama.cpp breaks off *every* reply when the context they share runs full, so it must not.
    """

    def __init__(self, total: int) -> None:
        self._total = total
        self._free = total
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    @asynccontextmanager
    async def reserve(self, tokens: int) -> AsyncGenerator[None]:
        """Hold `tokens` (at most the total) while the context is open; waits until they are free."""
        tokens = min(max(tokens, 0), self._total)
        await self._take(tokens)
        try:
            yield
        finally:
            self._give_back(tokens)

    async def _take(self, tokens: int) -> None:
        if not self._waiting and tokens <= self._free:
            self._free -= tokens
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (tokens, turn)
        self._waiting.append(entry)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give_back(tokens)
            else:
                self._waiting.remove(entry)
                self._serve()
            raise

    def _give_back(self, tokens: int) -> None:
        self._free += tokens
        self._serve()

    def _serve(self) -> None:
        """Let those at the head of the queue go, as long as they fit."""
        while self._waiting and self._waiting[0][0] <= self._free:
            tokens, turn = self._waiting.popleft()
            if not turn.done():
                self._free -= tokens
                turn.set_result(None)
