"""No test sees or changes what the person who runs it has configured."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Searching is for people: what a run in CI tells is about the change, not about luck.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "search")

_OWN = ("OPENAI_API_KEY", "EDITOR", "VISUAL", "NO_COLOR", "TEXTUAL_THEME", "ROBOTA_TUI_SETTINGS")


@pytest.fixture(scope="session", autouse=True)
def weights_stay_where_they_are() -> Iterator[None]:
    """The local model's weights are large and already fetched: tests use those, wherever they are."""
    from robota_tui.providers.weights import models_dir

    before = os.environ.get("ROBOTA_TUI_MODELS")
    os.environ["ROBOTA_TUI_MODELS"] = str(models_dir())
    yield
    if before is None:
        del os.environ["ROBOTA_TUI_MODELS"]


@pytest.fixture(autouse=True)
def own_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every test has a home of its own, with nothing in it."""
    home = tmp_path_factory.mktemp("home")
    for variable in _OWN:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(home))
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(home / variable.removeprefix("XDG_").lower()))
    return home
