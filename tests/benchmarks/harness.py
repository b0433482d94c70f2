"""A pseudo-terminal with a program in it, and the time from a key written to the bytes that answer it."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import math
import os
import pty
import signal
import struct
import termios
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parents[2]
CLEAR_LINE = b"\x15"
"""Ctrl+u: deletes back to the start of the line in every input of Textual."""

_PRESSES_PER_LINE = 40
_QUIET = 0.15
"""Seconds without output after which a program is taken to have nothing more to draw."""


class Terminal:
    """Runs a program on a pseudo-terminal of its own and reads all it writes, as fast as it comes.

    A thread reads, so that the terminal never fills: a full one would stop the program that is measured.
    Use it as a context manager; at the end the program and its children are killed. `TERM` and the size
    are those of a usual terminal emulator, and Textual draws at the frame rate that robota-tui asks for.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        environment: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
    ) -> None:
        self._output = bytearray()
        self._ends: list[int] = []
        self._times: list[float] = []
        self._ended = False
        self._changed = threading.Condition()
        self.started_at = time.perf_counter()
        """When the program was forked, by `time.perf_counter`."""
        self.pid, self._descriptor = pty.fork()
        if self.pid == 0:  # pragma: no cover - the child becomes the program
            _become(command, columns, rows, environment or {}, cwd)
        self._reader = threading.Thread(target=self._read, daemon=True, name="terminal reader")
        self._reader.start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def write(self, keys: bytes) -> float:
        """Forget all output so far and type; the time just before, by `time.perf_counter`."""
        with self._changed:
            self._output.clear()
            self._ends.clear()
            self._times.clear()
        written_at = time.perf_counter()
        os.write(self._descriptor, keys)
        return written_at

    def wait_for(self, marker: str, *, seconds: float = 30.0) -> float:
        """When the marker had come whole since the last `write`; a program moves the cursor between words.

        Raises `TimeoutError` with the end of the output where it does not come.
        """
        wanted = marker.encode()
        deadline = time.perf_counter() + seconds
        searched = 0
        with self._changed:
            while (found := self._output.find(wanted, searched)) < 0:
                searched = max(0, len(self._output) - len(wanted) + 1)
                left = deadline - time.perf_counter()
                if left <= 0 or self._ended:
                    what = "the program ended" if self._ended else f"{seconds} s went by"
                    raise TimeoutError(f"{what} without {marker!r}: …{bytes(self._output[-2000:])!r}")
                self._changed.wait(left)
            return self._times[bisect_left(self._ends, found + len(wanted))]

    def latency(self, keys: bytes, marker: str, *, seconds: float = 30.0) -> float:
        """Milliseconds from typing the keys until the marker came."""
        written_at = self.write(keys)
        return (self.wait_for(marker, seconds=seconds) - written_at) * 1000

    def settle(self, *, quiet: float = _QUIET, seconds: float = 30.0) -> None:
        """Wait until nothing was written for `quiet` seconds, or at most `seconds`."""
        deadline = time.perf_counter() + seconds
        with self._changed:
            while time.perf_counter() < deadline and not self._ended:
                if not self._changed.wait(quiet):
                    return

    def wait_for_end(self, *, seconds: float = 30.0) -> None:
        """Wait until the program has closed its terminal; `TimeoutError` where it does not."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._ended, seconds):
                raise TimeoutError(f"{seconds} s went by and the program still runs")

    @property
    def cpu_seconds(self) -> float:
        """Processor time of the program's process, all threads, without its children; needs /proc."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def memory_mib(self) -> float:
        """Resident memory of the program's process; needs /proc."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def close(self) -> None:
        """Kill the program with its children, if it is not gone already."""
        if self._descriptor < 0:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self._reader.join(timeout=5)
        os.close(self._descriptor)
        self._descriptor = -1

    def _read(self) -> None:
        while data := _read_some(self._descriptor):
            now = time.perf_counter()
            with self._changed:
                self._output += data
                self._ends.append(len(self._output))
                self._times.append(now)
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()


def _become(
    command: Sequence[str], columns: int, rows: int, environment: Mapping[str, str], cwd: Path
) -> None:  # pragma: no cover - runs in the child
    try:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.chdir(cwd)
        usual = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_FPS": "240"}
        os.execvpe(command[0], list(command), {**os.environ, **usual, **environment})
    finally:
        os._exit(127)


def _read_some(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # how Linux says that the program has closed its side
        return b""


def unique_characters() -> Iterator[str]:
    """Letters one cell wide that no screen of ours shows, one after the other, for ever."""
    ranges = ((0x410, 0x450), (0x3B1, 0x3CA), (0x561, 0x587), (0x10D0, 0x10FB))
    return itertools.cycle(chr(code) for start, end in ranges for code in range(start, end))


def key_echo(terminal: Terminal, presses: int, *, pause: float = 0.012) -> list[float]:
    """Milliseconds from each of so many keys to the byte that shows it, in an input that has the focus.

    Each key is a character that was not on the screen. `pause` is the time between two of them, in
    seconds; it is stretched by up to a half, so that it cannot fall into step with the frames.
    """
    latencies: list[float] = []
    for number, character in zip(range(presses), unique_characters(), strict=False):
        if number and number % _PRESSES_PER_LINE == 0:
            terminal.write(CLEAR_LINE)
            terminal.settle(seconds=1)
        latencies.append(terminal.latency(character.encode(), character))
        time.sleep(pause * (1 + (number * 0.618) % 0.5))
    terminal.write(CLEAR_LINE)
    terminal.settle(seconds=1)
    return latencies


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def latency_row(
    case: str, milliseconds: Sequence[float], baseline: Sequence[float] | None = None
) -> dict[str, object]:
    """A result row of latencies: median, p99, largest, and the ratios to the baseline's median and p99."""
    row: dict[str, object] = {"case": case, "samples": len(milliseconds)}
    for name, percent in (("p50", 50), ("p99", 99), ("max", 100)):
        row[f"{name}_ms"] = round(percentile(milliseconds, percent), 2)
    if baseline is not None:
        for name, percent in (("p50", 50), ("p99", 99)):
            ratio = percentile(milliseconds, percent) / percentile(baseline, percent)
            row[f"ratio_{name}"] = round(ratio, 2)
    return row
