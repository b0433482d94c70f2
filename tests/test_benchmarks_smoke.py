from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import load, main, names, table
from tests.benchmarks.harness import Terminal, latency_row, percentile

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")


@pytest.mark.parametrize("name", names())
def test_the_benchmark_runs_at_its_tiny_size(name: str) -> None:
    title, run = load(name)
    result = run(True)
    assert title
    assert json.loads(json.dumps(result)) == result
    assert table(result)


def test_without_a_name_all_benchmarks_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == names()


def test_a_name_that_is_none_of_them_is_told_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nonsense"]) == 2
    assert "key_echo" in capsys.readouterr().err


def test_rows_become_a_table_with_all_their_columns() -> None:
    lines = table({"rows": [{"case": "a", "p50_ms": 1}, {"case": "bb", "ratio": 2.5}]}).splitlines()
    assert [cell.strip() for cell in lines[0].split("|")[1:-1]] == ["case", "p50_ms", "ratio"]
    assert len({len(line) for line in lines}) == 1
    assert "2.5" in lines[3]


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(number) for number in range(1, 101)]
    assert [percentile(values, percent) for percent in (50, 99, 100)] == [50.0, 99.0, 100.0]
    assert percentile([7.0], 1) == 7.0


def test_a_row_compares_with_its_baseline() -> None:
    row = latency_row("case", [2.0, 4.0], [1.0, 1.0])
    assert (row["p50_ms"], row["ratio_p50"], row["ratio_p99"]) == (2.0, 2.0, 4.0)


def test_the_terminal_measures_what_a_program_answers() -> None:
    program = "import os, tty\ntty.setraw(0)\nprint('ready')\nwhile True: print(os.read(0, 9))"
    with Terminal([sys.executable, "-uc", program]) as terminal:
        terminal.wait_for("ready")
        assert 0 < terminal.latency(b"k", "b'k'") < 10_000
        assert terminal.memory_mib > 1
        assert terminal.cpu_seconds >= 0


def test_a_program_that_writes_more_than_a_terminal_holds_is_not_stopped() -> None:
    with Terminal([sys.executable, "-c", "print('x' * 5_000_000 + 'end')"]) as terminal:
        assert terminal.wait_for("end") > terminal.started_at


def test_the_size_is_the_one_asked_for() -> None:
    program = "import os; print(os.get_terminal_size())"
    with Terminal([sys.executable, "-c", program], columns=33, rows=7) as terminal:
        terminal.wait_for("columns=33, lines=7")


def test_a_program_that_ends_without_the_marker_is_told() -> None:
    with (
        Terminal([sys.executable, "-c", "print('other')"]) as terminal,
        pytest.raises(TimeoutError, match="the program ended without 'marker'"),
    ):
        terminal.wait_for("marker")


def test_the_program_is_gone_afterwards() -> None:
    with Terminal(
        [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(1000)"]
    ) as terminal:
        terminal.wait_for("up")
    with pytest.raises(ProcessLookupError):
        os.kill(terminal.pid, 0)
