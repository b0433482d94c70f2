"""Key echo in the composer, idle and beside hidden agents that stream, against a bare Textual text area.

To reach: with 32 agents at 100 tokens a second each, p99 at most 16 ms and at most 2.5 times that of none, at
most a quarter of a core while nothing is typed; an idle composer about as fast as the bare text area;
nothing dropped at 64. The provider runs in the app's own process: its timers are a part of what is measured.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks._streaming_app import READY
from tests.benchmarks.harness import Terminal, key_echo, latency_row

BASELINE = "bare text area"
_QUIT = b"\x11"


@dataclass
class Case:
    """One app and what was measured in it, over all rounds."""

    module: str
    ready: str
    agents: int = 0
    latencies: list[float] = field(default_factory=list)
    resting: list[float] = field(default_factory=list)
    """Share of a core that it takes while nothing is typed."""
    kept: list[float] = field(default_factory=list)
    """Share of the tokens due that arrived."""

    def measure(self, presses: int, rest: float) -> None:
        """Start the app, let it rest for so many seconds, type so many keys, and leave it."""
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder, "kept")
            command = [sys.executable, "-m", self.module]
            if self.agents:
                command += ["--agents", str(self.agents), "--report", str(report)]
            with Terminal(command) as terminal:
                terminal.wait_for(self.ready, seconds=60)
                terminal.settle(seconds=2)
                key_echo(terminal, max(2, presses // 4))
                before = terminal.cpu_seconds
                time.sleep(rest)
                self.resting.append((terminal.cpu_seconds - before) / rest)
                self.latencies += key_echo(terminal, presses)
                if self.agents:
                    terminal.write(_QUIT)
                    terminal.wait_for_end()
                    self.kept.append(float(report.read_text()))

    def row(self, name: str, baseline: Case) -> dict[str, object]:
        """The result; `name` is the case's."""
        row = latency_row(name, self.latencies, None if self is baseline else baseline.latencies)
        row["core_at_rest"] = round(sum(self.resting) / len(self.resting), 3)
        if self.kept:
            row["tokens_kept"] = round(min(self.kept), 3)
        return row


def run(tiny: bool) -> dict[str, object]:
    """Type in each app by turns, so that a disturbance of the machine meets all of them."""
    rounds, presses, rest = (1, 5, 0.2) if tiny else (6, 80, 2.0)
    baseline = Case("tests.benchmarks._minimal_app", "ready")
    cases = {BASELINE: baseline}
    for agents in (0, 2) if tiny else (0, 1, 8, 32, 64):
        cases[f"composer, {agents} agents"] = Case("tests.benchmarks._streaming_app", READY, agents)
    for _ in range(rounds):
        # One at a time: the agents of the other cases would take the processor from this one.
        for case in cases.values():
            case.measure(presses, rest)
    return {"rows": [case.row(name, baseline) for name, case in cases.items()]}
