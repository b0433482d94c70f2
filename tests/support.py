"""A provider for tests that says what it is told to say, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace

from robota_tui.agents.config import AgentConfig, ModelConfig
from robota_tui.agents.provider import ChatRequest, Finished, StreamEvent, TextDelta

Step = StreamEvent | BaseException | asyncio.Event | str
"""Something to yield, to raise, to wait for; a string is a `TextDelta`."""


class ScriptedProvider:
    """Plays one prepared answer per request; when none is left, it repeats the last user message."""

    def __init__(self, name: str = "scripted", *, default_model: str | None = "model-1") -> None:
        self.name = name
        self.default_model = default_model
        self.requests: list[ChatRequest] = []
        self.closed = 0
        self.streams_open = 0
        self._answers: list[list[Step]] = []

    def then(self, *steps: Step, finish: bool = True) -> ScriptedProvider:
        """Prepare the next answer."""
        self._answers.append([*steps, Finished("stop")] if finish else list(steps))
        return self

    async def stream(self, request: ChatRequest) -> AsyncIterator[StreamEvent]:
        # The history goes on changing after the request; what was sent must not.
        self.requests.append(replace(request, messages=[m.copy() for m in request.messages]))
        self.streams_open += 1
        try:
            for step in self._next(request):
                match step:
                    case asyncio.Event():
                        await step.wait()
                    case BaseException():
                        raise step
                    case str():
                        yield TextDelta(step)
                    case _:
                        yield step
        finally:
            self.streams_open -= 1

    async def aclose(self) -> None:
        self.closed += 1

    def sent(self, place: int = -1) -> list[tuple[str, str]]:
        """Roles and texts of a request."""
        return [(m.role.value, m.content) for m in self.requests[place].messages]

    def _next(self, request: ChatRequest) -> Iterable[Step]:
        if self._answers:
            return self._answers.pop(0)
        asked = [m.content for m in request.messages if m.role == "user"]
        return [TextDelta(f"echo: {asked[-1] if asked else ''}"), Finished("stop")]


def agent(provider: str = "scripted", model: str = "model-1", **fields: object) -> AgentConfig:
    """An agent that the scripted provider answers for."""
    return AgentConfig(name="Agent", default_model=ModelConfig(provider=provider, model=model), **fields)  # type: ignore[arg-type]


async def until(condition: Callable[[], bool], *, steps: int = 10_000) -> None:
    """Let the loop run until something is true; fails if it does not become so."""
    for _ in range(steps):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never became true")
