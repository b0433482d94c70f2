from __future__ import annotations

from pathlib import Path

import pytest

from robota_tui.config import paths
from robota_tui.config.check import check_files, kind_of_file
from robota_tui.config.source import Source, read_source
from robota_tui.ui.bindings import apply_keymap
from tests.config.conftest import Write


def check(*files: Path) -> list[tuple[str, int, str, str]]:
    problems = check_files(files, lambda keymap: apply_keymap(keymap)[1])
    return [(Path(p.file).name, p.line, p.key, p.suggestion) for p in problems]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "settings"),
        ('theme = "x"', "settings"),
        ("[providers.lab]", "settings"),
        ("[keymap]", "settings"),
        ("[provider.lab]", "settings"),
        ("[[templates]]", "templates"),
        ("[[templats]]", "templates"),
        ("[[templates]]\n[workspace]", "workspace"),
        ("[[sessions]]", "workspace"),
        ("[[sesions]]", "workspace"),
        ('name = "x"\nprimary = "#fff"', "theme"),
        ('nmae = "x"\nprimry = "#fff"', "theme"),
        ("zzz = 1\nqqq = 2", None),
    ],
)
def test_a_file_is_known_by_its_keys(write: Write, text: str, kind: str | None) -> None:
    assert kind_of_file(read_source(write("a.toml", text))) == kind


def test_every_kind_of_mistake_in_every_kind_of_file_is_told(write: Write, tmp_path: Path) -> None:
    settings = write(
        "settings.toml",
        """
        theem = "x"
        sidebar = "yes"
        default_provider = "lbb"
        [providers.lab]
        preset = "vlm"
        [providers.lub]
        base_url = "http://lub/v1"
        [keymap]
        "chat.nxt" = "f7"
        "chat.last" = "f8"
        "chat.close" = "f8"
        """,
    )
    templates = write(
        "templates.toml",
        """
        [[templates]]
        id = "a"
        extends = "b"
        [[templates]]
        id = "b"
        extends = "a"
        [[templates]]
        id = "a"
        """,
    )
    workspace = write("team.toml", '[[sessions]]\n[[sessions.chats]]\ntemplate = "bb"\n')
    theme = write("theme.toml", 'name = "t"\nprimary = "#ffff0"\n')

    assert check(settings, templates, workspace, theme) == [
        ("settings.toml", 1, "theem", "theme"),
        ("settings.toml", 2, "sidebar", ""),
        ("settings.toml", 3, "default_provider", "lub"),
        ("settings.toml", 5, "providers.lab.preset", "vllm"),
        ("settings.toml", 9, 'keymap."chat.nxt"', ""),
        ("settings.toml", 11, 'keymap."chat.close"', ""),
        ("templates.toml", 3, "templates[0].extends", ""),
        ("templates.toml", 8, "templates[2].id", ""),
        ("team.toml", 3, "sessions[0].chats[0].template", "b"),
        ("theme.toml", 2, "primary", ""),
    ]


def test_an_unknown_action_is_told_with_the_nearest(write: Write) -> None:
    problems = check_files(
        [write("s.toml", '[keymap]\n"chat.nxt" = "f7"\n')], lambda keymap: apply_keymap(keymap)[1]
    )

    assert "chat.next" in problems[0].message


def test_files_that_cannot_be_read_are_told_one_by_one(write: Write, tmp_path: Path) -> None:
    found = check(
        tmp_path / "none.toml",
        tmp_path,
        write("huge.toml", b"#" * 1_000_001),
        write("latin.toml", b"# \xe9"),
        write("syntax.toml", "a = \n"),
        write("deep.toml", "a = " + "[" * 10_000),
        write("what.toml", "zzz = 1\n"),
        write("good.toml", "sidebar = true\n"),
    )

    assert [(name, line) for name, line, _, _ in found] == [
        ("none.toml", 0),
        (tmp_path.name, 0),
        ("huge.toml", 0),
        ("latin.toml", 1),
        ("syntax.toml", 1),
        ("deep.toml", 0),
        ("what.toml", 0),
    ]


def test_files_checked_together_know_each_other(write: Write) -> None:
    settings = write(
        "settings.toml", 'theme = "mine"\ndefault_provider = "lab"\n[providers.lab]\npreset = "vllm"\n'
    )
    theme = write("theme.toml", 'name = "mine"\nprimary = "#fff"\n')
    templates = write("templates.toml", '[[templates]]\nid = "own"\nprovider = "lab"\n')
    team = write("team.toml", '[[sessions]]\n[[sessions.chats]]\ntemplate = "own"\n')

    assert check(team, templates, settings, theme) == []
    assert len(check(team, templates)) == 1
    assert len(check(team)) == 1


def test_files_are_checked_against_the_users_own_configuration(write: Write) -> None:
    folder = paths.template_folder()
    folder.mkdir(parents=True)
    (folder / "own.toml").write_text('[[templates]]\nid = "own"\n')
    team = write("team.toml", '[[sessions]]\n[[sessions.chats]]\ntemplate = "own"\n')

    assert check(team) == []
    assert check(folder / "own.toml") == []


def test_a_file_that_is_named_twice_is_checked_once(write: Write) -> None:
    path = write("s.toml", "theem = 1\n")

    assert len(check(path, path)) == 1


def test_an_unreadable_file_is_of_no_kind_but_harmless() -> None:
    assert kind_of_file(Source(Path("x"))) == "settings"
