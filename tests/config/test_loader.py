from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from robota_tui.config import paths
from robota_tui.config.check import check_files
from robota_tui.config.loader import Configuration, load_configuration, reload_configuration
from robota_tui.config.settings import Settings
from tests.config.conftest import Write

Load = Callable[..., Configuration]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Load a configuration whose folders are in the test's own."""

    def load_from(*workspaces: Path) -> Configuration:
        return load_configuration(
            tmp_path / "settings.toml",
            workspaces,
            template_folder=tmp_path / "templates",
            theme_folder=tmp_path / "themes",
        )

    return load_from


def places(configuration: Configuration) -> list[tuple[str, int, str]]:
    return [(Path(p.file).name, p.line, p.key) for p in configuration.problems]


def test_on_a_fresh_machine_everything_has_its_default() -> None:
    configuration = load_configuration()

    assert configuration.settings == Settings()
    assert configuration.problems == ()
    assert {"general", "coder"} < configuration.templates.keys()
    assert {theme.name for theme in configuration.theme_list} == {
        "robota-dark",
        "robota-light",
        "robota-high-contrast",
        "robota-ansi",
    }
    assert configuration.workspaces == {}


def test_settings_that_were_named_must_be_there(tmp_path: Path) -> None:
    configuration = load_configuration(tmp_path / "none.toml")

    assert [str(problem) for problem in configuration.problems] == [
        f"{tmp_path / 'none.toml'}: does not exist"
    ]
    assert configuration.settings == Settings()


def test_the_users_folders_are_read_without_being_named() -> None:
    folder = paths.config_folder()
    (folder / "templates").mkdir(parents=True)
    (folder / "themes").mkdir()
    (folder / "settings.toml").write_text('theme = "mine"\n')
    (folder / "themes" / "mine.toml").write_text('name = "mine"\nprimary = "#fff"\n')
    (folder / "templates" / "a.toml").write_text('[[templates]]\nid = "own"\n')

    configuration = load_configuration()

    assert configuration.problems == ()
    assert configuration.settings.theme == "mine"
    assert "own" in configuration.templates


def test_the_later_layer_wins(write: Write, load: Load) -> None:
    write("settings.toml", "")
    write("templates/a.toml", '[[templates]]\nid = "coder"\nname = "Mine"\n')
    write("themes/a.toml", 'name = "robota-dark"\nprimary = "#fff"\n')
    team = write(
        "team.toml",
        '[workspace]\n[[templates]]\nid = "coder"\nextends = "coder"\nmodel = "m"\n',
    )

    configuration = load(team)

    assert configuration.problems == ()
    assert configuration.templates["coder"].name == "Mine"
    assert configuration.themes["robota-dark"].primary == "#fff"
    (own,) = configuration.workspaces[team].templates
    assert (own.name, own.model) == ("Mine", "m")


def test_every_file_reports_and_none_stops_another(write: Write, load: Load) -> None:
    write("settings.toml", 'theme = "nope"\ndefault_provider = "lab"\n[providers.lab]\npreset = "vllm"\n')
    write("templates/a.toml", "= broken\n")
    write("templates/b.toml", '[[templates]]\nid = "own"\nprovider = "lba"\n')
    write("themes/c.toml", "name = 5\n")
    team = write("team.toml", '[[sessions]]\n[[sessions.chats]]\ntemplate = "own"\nprovider = "lab"\n')
    gone = team.with_name("gone.toml")

    configuration = load(team, gone)

    assert places(configuration) == [
        ("c.toml", 0, ""),
        ("c.toml", 1, "name"),
        ("settings.toml", 1, "theme"),
        ("a.toml", 1, ""),
        ("b.toml", 3, "templates[0].provider"),
        ("gone.toml", 0, ""),
    ]
    assert configuration.settings.theme == "robota-dark"
    assert configuration.settings.default_provider == "lab"
    assert list(configuration.workspaces) == [team]
    assert "own" in configuration.templates


def test_a_broken_edit_keeps_what_was_there_and_says_so(write: Write, load: Load) -> None:
    write("settings.toml", "sidebar_width = 40\nsidebar = false\n")
    write("templates/a.toml", '[[templates]]\nid = "one"\n[[templates]]\nid = "two"\nmodel = "old"\n')
    write("themes/c.toml", 'name = "mine"\nprimary = "#111"\n')
    team = write("team.toml", '[[sessions]]\nname = "S"\n')
    before = load(team)

    write("settings.toml", "sidebar_width = 400\nsidebar = true\n")
    write("templates/a.toml", '[[templates]]\nid = "two"\nmodel = 5\ntemperature = 9\nname = 1\n')
    write("themes/c.toml", 'name = "mine"\nprim')
    write("team.toml", "[[sess")
    after = reload_configuration(before)

    assert after.settings == Settings(sidebar_width=40, sidebar=True)
    assert "one" not in after.templates
    assert after.templates["two"].model == "old"
    assert after.themes["mine"].primary == "#111"
    assert after.workspaces == before.workspaces
    assert {name for name, _, _ in places(after)} == {"settings.toml", "a.toml", "c.toml", "team.toml"}


def test_a_half_written_file_keeps_everything_until_it_is_whole(write: Write, load: Load) -> None:
    whole = 'sidebar_width = 40\n[keymap]\n"chat.next" = "f7"\n'
    write("settings.toml", whole)
    write("templates/a.toml", '[[templates]]\nid = "one"\n')
    configuration = first = load()

    write("settings.toml", whole[:-4])
    write("templates/a.toml", '[[templates]]\nid = "on')
    for _ in range(2):
        configuration = reload_configuration(configuration)
        assert configuration.settings == first.settings
        assert configuration.templates == first.templates
        assert len(configuration.problems) == 2

    write("settings.toml", whole.replace("40", "30"))
    write("templates/a.toml", "")
    configuration = reload_configuration(configuration)
    assert configuration.problems == ()
    assert configuration.settings.sidebar_width == 30
    assert "one" not in configuration.templates


def test_removed_settings_fall_back_to_the_defaults() -> None:
    path = paths.settings_file()
    path.parent.mkdir(parents=True)
    path.write_text("sidebar = false\n")
    before = load_configuration()
    path.unlink()

    assert before.settings.sidebar is False
    assert reload_configuration(before).settings == Settings()


HEADERS = (
    "[workspace]",
    "[[sessions]]",
    "[[sessions.chats]]",
    "[[templates]]",
    "[providers.lab]",
    "[keymap]",
)
KEYS = ("id", "name", "template", "extends", "theme", "primary", "preset", "api_key", "tags")
VALUES = ('"coder"', '"x"', "5", "true", "[1, 'a']", "{a = 1}", "1979-05-27", "nan", "'\x1b'", '"""')
fragments = st.sampled_from([*HEADERS, *(f"{key} = " for key in KEYS), *VALUES, "\n", "=", "é", "\0"])


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.lists(fragments, max_size=14).map("\n".join) | st.lists(fragments, max_size=14).map("".join))
def test_toml_like_text_is_loaded_or_reported(tmp_path: Path, text: str) -> None:
    _survives(tmp_path, text.encode())


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_bytes_are_loaded_or_reported(tmp_path: Path, content: bytes) -> None:
    _survives(tmp_path, content)


tables = st.dictionaries(
    st.sampled_from(
        ["id", "name", "extends", "template", "tags", "model", "chats", "preset", "system_message_file"]
    ),
    st.recursive(
        st.sampled_from(["coder", "", 5, 1.5, True, "a"]),
        lambda inner: (
            st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "name"]), inner, max_size=2)
        ),
        max_leaves=4,
    ),
    max_size=5,
)
documents = st.dictionaries(
    st.sampled_from(
        ["workspace", "sessions", "templates", "providers", "keymap", "theme", "variables", "name"]
    ),
    st.lists(tables, max_size=3)
    | tables
    | st.dictionaries(st.sampled_from(["lab", "x"]), tables, max_size=2),
    max_size=4,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(documents)
def test_any_document_is_loaded_or_reported_at_a_line_of_it(
    tmp_path: Path, document: dict[str, object]
) -> None:
    import tomli_w

    _survives(tmp_path, tomli_w.dumps(document).encode())


def _survives(folder: Path, content: bytes) -> None:
    """Loaded as every kind of file; each problem is one printable line, at a line that exists."""
    for name in ("settings.toml", "team.toml", "templates/a.toml", "themes/a.toml"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    workspace = folder / "team.toml"
    first = load_configuration(
        folder / "settings.toml",
        [workspace],
        template_folder=folder / "templates",
        theme_folder=folder / "themes",
    )
    again = reload_configuration(first)
    problems = [*first.problems, *again.problems, *check_files([workspace])]
    lines = content.count(b"\n") + 1
    for problem in problems:
        assert 0 <= problem.line <= lines
        assert str(problem).isprintable()
    assert os.path.commonpath([folder, *(problem.file for problem in problems)]) == str(folder)


def test_a_provider_whose_settings_are_wrong_is_not_called_missing(write: Write) -> None:
    settings = write(
        "settings.toml",
        'default_provider = "lab"\n[providers.lab]\npreset = "openai"\nbase_url = "lab:8000"\n',
    )
    team = write("team.toml", '[[sessions]]\n[[sessions.chats]]\nname = "A"\nprovider = "lab"\n')

    problems = load_configuration(settings, [team]).problems

    wrong = f'the settings of provider "lab" are wrong ({settings}, line 2)'
    assert [str(problem) for problem in problems] == [
        f"{settings}:1: default_provider: {wrong}",
        f"{settings}:4: providers.lab.base_url: must be an address like http://127.0.0.1:8000/v1, "
        "without user and password",
        f"{team}:4: sessions[0].chats[0].provider: {wrong}; the chat opens with the default one",
    ]
