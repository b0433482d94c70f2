"""`LocalProvider`: a small language model on this machine's own processor; no key, no network."""

from __future__ import annotations

import asyncio
import importlib
import os
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from robota_tui.agents.errors import ProviderError
from robota_tui.providers.budget import TokenBudget
from robota_tui.providers.openai import OpenAIProvider
from robota_tui.providers.presets import AUTO_MODEL
from robota_tui.providers.process import (
    EXTRA_HINT,
    INSTALL_HINT,
    LocalSettings,
    ServerProcess,
    has_engine,
)
from robota_tui.providers.weights import MODEL_NAME, find_weights

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from robota_tui.agents.provider import ChatRequest, StreamEvent

DEFAULT_TEMPERATURE = 0.2
DEFAULT_TOP_P = 0.9
DEFAULT_MAX_TOKENS = 512
"""Small models tend to repeat themselves without end; this is where they are stopped."""

_MOURNING = 1.0
"""Seconds in which a process that dropped its connections is seen to be dead."""


class LocalProvider:
    """A provider that runs its model in a child process.

    The process is started by the first request, serves all chats at once, is started anew if it
    died, and ends with `aclose` or with this program, however that ends.
    """

    def __init__(
        self,
        name: str = "local",
        *,
        model_path: Path | str | None = None,
        n_ctx: int = 8192,
        threads: int | None = None,
        parallel: int = 8,
    ) -> None:
        """Describe the model; nothing is loaded yet.

        `model_path` is a GGUF file, by default the installed SmolLM2; `n_ctx` the tokens that all chats
        together have at one time, about 24 KB each; `threads` by default all processor cores but one.
        """
        self._name = name
        self._model_path = Path(model_path).expanduser() if model_path is not None else None
        self._n_ctx = n_ctx
        self._threads = threads or max(1, (os.cpu_count() or 2) - 1)
        self._parallel = parallel
        self._budget = TokenBudget(n_ctx)
        self.default_model: str = self._model_path.stem if self._model_path else MODEL_NAME
        self._starting: asyncio.Task[tuple[ServerProcess, OpenAIProvider]] | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"LocalProvider({self.name!r}, default_model={self.default_model!r})"

    @property
    def name(self) -> str:
        """The name by which configurations refer to it."""
        return self._name

    async def prepare(self) -> None:
        """Load the model ahead of the first request; raises `ProviderError`."""
        _, client = await self._running()
        await client.prepare()

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent]:
        """Answer `request` piece by piece, usage and `Finished` last; raises `ProviderError`.

        Settings that the request leaves open get values that suit a small model.
        """
        request = self._fitting(request)
        server, client = await self._running()
        try:
            needed = await client.count_tokens(request) + (request.max_tokens or 0)
            async with self._budget.reserve(needed), aclosing(client.stream(request)) as events:
                async for event in events:
                    yield event
        except ProviderError as error:
            raise await self._explain(error, server, client) from None

    async def list_models(self) -> list[str]:
        """The one model there is; nothing is started for that."""
        return [self.default_model]

    async def aclose(self) -> None:
        """End the process; replies under way fail. May be called twice."""
        self._closed = True
        task, self._starting = self._starting, None
        if task is None:
            return
        try:
            server, client = await task
        except ProviderError:
            return
        await server.stop()
        await client.aclose()

    def _fitting(self, request: ChatRequest) -> ChatRequest:
        if request.model not in {self.default_model, AUTO_MODEL, ""}:
            raise ProviderError(
                f"{self.name} has only the model {self.default_model!r}, not {request.model!r}.",
                kind="not_found",
                hint=f"Set the model to {self.default_model!r}, or choose another provider.",
            )
        return replace(
            request,
            model=self.default_model,
            temperature=DEFAULT_TEMPERATURE if request.temperature is None else request.temperature,
            top_p=DEFAULT_TOP_P if request.top_p is None else request.top_p,
            max_tokens=DEFAULT_MAX_TOKENS if request.max_tokens is None else request.max_tokens,
        )

    async def _running(self) -> tuple[ServerProcess, OpenAIProvider]:
        """The server, started if need be; all who ask while it starts wait for the same start."""
        if self._closed:
            raise ProviderError(f"{self.name} was closed.", kind="configuration", hint="Make a new provider.")
        task = self._starting
        if task is None or not _is_usable(task):
            task = self._starting = asyncio.get_running_loop().create_task(self._start())
        # A chat that is cancelled while it waits must not take the model away from the others.
        return await asyncio.shield(task)

    async def _start(self) -> tuple[ServerProcess, OpenAIProvider]:
        settings = LocalSettings(
            self._weights(), self.default_model, self._n_ctx, self._threads, self._parallel
        )
        # The client library takes about as long to import as the model to load: both at once.
        server, _ = await asyncio.gather(
            ServerProcess.start(settings), asyncio.to_thread(importlib.import_module, "openai")
        )
        return server, OpenAIProvider(self.name, base_url=server.base_url, api_key=server.api_key)

    def _weights(self) -> Path:
        if not has_engine():
            raise ProviderError(
                f"{self.name} needs the engine for local models, which is not installed.",
                kind="configuration",
                hint=EXTRA_HINT,
            )
        path = self._model_path or find_weights()
        if path is None:
            raise ProviderError(
                f"{self.name} has no weights for its model yet.", kind="configuration", hint=INSTALL_HINT
            )
        if not path.is_file():
            raise ProviderError(
                f"{self.name} finds no model file at {path}.",
                kind="configuration",
                hint="Check model_path; it is a file in GGUF format.",
            )
        return path

    async def _explain(
        self, error: ProviderError, server: ServerProcess, client: OpenAIProvider
    ) -> ProviderError:
        """Tell a dead process from a refused request; a process that lives but does not answer is ended."""
        if error.kind not in {"connection", "timeout", "truncated"}:
            return error
        if self._closed:
            return ProviderError(f"{self.name} was closed while it answered.", kind="connection")
        if not await server.ended_within(_MOURNING):
            if await _answers(client):
                return error
            await server.stop()
        return ProviderError(
            f"{self.name}: the model's process ended unexpectedly while it was answering.",
            kind="server",
            hint="Send the message again: the process is started anew.",
        )


async def _answers(client: OpenAIProvider) -> bool:
    try:
        await client.list_models()
    except ProviderError:
        return False
    return True


def _is_usable(task: asyncio.Task[tuple[ServerProcess, OpenAIProvider]]) -> bool:
    if not task.done():
        return task.get_loop() is asyncio.get_running_loop()
    if task.cancelled() or task.exception() is not None:
        return False
    return task.result()[0].is_alive
