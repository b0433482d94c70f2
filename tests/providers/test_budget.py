from __future__ import annotations

import asyncio

from robota_tui.providers.budget import TokenBudget


class Replies:
    """Starts replies and records the order in which they may begin."""

    def __init__(self, total: int) -> None:
        self.budget = TokenBudget(total)
        self.begun: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def start(self, name: str, tokens: int) -> None:
        self.ends[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._reply(name, tokens))
        await self.settle()

    async def end(self, name: str) -> None:
        self.ends[name].set()
        await self.settle()

    async def cancel(self, name: str) -> None:
        self.tasks[name].cancel()
        await self.settle()

    async def settle(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    async def _reply(self, name: str, tokens: int) -> None:
        async with self.budget.reserve(tokens):
            self.begun.append(name)
            await self.ends[name].wait()


async def test_replies_begin_while_they_fit_and_wait_in_order() -> None:
    replies = Replies(100)
    for name, tokens in (("a", 60), ("b", 40), ("c", 50), ("d", 10)):
        await replies.start(name, tokens)
    assert replies.begun == ["a", "b"]
    await replies.end("b")
    assert replies.begun == ["a", "b"], "d would fit, but c came first"
    await replies.end("a")
    assert replies.begun == ["a", "b", "c", "d"]


async def test_a_reply_larger_than_everything_begins_when_it_is_alone() -> None:
    replies = Replies(100)
    await replies.start("a", 1)
    await replies.start("huge", 1000)
    assert replies.begun == ["a"]
    await replies.end("a")
    assert replies.begun == ["a", "huge"]


async def test_a_cancelled_wait_lets_those_behind_it_go() -> None:
    replies = Replies(100)
    await replies.start("a", 60)
    await replies.start("b", 90)
    await replies.start("c", 30)
    await replies.cancel("b")
    assert replies.begun == ["a", "c"]


async def test_a_reply_cancelled_at_its_turn_gives_its_tokens_back() -> None:
    replies = Replies(100)
    await replies.start("a", 100)
    await replies.start("b", 100)
    replies.ends["a"].set()
    await replies.tasks["a"]
    replies.tasks["b"].cancel()
    await replies.settle()
    await replies.start("c", 100)
    assert replies.begun[-1] == "c"
