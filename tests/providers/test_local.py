from __future__ import annotations

import asyncio
import os
import signal
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from robota_tui.agents.messages import Message, Role, Usage
from robota_tui.agents.provider import ChatRequest, Finished
from robota_tui.providers import local as local_module
from robota_tui.providers.local import LocalProvider
from robota_tui.providers.process import ServerProcess
from tests.providers.asking import ask, failure, request, text_of
from tests.providers.processes import gone, is_running, listening_sockets, server_of, started_with

MakeLocal = Callable[..., LocalProvider]


def question(text: str = "Name two colours.", **settings: object) -> ChatRequest:
    messages = [Message(Role.SYSTEM, "You are a helpful assistant."), Message(Role.USER, text)]
    return ChatRequest(messages, "smollm2-135m", **{"max_tokens": 12, **settings})  # type: ignore[arg-type]


async def test_a_real_model_answers_with_usage(local: LocalProvider) -> None:
    events = await ask(local, question())
    assert text_of(events).strip()
    usage = events[-2]
    assert isinstance(usage, Usage)
    assert usage.prompt_tokens > 10
    assert 0 < usage.completion_tokens <= 12
    assert isinstance(events[-1], Finished)


async def test_an_answer_without_a_limit_gets_one(
    local: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_module, "DEFAULT_MAX_TOKENS", 3)
    events = await ask(local, question("Tell me a long story.", max_tokens=None))
    assert events[-1] == Finished("length")


async def test_the_same_question_at_temperature_zero_has_the_same_answer(local: LocalProvider) -> None:
    answers = [text_of(await ask(local, question(temperature=0.0))) for _ in range(2)]
    assert answers[0] == answers[1]


async def test_two_chats_stream_at_once(local: LocalProvider) -> None:
    order: list[str] = []

    async def chat(name: str) -> None:
        async for _ in local.stream(question(f"Tell me a story about a {name}.", max_tokens=30)):
            order.append(name)  # noqa: PERF401  (the pieces of both chats land here as they come)

    await local.prepare()
    await asyncio.gather(chat("cat"), chat("dog"))
    first, second = order[0], "dog" if order[0] == "cat" else "cat"
    assert order.index(second) < len(order) - 1 - order[::-1].index(first)


async def test_another_model_is_refused_instead_of_impersonated(local: LocalProvider) -> None:
    error = await failure(local, request(model="gpt-4o-mini"))
    assert error.kind == "not_found"
    assert "smollm2-135m" in str(error)


async def test_the_models_list_has_the_one_model() -> None:
    assert await LocalProvider().list_models() == ["smollm2-135m"]


async def test_first_uses_at_once_start_one_process(
    make_local: MakeLocal, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[ServerProcess] = []
    start = ServerProcess.start

    async def counted(settings: object) -> ServerProcess:
        started.append(await start(settings))  # type: ignore[arg-type]
        return started[-1]

    monkeypatch.setattr(ServerProcess, "start", counted)
    provider = make_local()
    answers = await asyncio.gather(*(ask(provider, question(max_tokens=4)) for _ in range(4)))
    assert all(text_of(answer) for answer in answers)
    assert len(started) == 1


async def test_a_chat_cancelled_during_the_start_does_not_take_it_from_the_others(
    make_local: MakeLocal,
) -> None:
    provider = make_local()
    first = asyncio.create_task(ask(provider, question()))
    second = asyncio.create_task(ask(provider, question()))
    await asyncio.sleep(0)
    first.cancel()
    assert text_of(await second)
    assert first.cancelled()


async def test_chats_that_do_not_fit_together_wait_for_each_other(make_local: MakeLocal) -> None:
    provider = make_local(n_ctx=256)
    asked = [question(f"Tell me a story about {name}.", max_tokens=100) for name in ("cats", "dogs", "birds")]
    answers = await asyncio.gather(*(ask(provider, one) for one in asked))
    assert all(isinstance(answer[-1], Finished) for answer in answers)


async def test_a_conversation_that_is_too_long_is_told_with_numbers(make_local: MakeLocal) -> None:
    error = await failure(make_local(n_ctx=256), question("word " * 400))
    assert error.kind == "context_overflow"
    assert "256" in str(error)


async def test_a_cancelled_reply_frees_its_place(make_local: MakeLocal) -> None:
    provider = make_local(parallel=1, n_ctx=1024)
    async with aclosing(provider.stream(question("Count for ever.", max_tokens=900))) as events:
        await anext(events)
    assert text_of(await asyncio.wait_for(ask(provider, question()), 60))


async def test_a_process_that_died_is_started_anew(make_local: MakeLocal) -> None:
    provider = make_local()
    first = await server_of(provider)
    os.kill(first.pid, signal.SIGKILL)
    assert await first.ended_within(10)
    assert text_of(await ask(provider, question()))
    assert (await server_of(provider)).pid != first.pid


async def test_a_process_that_dies_in_the_middle_is_told_and_started_anew(make_local: MakeLocal) -> None:
    provider = make_local()
    pid = (await server_of(provider)).pid

    async def kill_after_first_piece() -> None:
        async for _ in provider.stream(question("Tell me a long story.", max_tokens=400)):
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(Exception, match="ended unexpectedly") as caught:
        await kill_after_first_piece()
    assert "started anew" in caught.value.hint  # type: ignore[attr-defined]
    assert text_of(await ask(provider, question()))


async def test_closing_ends_the_process_and_is_final(make_local: MakeLocal) -> None:
    provider = make_local()
    pid = (await server_of(provider)).pid
    assert is_running(pid)
    await provider.aclose()
    await provider.aclose()
    assert await gone(pid)
    assert (await failure(provider, question())).kind == "configuration"


async def test_closing_during_the_start_leaves_no_process(make_local: MakeLocal) -> None:
    provider = make_local()
    asking = asyncio.create_task(ask(provider, question()))
    await asyncio.sleep(0)
    await provider.aclose()
    (outcome,) = await asyncio.gather(asking, return_exceptions=True)
    assert "was closed" in str(outcome)


async def test_the_key_is_in_nobodys_sight_and_is_needed(local: LocalProvider) -> None:
    server = await server_of(local)
    assert server.api_key not in repr(server) + repr(local)
    assert server.api_key.encode() not in started_with(server.pid)
    bare = urllib.request.Request(f"{server.base_url}/chat/completions", b"{}")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        await asyncio.to_thread(urllib.request.urlopen, bare)


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs Linux's list of sockets")
async def test_the_process_listens_on_loopback_only(local: LocalProvider) -> None:
    server = await server_of(local)
    port = f"{int(server.base_url.rpartition(':')[2].removesuffix('/v1')):04X}"
    assert {address for address in listening_sockets() if address.endswith(f":{port}")} == {
        f"0100007F:{port}"
    }


async def test_nothing_is_written_to_the_terminal(
    make_local: MakeLocal, capfd: pytest.CaptureFixture[str]
) -> None:
    provider = make_local()
    await ask(provider, question())
    await provider.aclose()
    assert capfd.readouterr() == ("", "")
