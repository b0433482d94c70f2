"""An HTTP server that answers with exactly the bytes a test gives it, and sees when a client leaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def event(data: object) -> bytes:
    text = data if isinstance(data, str) else json.dumps(data)
    return f"data: {text}\n\n".encode()


def chunk(content: str | None = None, finish: str | None = None, **more: Any) -> bytes:
    delta: dict[str, Any] = {"content": content} if content is not None else {}
    return event({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more})


DONE = event("[DONE]")


def response(body: bytes, *, status: int = 200, kind: str = "text/event-stream", **headers: str) -> bytes:
    """A whole HTTP answer whose body ends with the connection."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def json_response(document: object, *, status: int = 200, **headers: str) -> bytes:
    return response(json.dumps(document).encode(), status=status, kind="application/json", **headers)


class RawServer:
    """Gives its answers in turn, the last one again and again."""

    def __init__(self, answers: list[bytes | Answer]) -> None:
        self.answers = answers
        self.requests: list[dict[str, Any]] = []
        self.headers: list[str] = []
        self.client_left = asyncio.Event()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> RawServer:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._server is not None
        self._server.close()

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = [
                line.split(":")[1]
                for line in head.split("\r\n")
                if line.lower().startswith("content-length:")
            ]
            body = await reader.readexactly(int(length[0])) if length else b"{}"
            answer = self.answers[min(len(self.requests), len(self.answers) - 1)]
            self.headers.append(head)
            self.requests.append(json.loads(body))
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def hold(self, first: bytes) -> Answer:
        """An answer that begins with `first` and then goes on for ever, until the client leaves."""

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(first)
            await writer.drain()
            await reader.read()
            self.client_left.set()

        return answer


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """An answer that is a dropped connection."""
    writer.transport.abort()
