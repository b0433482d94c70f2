"""A real pseudo-terminal with a program in it, and the screen that a person would see."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pexpect
import pyte


class Terminal:
    """Starts a program, types keys into it and reads its screen."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        cwd: Path,
        environment: Mapping[str, str],
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.process: pexpect.spawn[bytes] = pexpect.spawn(
            command[0],
            list(command[1:]),
            dimensions=(rows, columns),
            cwd=str(cwd),
            env={**os.environ, "TERM": "xterm-256color", **environment},
            timeout=None,
        )
        self.raw = bytearray()

    def press(self, *keys: bytes) -> None:
        """Type; each argument arrives as one piece, as a terminal sends a key."""
        for key in keys:
            self.process.send(key)
            # What the program answers is read at once, so that its output never blocks.
            self._read(0.02)

    @property
    def text(self) -> str:
        """The screen, row by row."""
        return "\n".join(self._screen.display)

    def wait_for(self, condition: str | Callable[[str], bool], *, seconds: float = 30) -> str:
        """Read until the screen shows something; fails with the screen if it never does."""
        wanted = (lambda screen: condition in screen) if isinstance(condition, str) else condition
        deadline = time.monotonic() + seconds
        while not wanted(self.text):
            if time.monotonic() > deadline:
                raise AssertionError(f"never seen: {condition!r}\n{self.text}")
            if not self._read(0.1) and not self.process.isalive():
                raise AssertionError(f"the program ended before {condition!r} was seen\n{self.text}")
        return self.text

    def wait_for_end(self, *, seconds: float = 20) -> int | None:
        """Read until the program has ended; its exit code."""
        deadline = time.monotonic() + seconds
        while self.process.isalive():
            if time.monotonic() > deadline:
                raise AssertionError(f"the program does not end\n{self.text}")
            self._read(0.1)
        return self.process.exitstatus

    def hang_up(self) -> None:
        """Close the terminal under the program, as closing a window does."""
        process: Any = self.process
        process.ptyproc.fileobj.close()
        process.closed = process.ptyproc.closed = True

    def close(self) -> None:
        """End the program, whatever it does."""
        self.process.close(force=True)

    def _read(self, timeout: float) -> bool:
        try:
            data = self.process.read_nonblocking(65536, timeout=timeout)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return False
        self.raw += data
        self._stream.feed(data)
        return True
