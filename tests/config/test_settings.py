from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from robota_tui.config.problems import Problem
from robota_tui.config.settings import PRESETS, ProviderSettings, Settings, parse_settings
from robota_tui.config.source import read_source
from robota_tui.providers.presets import PRESET_NAMES
from tests.config.conftest import Write


def load(path: Path, previous: Settings | None = None) -> tuple[Settings, list[Problem]]:
    source = read_source(path)
    settings = parse_settings(source, previous, known_themes=["robota-dark", "robota-light"]).settings
    return settings, source.sorted_problems()


def found(problems: list[Problem]) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.key, problem.suggestion) for problem in problems]


def test_an_empty_file_is_complete(write: Write) -> None:
    assert load(write("s.toml", "")) == (Settings(), [])


def test_all_that_is_right_is_used(write: Write) -> None:
    settings, problems = load(
        write(
            "s.toml",
            """
            theme = "robota-light"
            default_provider = "lab"
            sidebar = false
            sidebar_width = 30
            confirm_quit = false
            [providers.lab]
            preset = "vllm"
            base_url = "http://127.0.0.1:8000/v1"
            api_key_env = "LAB_KEY"
            default_model = "qwen3"
            connect_timeout = 5
            stream_idle_timeout = 60.5
            [keymap]
            "chat.next" = "ctrl+pagedown"
            """,
        )
    )

    assert problems == []
    assert settings == Settings(
        theme="robota-light",
        default_provider="lab",
        sidebar=False,
        sidebar_width=30,
        confirm_quit=False,
        providers={
            "lab": ProviderSettings(
                preset="vllm",
                base_url="http://127.0.0.1:8000/v1",
                api_key_env="LAB_KEY",
                default_model="qwen3",
                connect_timeout=5,
                stream_idle_timeout=60.5,
            )
        },
        keymap={"chat.next": "ctrl+pagedown"},
    )


def test_every_mistake_is_told_at_once_and_the_rest_is_used(write: Write) -> None:
    settings, problems = load(
        write(
            "s.toml",
            """
            theme = "robota-lihgt"
            sidbar = false
            sidebar_width = "wide"
            confirm_quit = 1
            [providers.lab]
            base_url = "http://lab/v1"
            defualt_model = "x"
            connect_timeout = -1
            [keymap]
            "chat.next" = 5
            "chat.last" = "alt+z"
            """,
        )
    )

    assert found(problems) == [
        (1, "theme", "robota-light"),
        (2, "sidbar", "sidebar"),
        (3, "sidebar_width", ""),
        (4, "confirm_quit", ""),
        (7, "providers.lab.defualt_model", "default_model"),
        (8, "providers.lab.connect_timeout", ""),
        (10, 'keymap."chat.next"', ""),
    ]
    assert [problem.message for problem in problems[2:4]] == [
        "must be a whole number, not a string",
        "must be true or false, not a whole number",
    ]
    assert settings.providers["lab"] == ProviderSettings(base_url="http://lab/v1")
    assert settings.keymap == {"chat.last": "alt+z"}
    assert settings.theme == "robota-dark"


def test_a_number_out_of_range_names_the_limit(write: Write) -> None:
    _, problems = load(write("s.toml", "sidebar_width = 900\n"))

    assert [str(problem.message) for problem in problems] == ["must be at most 80"]


@pytest.mark.parametrize("value", ["nan", "inf", "0"])
def test_a_time_limit_is_a_positive_number(write: Write, value: str) -> None:
    _, problems = load(write("s.toml", f"[providers.openai]\nconnect_timeout = {value}\n"))

    assert found(problems) == [(2, "providers.openai.connect_timeout", "")]


@pytest.mark.parametrize("key", ["api_key", "key", "token"])
def test_a_key_in_the_file_is_refused_and_not_repeated(write: Write, key: str) -> None:
    settings, problems = load(write("s.toml", f'[providers.openai]\n{key} = "sk-very-secret"\n'))

    assert found(problems) == [(2, f"providers.openai.{key}", "api_key_env")]
    assert "sk-very-secret" not in str(problems) + repr(settings)


@pytest.mark.parametrize(
    "line", ['api_key_env = "sk-very-secret"', 'base_url = "https://me:sk-very-secret@lab/v1"']
)
def test_a_key_at_a_wrong_place_is_not_repeated_either(write: Write, line: str) -> None:
    settings, problems = load(write("s.toml", f"[providers.openai]\n{line}\n"))

    assert len(problems) == 1
    assert problems[0].line == 2
    assert "sk-very-secret" not in str(problems[0]) + repr(settings)


def test_a_provider_with_a_wrong_address_is_left_out_rather_than_sent_elsewhere(write: Write) -> None:
    settings, problems = load(write("s.toml", '[providers.lab]\npreset = "openai"\nbase_url = "lab:8000"\n'))

    assert found(problems) == [(3, "providers.lab.base_url", "")]
    assert settings.providers == {}


def test_an_unknown_preset_is_told_with_the_nearest(write: Write) -> None:
    settings, problems = load(write("s.toml", '[providers.lab]\npreset = "olama"\n'))

    assert found(problems) == [(2, "providers.lab.preset", "ollama")]
    assert settings.providers == {}


def test_a_provider_named_like_a_preset_is_of_that_preset(write: Write) -> None:
    settings, problems = load(write("s.toml", '[providers.groq]\ndefault_model = "x"\n'))

    assert problems == []
    assert settings.providers["groq"].preset == "groq"


def test_a_provider_needs_an_address_or_a_preset(write: Write) -> None:
    _, problems = load(write("s.toml", '[providers.lab]\ndefault_model = "x"\n'))

    assert [(p.line, p.key, p.message) for p in problems] == [
        (1, "providers.lab", "needs a base_url or a preset")
    ]


def test_provider_names_and_tables_are_checked(write: Write) -> None:
    _, problems = load(write("s.toml", '[providers]\nlab = 5\n[providers."1 2"]\npreset = "local"\n'))

    assert found(problems) == [(2, "providers.lab", ""), (3, 'providers."1 2"', "")]
    _, problems = load(write("s.toml", "providers = 5\n"))
    assert found(problems) == [(1, "providers", "")]


def test_the_default_provider_is_one_of_the_file_or_a_preset(write: Write) -> None:
    settings, problems = load(
        write("s.toml", 'default_provider = "lba"\n[providers.lab]\npreset = "local"\n')
    )

    assert found(problems) == [(1, "default_provider", "lab")]
    assert settings.default_provider is None
    assert load(write("s.toml", 'default_provider = "ollama"\n'))[1] == []


def test_the_leader_belongs_into_the_keymap(write: Write) -> None:
    _, problems = load(write("s.toml", 'leader = "ctrl+a"\n'))

    assert "[keymap]" in problems[0].message


def test_a_wrong_value_keeps_what_it_was_before(write: Write) -> None:
    before = Settings(
        sidebar_width=40,
        keymap={"chat.next": "f7"},
        providers={"lab": ProviderSettings(base_url="http://lab/v1")},
    )

    settings, problems = load(
        write("s.toml", 'sidebar_width = "x"\nkeymap = 1\n[providers.lab]\nbase_url = "lab"\n'), before
    )

    assert len(problems) == 3
    assert settings == before


class Fault(NamedTuple):
    action_id: str
    message: str


def test_what_a_keymap_check_finds_is_told_with_its_line(write: Write) -> None:
    def check(keymap: Mapping[str, str]) -> list[Fault]:
        return [Fault(action, "there is no such action") for action in keymap if action != "chat.next"]

    source = read_source(write("s.toml", '[keymap]\n"chat.next" = "f7"\n"chat.nxet" = "f8"\n'))
    settings = parse_settings(source, keymap_check=check).settings

    assert found(source.problems) == [(3, 'keymap."chat.nxet"', "")]
    assert settings.keymap == {"chat.next": "f7"}


def test_the_presets_are_those_that_the_providers_know() -> None:
    assert set(PRESETS) == set(PRESET_NAMES)
