from __future__ import annotations

import re
from pathlib import Path

import pytest

from robota_tui.config.check import check_files, kind_of_file
from robota_tui.config.loader import load_configuration
from robota_tui.config.paths import sample_configs
from robota_tui.config.settings import PRESETS, ProviderSettings, Settings
from robota_tui.config.source import read_source
from robota_tui.ui.bindings import ACTIONS, apply_keymap
from tests.config.conftest import Write

SAMPLES = sorted(sample_configs().glob("*.toml"))
WORKSPACES = [path for path in SAMPLES if path.name != "settings.toml"]
_COMMENTED_OUT = re.compile(r"^# (?=[a-z_\"][a-z0-9_.\"]* = )", re.MULTILINE)


def problems_of(*paths: Path) -> list[str]:
    return [str(problem) for problem in check_files(paths, lambda keymap: apply_keymap(keymap)[1])]


def test_there_are_settings_and_three_workspaces() -> None:
    assert {path.stem for path in SAMPLES} >= {"settings", "development", "research", "projects"}
    assert {kind_of_file(read_source(path)) for path in WORKSPACES} == {"workspace"}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_sample_is_without_a_problem(path: Path) -> None:
    assert problems_of(path) == []


@pytest.mark.parametrize("path", WORKSPACES, ids=lambda path: path.name)
def test_workspaces_name_no_provider_so_that_they_open_everywhere(path: Path) -> None:
    spec = load_configuration(workspaces=[path]).workspaces[path]

    assert len(spec.sessions) > 1
    assert {chat.provider for session in spec.sessions for chat in session.chats} == {None}
    assert {template.provider for template in spec.templates} <= {None}


def test_the_settings_sample_shows_every_key() -> None:
    text = (sample_configs() / "settings.toml").read_text()
    for key in Settings.model_fields:
        assert re.search(rf"^(# )?({key} = |\[{key}[.\]])", text, re.MULTILINE), key
    for key in ProviderSettings.model_fields:
        assert re.search(rf"^(# )?{key} = ", text, re.MULTILINE), key
    for preset in PRESETS:
        assert re.search(rf"\b{preset}\b", text), preset


def test_the_settings_sample_says_the_defaults() -> None:
    source = read_source(sample_configs() / "settings.toml")

    shown = {key: value for key, value in source.data.items() if key not in {"providers", "keymap"}}
    assert shown == {key: getattr(Settings(), key) for key in shown}


def test_what_is_commented_out_in_the_settings_sample_is_right_too(write: Write) -> None:
    text = (sample_configs() / "settings.toml").read_text()
    full, count = _COMMENTED_OUT.subn("", text)
    path = write("settings.toml", full)

    assert count > 1
    assert problems_of(path) == []


def test_the_settings_sample_lists_every_action_with_its_keys(write: Write) -> None:
    text = (sample_configs() / "settings.toml").read_text()
    path = write("settings.toml", _COMMENTED_OUT.sub("", text))

    keymap = load_configuration(path).settings.keymap

    assert dict(keymap) == {row.id: ", ".join(row.keys) for row in ACTIONS}


def test_every_sample_explains_itself() -> None:
    for path in SAMPLES:
        assert path.read_text().startswith("# ")
