from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robota_tui.agents.errors import ConfigurationError
from robota_tui.agents.templates import AgentTemplate
from robota_tui.config.known import KnownProviders
from robota_tui.config.saving import save_workspace, workspace_text
from robota_tui.config.templates import builtin_templates
from robota_tui.config.workspace import (
    ChatSpec,
    SessionSpec,
    WorkspaceSpec,
    load_workspace,
    needed_limits,
)
from tests.config.conftest import Write

KNOWN = builtin_templates()


def places(path: Path) -> list[tuple[int, str, str]]:
    _, problems = load_workspace(path, KNOWN, KnownProviders({"openai", "lab"}))
    return sorted((problem.line, problem.key, problem.suggestion) for problem in problems)


def test_a_workspace_has_all_its_fields(write: Write) -> None:
    write("coder.md", "You code here.\n")
    spec, problems = load_workspace(
        write(
            "team.toml",
            """
            [workspace]
            id = "workspace-dev"
            user_id = "developer-123"
            max_sessions = 3
            max_chats_per_session = 4
            [[templates]]
            id = "own"
            extends = "coder"
            [[sessions]]
            name = "Development"
            user_id = "ada"
            workspace_id = "other"
            max_chats = 2
            [[sessions.chats]]
            name = "Coder"
            template = "own"
            model = "gpt-4o-mini"
            provider = "openai"
            temperature = 0.7
            max_tokens = 5
            top_p = 0.5
            description = "d"
            tags = ["t"]
            system_message_file = "coder.md"
            [[sessions.chats]]
            [[sessions]]
            """,
        ),
        KNOWN,
        KnownProviders({"openai"}),
    )

    assert problems == []
    assert spec == WorkspaceSpec(
        id="workspace-dev",
        user_id="developer-123",
        max_sessions=3,
        max_chats_per_session=4,
        templates=(AgentTemplate(id="own", name="own", extends="coder"),),
        sessions=(
            SessionSpec(
                name="Development",
                user_id="ada",
                workspace_id="other",
                max_chats=2,
                chats=(
                    ChatSpec(
                        name="Coder",
                        template="own",
                        model="gpt-4o-mini",
                        provider="openai",
                        temperature=0.7,
                        max_tokens=5,
                        top_p=0.5,
                        description="d",
                        tags=("t",),
                        system_message="You code here.",
                    ),
                    ChatSpec(),
                ),
            ),
            SessionSpec(),
        ),
    )
    assert spec.workspace_ids == ("workspace-dev", "other")


def test_a_missing_template_is_told_with_the_nearest_and_the_chat_opens_with_the_default(
    write: Write,
) -> None:
    path = write("w.toml", '[[sessions]]\n[[sessions.chats]]\nname = "A"\ntemplate = "codr"\nmodel = "m"\n')

    spec, problems = load_workspace(path, KNOWN)

    assert str(problems[0]) == (
        f'{path}:4: sessions[0].chats[0].template: there is no template "codr"; '
        'the chat opens with the default one (did you mean "coder"?)'
    )
    assert spec is not None
    assert spec.sessions[0].chats == (ChatSpec(name="A", model="m"),)


def test_every_mistake_is_told_and_the_rest_stays(write: Write) -> None:
    path = write(
        "w.toml",
        """
        title = "x"
        [workspace]
        idd = "w"
        max_sessions = -1
        [[templates]]
        id = "t"
        extends = "t"
        [[sessions]]
        name = 5
        [[sessions.chats]]
        name = "A"
        temprature = 1
        extends = "coder"
        provider = "labb"
        [[sessions.chats]]
        name = ""
        template = "t"
        [[sessions]]
        name = "B"
        chats = "none"
        """,
    )

    assert places(path) == [
        (1, "title", ""),
        (3, "workspace.idd", "id"),
        (4, "workspace.max_sessions", ""),
        (7, "templates[0].extends", ""),
        (9, "sessions[0].name", ""),
        (12, "sessions[0].chats[0].temprature", "temperature"),
        (13, "sessions[0].chats[0].extends", "template"),
        (14, "sessions[0].chats[0].provider", "lab"),
        (16, "sessions[0].chats[1].name", ""),
        (20, "sessions[1].chats", ""),
    ]
    spec, _ = load_workspace(path, KNOWN)
    assert spec is not None
    assert [len(session.chats) for session in spec.sessions] == [2, 0]
    assert spec.sessions[0].chats[1].template == "t"


def test_an_unknown_provider_is_told_once_and_goes_with_its_model(write: Write) -> None:
    path = write(
        "w.toml",
        """
        [[sessions]]
        [[sessions.chats]]
        name = "A"
        provider = "labb"
        model = "m"
        temperature = 0.5
        [[sessions.chats]]
        template = "coder"
        provider = "openai"
        model = "m"
        """,
    )

    spec, problems = load_workspace(path, KNOWN, KnownProviders({"openai", "lab"}))

    assert spec is not None
    assert spec.sessions[0].chats == (
        ChatSpec(name="A", temperature=0.5),
        ChatSpec(template="coder", provider="openai", model="m"),
    )
    assert [str(problem) for problem in problems] == [
        f'{path}:4: sessions[0].chats[0].provider: there is no provider "labb"; '
        'the chat opens with the default one (did you mean "lab"?)'
    ]


def test_tables_of_a_wrong_kind_are_told(write: Write) -> None:
    assert places(write("a.toml", "workspace = 1\nsessions = 2\n")) == [
        (1, "workspace", ""),
        (2, "sessions", ""),
    ]
    assert places(write("b.toml", "sessions = [1, {}]\n")) == [(1, "sessions[0]", "")]
    assert places(write("c.toml", "[workspace]\n[[workspace.sessions]]\n")) == [(2, "workspace.sessions", "")]


def test_a_file_that_opens_nothing_is_told(write: Write) -> None:
    assert places(write("a.toml", '[[templates]]\nid = "x"\n')) == [(0, "", "")]


def test_more_sessions_or_chats_than_the_file_allows_are_told(write: Write) -> None:
    path = write(
        "w.toml",
        """
        [workspace]
        max_sessions = 1
        max_chats_per_session = 1
        [[sessions]]
        max_chats = 0
        chats = [{}]
        [[sessions]]
        chats = [{}, {}]
        """,
    )

    assert places(path) == [
        (2, "workspace.max_sessions", ""),
        (5, "sessions[0].max_chats", ""),
        (7, "sessions[1]", ""),
    ]


def test_an_unreadable_file_gives_no_workspace(tmp_path: Path) -> None:
    spec, problems = load_workspace(tmp_path / "none.toml", KNOWN)

    assert spec is None
    assert [problem.message for problem in problems] == ["does not exist"]


text = st.text(st.characters(codec="utf-8"), max_size=20)
names = text.filter(bool) | st.sampled_from(["a\r\nb", '"""', "'''\\", "[x]", "\x1b[2J", "é🙂", "\n\n"])
ids = st.from_regex(r"[a-z][a-z0-9_.-]{0,8}", fullmatch=True)
optional_names = st.none() | names
tags = st.lists(text, max_size=3).map(tuple)
fields = {
    "description": text,
    "category": text,
    "tags": tags,
    "version": text,
    "author": text,
    "provider": names,
    "model": names,
    "temperature": st.floats(0, 2),
    "max_tokens": st.integers(1, 10**12),
    "top_p": st.floats(0, 1, exclude_min=True),
    "system_message": text,
}
templates = st.lists(
    st.fixed_dictionaries({"id": ids, "name": names}, optional=fields),
    max_size=3,
    unique_by=lambda one: one["id"],
).map(lambda found: tuple(map(AgentTemplate.model_validate, found)))
limits = st.none() | st.integers(0, 1_000_000)
chats = st.lists(
    st.fixed_dictionaries({}, optional={**fields, "name": names, "template": st.sampled_from(sorted(KNOWN))}),
    max_size=3,
).map(lambda found: tuple(map(ChatSpec.model_validate, found)))
sessions = st.lists(
    st.builds(
        SessionSpec,
        name=optional_names,
        user_id=optional_names,
        workspace_id=optional_names,
        max_chats=limits,
        chats=chats,
    ),
    max_size=3,
).map(tuple)
workspaces = st.builds(
    WorkspaceSpec,
    id=optional_names,
    user_id=optional_names,
    max_sessions=limits,
    max_chats_per_session=limits,
    templates=templates,
    sessions=sessions,
)


@settings(deadline=None)
@given(workspaces)
def test_a_saved_workspace_loads_as_the_same(
    tmp_path_factory: pytest.TempPathFactory, spec: WorkspaceSpec
) -> None:
    path = tmp_path_factory.mktemp("round") / "w.toml"

    save_workspace(spec, path)
    loaded, problems = load_workspace(path, KNOWN)

    assert loaded == spec
    assert [
        problem for problem in problems if "limit" not in problem.message and "less" not in problem.message
    ] == []


def test_a_saved_workspace_can_be_read_by_people() -> None:
    spec = WorkspaceSpec(
        id="dev",
        sessions=(
            SessionSpec(name="A", chats=(ChatSpec(name="X", template="coder", system_message="One.\nTwo."),)),
        ),
    )

    assert workspace_text(spec) == (
        '[workspace]\nid = "dev"\n\n[[sessions]]\nname = "A"\n\n'
        '[[sessions.chats]]\nname = "X"\ntemplate = "coder"\nsystem_message = """\nOne.\nTwo."""\n'
    )


def test_a_new_file_is_for_its_owner_only_and_an_old_one_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    save_workspace(WorkspaceSpec(id="a"), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    path.chmod(0o640)
    save_workspace(WorkspaceSpec(id="b"), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["w.toml"]


def test_a_link_is_kept_and_its_target_written(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    target = tmp_path / "dotfiles" / "w.toml"
    target.write_text("")
    (tmp_path / "w.toml").symlink_to(target)

    save_workspace(WorkspaceSpec(id="a"), tmp_path / "w.toml")

    assert (tmp_path / "w.toml").is_symlink()
    assert 'id = "a"' in target.read_text()


def test_a_failed_save_leaves_the_old_file_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.toml"
    save_workspace(WorkspaceSpec(id="a"), path)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ConfigurationError, match="No space left") as caught:
        save_workspace(WorkspaceSpec(id="b"), path)

    assert caught.value.hint
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["w.toml"]


def test_a_folder_that_is_not_there_and_text_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="could not be saved"):
        save_workspace(WorkspaceSpec(id="a"), tmp_path / "none" / "w.toml")
    with pytest.raises(ConfigurationError, match="could not be saved"):
        save_workspace(WorkspaceSpec.model_construct(id="\ud800"), tmp_path / "w.toml")


def test_the_limits_of_a_manager_are_wide_enough_for_what_the_files_ask() -> None:
    wide = WorkspaceSpec(max_chats_per_session=20, max_sessions=40, sessions=(SessionSpec(max_chats=30),))
    full = WorkspaceSpec(sessions=(SessionSpec(chats=(ChatSpec(),) * 12),) * 15)

    assert needed_limits([], 50, 10) == (50, 10)
    assert needed_limits([wide], 50, 10) == (50, 30)
    assert needed_limits([full], 50, 10) == (50, 12)
    assert needed_limits([wide, full], 50, 10) == (55, 30)
