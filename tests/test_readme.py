"""What the README shows is true: its keys, its files, its code, its links."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from robota_tui.config.check import check_files
from tests.readme import README, with_key_table

TEXT = README.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_the_key_table_is_the_program_s() -> None:
    assert with_key_table(TEXT) == TEXT, "run python -m tests.readme"


def test_every_link_leads_to_a_file_of_the_repository() -> None:
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", TEXT) if "://" not in target]
    assert targets
    assert [target for target in targets if not (README.parent / target).exists()] == []


@pytest.mark.parametrize("place", range(len(blocks("toml"))))
def test_its_toml_has_no_problems(place: int, tmp_path: Path) -> None:
    file = tmp_path / "example.toml"
    file.write_text(blocks("toml")[place], encoding="utf-8")
    assert check_files([file]) == []


def test_its_program_runs_on_the_real_model() -> None:
    program = next(block for block in blocks("python") if "asyncio.run" in block)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_its_two_commands_are_those_of_the_makefile() -> None:
    makefile = (README.parent / "Makefile").read_text(encoding="utf-8")
    for command in ("run", "test"):
        assert f"make {command} " in TEXT
        assert f"\n{command}:" in makefile
