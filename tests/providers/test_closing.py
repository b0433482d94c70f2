from __future__ import annotations

import asyncio
from contextlib import aclosing

from robota_tui.agents.errors import ProviderError
from robota_tui.agents.provider import StreamEvent, TextDelta
from tests.providers.asking import ask, request, text_of
from tests.providers.conftest import ProviderFactory, RawServerFactory
from tests.providers.raw_server import RawServer, chunk, response


async def endless(raw_server: RawServerFactory) -> RawServer:
    server = await raw_server()
    server.answers.append(server.hold(response(chunk("Hel"))))
    return server


async def test_closing_the_stream_closes_it_at_the_server(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await endless(raw_server)
    async with aclosing(lab(server.url).stream(request())) as events:
        assert await anext(events) == TextDelta("Hel")
    await asyncio.wait_for(server.client_left.wait(), 5)


async def test_cancelling_the_reader_closes_it_at_the_server(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await endless(raw_server)
    began = asyncio.Event()

    async def read() -> None:
        async for _ in lab(server.url).stream(request()):
            began.set()

    task = asyncio.create_task(read())
    await asyncio.wait_for(began.wait(), 5)
    task.cancel()
    await asyncio.wait_for(server.client_left.wait(), 5)
    assert (await asyncio.gather(task, return_exceptions=True))[0].__class__ is asyncio.CancelledError


async def test_cancelling_before_the_answer_begins_closes_it_at_the_server(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await raw_server()
    asked = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await reader.read()
        server.client_left.set()

    server.answers.append(answer)
    task = asyncio.create_task(ask(lab(server.url)))
    await asyncio.wait_for(asked.wait(), 5)
    task.cancel()
    await asyncio.wait_for(server.client_left.wait(), 5)
    assert (await asyncio.gather(task, return_exceptions=True))[0].__class__ is asyncio.CancelledError


async def test_closing_the_provider_ends_a_reply_with_a_clear_error(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await endless(raw_server)
    provider = lab(server.url)
    began = asyncio.Event()
    seen: list[StreamEvent] = []

    async def read() -> None:
        async for event in provider.stream(request()):
            seen.append(event)
            began.set()

    task = asyncio.create_task(read())
    await asyncio.wait_for(began.wait(), 5)
    await provider.aclose()
    (outcome,) = await asyncio.gather(task, return_exceptions=True)
    assert isinstance(outcome, ProviderError)
    assert "was closed" in str(outcome)
    assert seen == [TextDelta("Hel")]


async def test_first_uses_at_once_share_one_client(
    raw_server: RawServerFactory, lab: ProviderFactory
) -> None:
    server = await raw_server(response(chunk("ok") + chunk(finish="stop")))
    provider = lab(server.url)
    answers = await asyncio.gather(*(ask(provider) for _ in range(8)))
    assert [text_of(answer) for answer in answers] == ["ok"] * 8
