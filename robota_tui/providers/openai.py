"""`OpenAIProvider`: any endpoint that speaks the chat completions API, through the `openai` client."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from robota_tui.agents.errors import ProviderError
from robota_tui.agents.provider import ChatRequest, Finished, StreamEvent
from robota_tui.providers.chunks import ChunkReader
from robota_tui.providers.client import ClientHolder, Patience
from robota_tui.providers.dialect import Dialect
from robota_tui.providers.endpoint import Endpoint, resolve_endpoint
from robota_tui.providers.errors import (
    empty_error,
    event_error,
    looks_like_html,
    map_error,
    not_a_stream_error,
    page_error,
    timeout_error,
    truncated_error,
)
from robota_tui.providers.presets import AUTO_MODEL
from robota_tui.providers.retry import delay_before_retry
from robota_tui.providers.wire import messages_to_wire

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    import httpx2
    from openai import AsyncStream
    from openai.types.chat import ChatCompletionChunk

T = TypeVar("T")

_LIST_TIMEOUT = 10.0
_BODY_LIMIT = 64 * 1024


class OpenAIProvider:
    """A provider for OpenAI and for every server that is compatible with it.

    Cheap to construct: the client library is imported, in a thread, when the first request is made.
    """

    def __init__(
        self,
        name: str | None = None,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        api_key_env: str | None = None,
        default_model: str | None = None,
        preset: str | None = None,
        patience: Patience | None = None,
        http_client: httpx2.AsyncClient | None = None,
    ) -> None:
        """Describe the endpoint; nothing is connected yet.

        Without `preset` and `base_url` it is OpenAI itself. A preset's `api_key_env` counts for the
        preset's own address only; with another `base_url` it must be named.
        Raises `ConfigurationError` for an unknown preset or a `base_url` that is no address.
        """
        self._endpoint: Endpoint = resolve_endpoint(
            name, preset=preset, base_url=base_url, api_key=api_key, api_key_env=api_key_env
        )
        known = self._endpoint.preset
        self.default_model: str = default_model or (known.default_model if known else AUTO_MODEL)
        self._dialect = Dialect(known)
        self.patience = patience or Patience()
        """How long the endpoint is waited for."""
        self._holder = ClientHolder(self._endpoint, self.patience, http_client)
        self._first_listed: str | None = None

    def __repr__(self) -> str:
        return f"OpenAIProvider({self.name!r}, host={self.host!r}, default_model={self.default_model!r})"

    @property
    def name(self) -> str:
        """The name by which configurations refer to it."""
        return self._endpoint.name

    @property
    def host(self) -> str:
        """Host and port of the endpoint, for the screen."""
        return self._endpoint.host

    async def prepare(self) -> None:
        """Do ahead of time what the first request would have to wait for; raises `ProviderError`."""
        await self._holder.get()

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent]:
        """Answer `request` piece by piece, usage and `Finished` last; raises `ProviderError`.

        Closing the generator or cancelling its task closes the connection at once.
        """
        model = await self._resolve_model(request.model)
        reader = ChunkReader()
        try:
            async with await self._open(request, model) as stream:
                await self._refuse_other_content(stream, model)
                while (chunk := await self._next_chunk(stream, reader)) is not None:
                    for event in reader.read(chunk):
                        yield event
        # What breaks after the finish reason has lost nothing.
        except ProviderError:
            if reader.finish_reason is None:
                raise
        except _client_errors() as error:
            if reader.finish_reason is None:
                raise self._explain(error, model, started=reader.seen) from None
        if reader.finish_reason is None:
            raise truncated_error(self._endpoint) if reader.seen else empty_error(self._endpoint)
        if reader.usage is not None:
            yield reader.usage
        yield Finished(reader.finish_reason)

    async def list_models(self) -> list[str]:
        """The names of the models the endpoint offers, as it orders them; raises `ProviderError`."""
        client = await self._holder.get()
        answer = await self._fetch(
            lambda: client.get("/models", cast_to=object, options={"timeout": _LIST_TIMEOUT})
        )
        entries = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(entries, list):
            raise not_a_stream_error(self._endpoint, "has no list of models at that address")
        names = [entry.get("id") for entry in entries if isinstance(entry, dict)]
        return [name for name in names if isinstance(name, str)]

    async def count_tokens(self, request: ChatRequest) -> int:
        """How many tokens the messages are, as a llama.cpp server counts; others have no such address."""
        client = await self._holder.get()
        body = {"messages": messages_to_wire(request.messages)}
        answer = await self._fetch(
            lambda: client.post("/chat/completions/input_tokens", cast_to=object, body=body)
        )
        count = answer.get("input_tokens") if isinstance(answer, dict) else None
        if not isinstance(count, int):
            raise not_a_stream_error(self._endpoint, "does not count tokens")
        return count

    async def aclose(self) -> None:
        """Close all connections; a reply under way fails. May be called twice."""
        await self._holder.aclose()

    async def _resolve_model(self, model: str) -> str:
        if model and model != AUTO_MODEL:
            return model
        if self._first_listed is None:
            names = await self.list_models()
            chat = [name for name in names if "embed" not in name.lower()]
            if not chat:
                raise ProviderError(
                    f"{self._endpoint.label} offers no model.",
                    kind="not_found",
                    hint="Load a model into the server, or name one in the settings.",
                )
            self._first_listed = chat[0]
        return self._first_listed

    async def _open(self, request: ChatRequest, model: str) -> AsyncStream[ChatCompletionChunk]:
        """Send the request; the answer is left unread."""
        import openai

        client = await self._holder.get()
        while True:
            fields = self._dialect.fields(request, model)
            try:
                answer = await self._retrying(partial(client.chat.completions.create, **fields))
            except openai.APIStatusError as error:
                if not self._dialect.learn(error, model, fields):
                    raise
            else:
                return cast("AsyncStream[ChatCompletionChunk]", answer)

    async def _fetch(self, call: Callable[[], Awaitable[object]]) -> object:
        """A document, not a stream."""
        try:
            return await self._retrying(call)
        except _client_errors() as error:
            raise self._explain(error, "", started=False) from None

    async def _retrying(self, call: Callable[[], Awaitable[T]]) -> T:
        """What `call` gives, called again after failures that tend to pass."""
        import openai

        attempt = 1
        while True:
            try:
                return await call()
            except openai.APIError as error:
                delay = delay_before_retry(error, attempt) if attempt <= self.patience.retries else None
                if delay is None:
                    raise
            await asyncio.sleep(delay)
            attempt += 1

    async def _refuse_other_content(self, stream: AsyncStream[ChatCompletionChunk], model: str) -> None:
        """Raise for a web page or a JSON document: the client would take either for an empty stream."""
        kind = stream.response.headers.get("content-type", "").lower()
        if "html" in kind:
            raise page_error(self._endpoint)
        if "json" not in kind:
            return
        body = bytearray()
        async for piece in stream.response.aiter_bytes():
            body += piece
            if len(body) > _BODY_LIMIT:
                break
        text = body.decode(errors="replace")
        try:
            document = json.loads(text)
        except ValueError:
            document = None
        if isinstance(document, dict) and (document.get("error") or document.get("detail")):
            raise event_error(document.get("error") or document, self._endpoint, model)
        if looks_like_html(text):
            raise page_error(self._endpoint)
        raise not_a_stream_error(self._endpoint, "answered with a JSON document instead of a stream")

    async def _next_chunk(self, stream: AsyncStream[ChatCompletionChunk], reader: ChunkReader) -> Any | None:
        """The next chunk, `None` at the end."""
        try:
            async with asyncio.timeout(self.patience.idle if reader.seen else self.patience.first):
                return await anext(stream)
        except StopAsyncIteration:
            return None
        except TimeoutError:
            raise timeout_error(self._endpoint, started=reader.seen) from None

    def _explain(self, error: Exception, model: str, *, started: bool) -> ProviderError:
        if self._holder.closed:
            return ProviderError(f"{self._endpoint.label} was closed while it answered.", kind="connection")
        return map_error(error, self._endpoint, model, started=started)


def _client_errors() -> tuple[type[Exception], ...]:
    """All that the client raises for a bad answer; plain `ValueError`s and `RuntimeError`s are among it."""
    import httpx2
    import openai

    return (openai.OpenAIError, httpx2.HTTPError, ValueError, RuntimeError)
