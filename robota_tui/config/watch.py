"""Noticing that configuration files have changed, by looking at them once in a while."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
    from pathlib import Path

_Mark = tuple[int, int, int] | None
"""Time of change in nanoseconds, size and inode of a file; `None` while it does not exist."""


class FileWatcher:
    """Compares files with what they were when it looked last."""

    def __init__(self, files: Callable[[], Iterable[Path]]) -> None:
        self._files = files
        self._marks = self._look()

    def changed(self) -> frozenset[Path]:
        """The files that were written, created or removed since the last look."""
        before, self._marks = self._marks, self._look()
        every = before.keys() | self._marks.keys()
        return frozenset(path for path in every if before.get(path) != self._marks.get(path))

    def _look(self) -> dict[Path, _Mark]:
        return {path: _mark(path) for path in self._files()}


async def watch_files(
    files: Callable[[], Iterable[Path]],
    interval: float = 1.0,
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncGenerator[frozenset[Path]]:
    """Yield the changed files whenever there are some; looks every `interval` seconds, and ends never.

    `files` is asked anew each time, so that files that come into a folder are seen:
    `Configuration.files` is such a function. Some ten files cost well under a millisecond.
    """
    watcher = FileWatcher(files)
    while True:
        await wait(interval)
        if changed := watcher.changed():
            yield changed


def _mark(path: Path) -> _Mark:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
