"""The `openai` client of one endpoint: built on first use, off the event loop, and closed once."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from robota_tui.agents.errors import ProviderError

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

    from robota_tui.providers.endpoint import Endpoint

_LOOPBACK_KEEPALIVE = 2.0
"""Seconds; local servers drop idle connections after 5, and one reused at that moment fails."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an endpoint is waited for; all times in seconds."""

    connect: float = 5.0
    """For the connection to be accepted."""
    first: float = 600.0
    """For the first piece of the answer; reasoning models and long prompts take their time."""
    idle: float = 120.0
    """For each further piece."""
    retries: int = 2
    """Further tries after a temporary failure, as long as nothing of the answer has come."""


class ClientHolder:
    """Owns the client; cheap until `get` is called."""

    def __init__(
        self, endpoint: Endpoint, patience: Patience, http_client: httpx2.AsyncClient | None
    ) -> None:
        self._endpoint = endpoint
        self._patience = patience
        self._http_client = http_client
        self._client: AsyncOpenAI | None = None
        self._opening = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.closed = False

    async def get(self) -> AsyncOpenAI:
        """The client, with the key as it is now; `ProviderError` for a missing key or after `aclose`."""
        key = self._endpoint.require_key()
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            # Pooled connections and the lock belong to one event loop; a script may run several in turn.
            self._loop, self._client, self._opening = loop, None, asyncio.Lock()
        async with self._opening:
            if self.closed:
                raise ProviderError(
                    f"{self._endpoint.label} was closed.", kind="configuration", hint="Make a new provider."
                )
            if self._client is None:
                self._client = await asyncio.to_thread(self._create, key)
            self._client.api_key = key
            return self._client

    async def aclose(self) -> None:
        """Close all connections; may be called twice."""
        self.closed = True
        if self._loop is not asyncio.get_running_loop():
            # A loop that is gone has closed its connections, or cannot any more.
            self._client = None
            return
        async with self._opening:
            client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _create(self, key: str) -> AsyncOpenAI:
        """Import the library and build the client; takes some 400 ms, hence off the event loop."""
        import httpx2
        import openai

        patience = self._patience
        preset = self._endpoint.preset
        is_openai = preset is not None and preset.base_url_env == "OPENAI_BASE_URL"
        client = openai.AsyncOpenAI(
            api_key=key,
            base_url=self._endpoint.base_url,
            timeout=httpx2.Timeout(patience.first, connect=patience.connect, write=30.0, pool=30.0),
            max_retries=0,
            http_client=self._http_client or self._transport(),
            default_headers=None if is_openai else _without_openai_headers(),
        )
        if not is_openai:
            client.organization = client.project = None
        client.chat.completions  # noqa: B018  (its modules are loaded by the first access: do it here)
        return client

    def _transport(self) -> httpx2.AsyncClient:
        import httpx2
        import openai

        if not self._endpoint.is_loopback:
            return openai.DefaultAsyncHttpx2Client()
        # A proxy from the environment must not come between this program and a server on the same machine.
        limits = httpx2.Limits(keepalive_expiry=_LOOPBACK_KEEPALIVE)
        return openai.DefaultAsyncHttpx2Client(limits=limits, trust_env=False)


def _without_openai_headers() -> dict[str, Any]:
    """Headers that take out what the environment adds for OpenAI: other vendors must not see it."""
    import openai

    lines = os.environ.get("OPENAI_CUSTOM_HEADERS", "").splitlines()
    return {line.partition(":")[0].strip(): openai.omit for line in lines if ":" in line}
