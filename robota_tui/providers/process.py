"""The local model's server process: started, asked for its address, ended."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import secrets
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from robota_tui.agents.errors import ProviderError
from robota_tui.providers.redact import one_line

_SERVER = Path(__file__).with_name("local_server.py")
_START_TIMEOUT = 120.0
_CACHE_MIB = 256
EXTRA_HINT = "Install the extra: `pip install 'robota-tui[local]'`, or the same with uv or pipx."
LIBRARY_HINT = "A system library is missing; on a slim Linux system it is libgomp1."
INSTALL_HINT = "Run `robota-tui model install`; in a checkout `make run` does it."


def has_engine() -> bool:
    """Whether the library that runs local models is installed; it is not imported for that."""
    return importlib.util.find_spec("xllamacpp") is not None


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """How the local model is served."""

    model: Path
    """The GGUF file."""
    alias: str
    """The model's name in requests."""
    n_ctx: int
    """Tokens that all chats together have at one time."""
    threads: int
    parallel: int
    """Replies that are computed at once; further ones wait."""


class ServerProcess:
    """One running server; make it with `start`."""

    def __init__(self, process: subprocess.Popen[bytes], address: str, api_key: str) -> None:
        self._process = process
        self.base_url = f"{address}/v1"
        self.api_key = api_key

    def __repr__(self) -> str:
        return f"ServerProcess(pid={self.pid}, base_url={self.base_url!r})"

    @classmethod
    async def start(cls, settings: LocalSettings) -> ServerProcess:
        """Start the server and wait until it listens; raises `ProviderError` if it does not get there."""
        api_key = secrets.token_urlsafe(32)
        process = _spawn()
        try:
            answer = await _introduce(process, settings, api_key)
        except BaseException:
            end_process(process)
            raise
        return cls(process, str(answer["address"]), api_key)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    async def ended_within(self, seconds: float) -> bool:
        """Whether the process has ended or does so in that time."""
        try:
            await asyncio.to_thread(self._process.wait, seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    async def stop(self) -> None:
        """End the process at once; replies under way break off. May be called twice."""
        await asyncio.to_thread(end_process, self._process)


def end_process(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and take leave of it; waiting for its own way out would wait for open streams."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _spawn() -> subprocess.Popen[bytes]:
    """Start the child from this very thread: Linux would end it together with a passing one."""
    # -P: the script's folder must not become importable, it holds modules named like libraries.
    # Its own session keeps Ctrl+C at the terminal, which is meant for this program, away from it.
    try:
        return subprocess.Popen(
            [sys.executable, "-P", str(_SERVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=os.name == "posix",
        )
    except OSError as error:
        raise ProviderError(
            f"local: the process for the model could not be started: {error.strerror}.", kind="configuration"
        ) from error


async def _introduce(
    process: subprocess.Popen[bytes], settings: LocalSettings, api_key: str
) -> dict[str, Any]:
    """Tell the child its settings, by a pipe that nobody else sees, and wait for its answer."""
    message = {
        "model": str(settings.model),
        "alias": settings.alias,
        "api_key": api_key,
        "n_ctx": settings.n_ctx,
        "threads": settings.threads,
        "parallel": settings.parallel,
        "cache_mib": _CACHE_MIB,
    }
    try:
        async with asyncio.timeout(_START_TIMEOUT):
            line = await asyncio.to_thread(_exchange, process, json.dumps(message).encode() + b"\n")
    except TimeoutError:
        raise ProviderError(
            f"local: the model did not load within {_START_TIMEOUT:.0f} s.",
            kind="timeout",
            hint="The machine may be out of memory or very busy; try again.",
        ) from None
    try:
        answer = json.loads(line)
    except ValueError:
        raise _died_while_loading(process) from None
    if "address" not in answer:
        raise _refusal(answer, settings)
    return dict(answer)


def _exchange(process: subprocess.Popen[bytes], message: bytes) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(message)
        process.stdin.flush()
        return process.stdout.readline()
    except (OSError, ValueError):
        return b""


def _refusal(answer: dict[str, Any], settings: LocalSettings) -> ProviderError:
    if answer.get("error") == "import":
        detail = one_line(str(answer.get("detail")))
        return ProviderError(
            f"local: the engine for the local model cannot be loaded: {detail}.",
            kind="configuration",
            hint=EXTRA_HINT if "xllamacpp" in detail else LIBRARY_HINT,
        )
    return ProviderError(
        f"local: the model cannot be loaded from {settings.model}.",
        kind="configuration",
        hint="The file may be damaged (`robota-tui model install --verify` checks it), or memory is short.",
    )


def _died_while_loading(process: subprocess.Popen[bytes]) -> ProviderError:
    end_process(process)
    if process.returncode == -getattr(signal, "SIGILL", 4):
        return ProviderError(
            "local: this processor lacks instructions that the local model's engine needs (AVX2).",
            kind="configuration",
            hint="Use another provider: set OPENAI_API_KEY, or start a local server such as Ollama.",
        )
    return ProviderError(
        "local: the model's process ended while it was loading.",
        kind="server",
        hint="The machine may be out of memory; try again.",
    )
