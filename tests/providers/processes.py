"""Looking at processes, for the tests of the local model."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

from robota_tui.providers.local import LocalProvider
from robota_tui.providers.process import ServerProcess

_DEADLINE = 20.0


def is_running(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"


async def gone(pid: int) -> bool:
    """Whether the process ends before the deadline."""
    limit = time.monotonic() + _DEADLINE
    while is_running(pid):
        if time.monotonic() > limit:
            return False
        await asyncio.sleep(0.01)
    return True


async def server_of(provider: LocalProvider) -> ServerProcess:
    """The process that serves the provider."""
    server, _ = await provider._running()
    return server


def started_with(pid: int) -> bytes:
    """The arguments and the environment of a process, where the system shows them."""
    shown = [Path(f"/proc/{pid}/{name}") for name in ("cmdline", "environ")]
    return b"\n".join(path.read_bytes() for path in shown if path.exists())


def listening_sockets() -> set[str]:
    """The addresses on which this machine listens, as Linux writes them."""
    lines = Path("/proc/net/tcp").read_text(encoding="utf-8").splitlines()[1:]
    return {line.split()[1] for line in lines if line.split()[3] == "0A"}
