"""Key echo in the composer, idle and beside hidden agents that stream, against a bare Textual text area.

To reach: with 32 agents at 100 tokens a second each, p99 at most 16 ms and at most 2.5 times that of none;
an idle composer about as fast as the bare text area. The provider runs in the app's own process, and its
timers are a part of what is measured.
"""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack

from tests.benchmarks._streaming_app import READY
from tests.benchmarks.harness import Terminal, key_echo, latency_row

BASELINE = "bare text area"


def run(tiny: bool) -> dict[str, object]:
    """Type in each app by turns, so that a disturbance of the machine meets all of them."""
    agents = (0, 2) if tiny else (0, 1, 8, 32, 64)
    rounds, presses = (1, 5) if tiny else (6, 80)
    commands = {BASELINE: ["tests.benchmarks._minimal_app"]}
    for count in agents:
        commands[f"composer, {count} agents"] = ["tests.benchmarks._streaming_app", "--agents", str(count)]
    latencies: dict[str, list[float]] = {case: [] for case in commands}
    cpu: dict[str, list[float]] = {case: [] for case in commands}
    for _ in range(rounds):
        for case, command in commands.items():
            # One at a time: the agents of the other cases would take the processor from this one.
            with ExitStack() as stack:
                terminal = stack.enter_context(Terminal([sys.executable, "-m", *command]))
                terminal.wait_for("ready" if case == BASELINE else READY, seconds=60)
                terminal.settle(seconds=2)
                key_echo(terminal, 2 if tiny else 20)
                before, since = terminal.cpu_seconds, time.perf_counter()
                latencies[case] += key_echo(terminal, presses)
                cpu[case].append((terminal.cpu_seconds - before) / (time.perf_counter() - since))
    rows = []
    for case, values in latencies.items():
        row = latency_row(case, values, None if case == BASELINE else latencies[BASELINE])
        rows.append({**row, "cpu_of_a_core": round(sum(cpu[case]) / len(cpu[case]), 3)})
    return {"rows": rows}
