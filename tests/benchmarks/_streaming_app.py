"""robota-tui with one idle chat on the screen and agents that stream for ever in chats nobody looks at."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator

from robota_tui import AgentConfig, ChatRequest, ModelConfig, SessionManager, StreamEvent, TextDelta

READY = "Foreground"
"""The name of the chat on the screen."""

_CHATS_PER_SESSION = 8
_WORDS = ("a", "word", "of", "**Markdown**", "and", "`code`", "comes", "now.\n\n")


class SteadyProvider:
    """Says so many words a second, without end."""

    name = "steady"
    default_model = "steady-1"

    def __init__(self, tokens_per_second: float) -> None:
        self._interval = 1 / tokens_per_second

    async def stream(self, request: ChatRequest) -> AsyncIterator[StreamEvent]:
        loop = asyncio.get_running_loop()
        due = loop.time()
        number = 0
        while True:
            due += self._interval
            await asyncio.sleep(max(0.0, due - loop.time()))
            yield TextDelta(_WORDS[number % len(_WORDS)] + " ")
            number += 1

    async def aclose(self) -> None:
        pass


async def main(agents: int, tokens_per_second: float) -> None:
    """Set the chats up, let the hidden ones start, and show the idle one."""
    from robota_tui.ui.app import RobotaApp  # the measuring process imports this module for its name only

    model = ModelConfig(provider="steady", model="steady-1")
    config = AgentConfig(name="Agent", default_model=model)
    manager = SessionManager(
        max_sessions=1000, providers={"steady": SteadyProvider(tokens_per_second)}, default_model=model
    )
    front = manager.create_session("Front")
    await manager.create_chat(front, READY, config)
    for number in range(agents):
        if number % _CHATS_PER_SESSION == 0:
            session = manager.create_session(f"Back {number}")
        chat_id = await manager.create_chat(session, f"Agent {number}", config)
        chat = manager.get_chat(chat_id)
        assert chat is not None
        chat.submit("Talk.")
    manager.switch_session(front)
    await RobotaApp(manager, confirm_quit=False).run_async()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=0)
    parser.add_argument("--tokens-per-second", type=float, default=100.0)
    arguments = parser.parse_args()
    asyncio.run(main(arguments.agents, arguments.tokens_per_second))
