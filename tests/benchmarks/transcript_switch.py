"""Switching between two chats of so many messages, and jumping to their ends, key to bytes.

To reach: p50 and p99 at 100,000 messages at most 1.3 times those at 10; a jump under 16.7 ms (p99).
"""

from __future__ import annotations

import sys
import time
from itertools import cycle

from tests.benchmarks._transcript_app import FIRST_WORD, NAMES
from tests.benchmarks.harness import Terminal, latency_row

_SWITCHES = (("n", NAMES[1]), ("n", NAMES[0]))
_JUMPS = (("t", FIRST_WORD), ("b", NAMES[0]))


def _measure(terminal: Terminal, keys: tuple[tuple[str, str], ...], presses: int) -> list[float]:
    """Milliseconds from each of these keys, in turn, to the word that shows what it did."""
    found = []
    for number, (key, word) in zip(range(presses), cycle(keys), strict=False):
        found.append(terminal.latency(key.encode(), word))
        time.sleep(0.012 * (1 + (number * 0.618) % 0.5))
    return found


def run(tiny: bool) -> dict[str, object]:
    """By turns in programs with few and with many messages; the fewest are the baseline."""
    sizes = (40, 100) if tiny else (10, 1_000, 10_000, 100_000)
    rounds, presses = (1, 4) if tiny else (4, 100)
    switches: dict[int, list[float]] = {size: [] for size in sizes}
    jumps: dict[int, list[float]] = {size: [] for size in sizes[1:]}
    memory: dict[int, float] = {}
    for _ in range(rounds):
        for size in sizes:
            command = [sys.executable, "-m", "tests.benchmarks._transcript_app", str(size)]
            with Terminal(command) as terminal:
                terminal.wait_for(NAMES[0], seconds=60)
                # The imports that the program makes when it is idle are not what is measured.
                time.sleep(0 if tiny else 2)
                _measure(terminal, _SWITCHES, 2 if tiny else 40)
                switches[size] += _measure(terminal, _SWITCHES, presses)
                if size in jumps:
                    jumps[size] += _measure(terminal, _JUMPS, presses)
                memory[size] = terminal.memory_mib
    rows: list[dict[str, object]] = []
    for name, latencies in (("switch", switches), ("jump", jumps)):
        baseline = next(iter(latencies.values()))
        for size, values in latencies.items():
            row = latency_row(f"{name}, {size} messages", values, baseline)
            rows.append({**row, "memory_mib": round(memory[size], 1)})
    return {"rows": rows}
