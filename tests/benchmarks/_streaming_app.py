"""robota-tui with one idle chat on the screen and agents that stream for ever in chats nobody looks at."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from pathlib import Path

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
        self._said = 0
        self._due = 0.0

    def share_said(self) -> float:
        """How much of what was due was taken, of the streams that were closed; 1 where there was none."""
        return self._said / self._due if self._due else 1.0

    async def stream(self, request: ChatRequest) -> AsyncIterator[StreamEvent]:
        started = due = time.monotonic()
        try:
            for word in itertools.cycle(_WORDS):
                due += self._interval
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                yield TextDelta(f"{word} ")
                self._said += 1
        finally:
            self._due += (time.monotonic() - started) / self._interval

    async def aclose(self) -> None:
        pass


async def main(agents: int, tokens_per_second: float) -> float:
    """Set the chats up, let the hidden ones start, and show the idle one until the app is left.

    Returns the share of the tokens due that the chats took.
    """
    from robota_tui.ui.app import RobotaApp  # the measuring process imports this module for its name only

    model = ModelConfig(provider="steady", model="steady-1")
    config = AgentConfig(name="Agent", default_model=model)
    provider = SteadyProvider(tokens_per_second)
    manager = SessionManager(max_sessions=1000, providers={"steady": provider}, default_model=model)
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
    app = RobotaApp(manager, confirm_quit=False)
    await app.run_async()
    return provider.share_said()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=0)
    parser.add_argument("--tokens-per-second", type=float, default=100.0)
    parser.add_argument("--report", type=Path)
    arguments = parser.parse_args()
    share = asyncio.run(main(arguments.agents, arguments.tokens_per_second))
    if arguments.report is not None:
        arguments.report.write_text(str(share))
