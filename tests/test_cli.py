from __future__ import annotations

from pathlib import Path

import pytest

from robota_tui import __version__
from robota_tui.cli import main
from robota_tui.config.paths import sample_configs


def test_help_tells_commands_examples_and_where_the_settings_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    told = capsys.readouterr().out
    for needed in (
        "usage: robota-tui",
        "--settings FILE",
        "check FILE.toml",
        "model install",
        "examples:",
        "F1",
    ):
        assert needed in told
    assert "settings.toml" in told


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.strip() == f"robota-tui {__version__}"


def test_without_a_terminal_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "needs a terminal" in capsys.readouterr().err


def test_check_is_content_with_the_samples(capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(sample_configs().glob("*.toml"))
    assert len(files) >= 4
    assert main(["check", *map(str, files)]) == 0
    assert "no problems" in capsys.readouterr().out


def test_check_names_file_line_key_and_the_nearest_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "settings.toml"
    broken.write_text('theme = "robota-dark"\n\n[keymap]\n"chat.nxet" = "ctrl+n"\n')
    assert main(["check", str(broken)]) == 1
    told = capsys.readouterr().out
    assert told.startswith(f"{broken}:4:")
    assert "chat.nxet" in told
    assert "chat.next" in told


def test_check_of_a_file_that_is_not_there_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(tmp_path / "nothing.toml")]) == 1
    assert "nothing.toml" in capsys.readouterr().out


def test_templates_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["templates"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert {"general", "summarizer", "coder", "reviewer", "documenter"} <= set(listed)


def test_installing_a_model_that_is_there_is_quiet_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "install", "--quiet"]) == 0
    assert capsys.readouterr().out == ""


def test_a_wrong_option_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--colour"])
    assert end.value.code == 2
    assert "--colour" in capsys.readouterr().err
