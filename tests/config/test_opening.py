from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from robota_tui.agents.config import AgentConfig, ModelConfig
from robota_tui.agents.templates import AgentTemplate
from robota_tui.config.capturing import capture_workspace
from robota_tui.config.known import KnownProviders
from robota_tui.config.opening import open_workspace
from robota_tui.config.saving import save_workspace
from robota_tui.config.templates import builtin_templates
from robota_tui.config.workspace import ChatSpec, SessionSpec, WorkspaceSpec, load_workspace
from robota_tui.sessions.manager import SessionManager
from tests.config.conftest import Write
from tests.support import ScriptedProvider

KNOWN = builtin_templates()


def new_manager(max_sessions: int = 50, max_chats_per_session: int = 10) -> SessionManager:
    lab, other = ScriptedProvider("lab"), ScriptedProvider("other", default_model="other-1")
    return SessionManager(
        max_sessions,
        max_chats_per_session,
        providers={"lab": lab, "other": other},
        default_model=ModelConfig(provider="lab", model="model-1"),
        templates=KNOWN.values(),
    )


@pytest.fixture
async def manager() -> AsyncIterator[SessionManager]:
    made = new_manager()
    yield made
    await made.aclose()


def configs(manager: SessionManager) -> dict[str, AgentConfig]:
    return {chat.name: chat.get_robota_config() for chat in manager.chats}


def layout(manager: SessionManager) -> list[tuple[object, ...]]:
    """All that a workspace file can say of what is open."""
    found: list[tuple[object, ...]] = []
    for info in manager.list_sessions():
        found.append((info.name, info.user_id, info.workspace_id, info.max_chats))
        for chat_info in manager.get_session_chats(info.id):
            chat = manager.get_chat(chat_info.id)
            assert chat is not None
            config = chat.get_robota_config()
            model = config.default_model.model_dump(exclude={"system_message"})
            found.append((chat.name, chat.description, model, config.effective_system_message or ""))
    return found


async def test_a_workspace_opens_as_it_is_written(manager: SessionManager) -> None:
    spec = WorkspaceSpec(
        id="dev",
        user_id="ada",
        max_chats_per_session=3,
        templates=(AgentTemplate(id="own", name="Own", extends="coder", top_p=0.5),),
        sessions=(
            SessionSpec(
                name="Development",
                chats=(
                    ChatSpec(name="A", template="own", temperature=0.9, system_message="Mine."),
                    ChatSpec(template="reviewer", provider="other"),
                    ChatSpec(name="C", description="third"),
                ),
            ),
            SessionSpec(name="Else", user_id="bob", workspace_id="else", max_chats=1),
        ),
    )

    opened = await open_workspace(manager, spec)

    assert opened.problems == ()
    infos = manager.list_sessions()
    assert opened.session_ids == tuple(info.id for info in infos)
    assert [(i.name, i.user_id, i.workspace_id, i.max_chats) for i in infos] == [
        ("Development", "ada", "dev", 3),
        ("Else", "bob", "else", 1),
    ]
    found = configs(manager)
    assert list(found) == ["A", "Reviewer", "C"]
    assert (found["A"].default_model.temperature, found["A"].default_model.top_p) == (0.9, 0.5)
    assert found["A"].effective_system_message == "Mine."
    assert (found["Reviewer"].default_model.provider, found["Reviewer"].default_model.model) == (
        "other",
        "other-1",
    )
    assert found["C"].effective_system_message == KNOWN["general"].system_message
    assert [chat.description for chat in manager.chats] == [
        KNOWN["coder"].description,
        KNOWN["reviewer"].description,
        "third",
    ]
    assert [chat.agent_template for chat in manager.chats] == ["own", "reviewer", "general"]


async def test_templates_of_a_workspace_are_seen_in_it_only(manager: SessionManager) -> None:
    await open_workspace(manager, WorkspaceSpec(id="dev", templates=(AgentTemplate(id="own", name="Own"),)))

    assert "own" in manager.templates.list_templates("dev")
    assert "own" not in manager.templates.list_templates("else")
    assert "own" not in manager.templates.list_templates()


async def test_a_chat_whose_provider_is_not_there_opens_with_the_default_one_and_is_told_once(
    manager: SessionManager, write: Write
) -> None:
    path = write(
        "w.toml",
        """
        [[sessions]]
        [[sessions.chats]]
        name = "A"
        provider = "othr"
        model = "big"
        """,
    )
    spec, _ = load_workspace(path, KNOWN)
    assert spec is not None

    opened = await open_workspace(manager, spec, path)

    model = configs(manager)["A"].default_model
    assert (model.provider, model.model) == ("lab", "model-1")
    assert [str(problem) for problem in opened.problems] == [
        f'{path}:4: sessions[0].chats[0].provider: there is no provider "othr"; '
        'the chat opens with the default one (did you mean "other"?)'
    ]


async def test_one_chat_that_cannot_open_does_not_stop_the_others(write: Write) -> None:
    manager = SessionManager(providers={"lab": ScriptedProvider("lab", default_model=None)}, templates=())
    path = write(
        "w.toml",
        """
        [[sessions]]
        name = "S"
        [[sessions.chats]]
        name = "bad"
        provider = "nowhere"
        [[sessions.chats]]
        name = "good"
        provider = "lab"
        model = "m"
        [[sessions.chats]]
        name = "late"
        template = "own"
        provider = "lab"
        model = "m"
        """,
    )
    spec, _ = load_workspace(path, KNOWN | {"own": AgentTemplate(id="own", name="Own")})
    assert spec is not None

    opened = await open_workspace(manager, spec, path)

    assert [chat.name for chat in manager.chats] == ["good", "late"]
    assert [(p.file, p.line, p.key) for p in opened.problems] == [
        (str(path), 3, "sessions[0].chats[0]"),
        (str(path), 12, "sessions[0].chats[2].template"),
    ]
    assert "nowhere" in opened.problems[0].message
    await manager.aclose()


async def test_sessions_and_chats_beyond_a_limit_are_reported(write: Write) -> None:
    manager = new_manager(max_sessions=2, max_chats_per_session=1)
    spec = WorkspaceSpec(
        max_sessions=3,
        sessions=(
            SessionSpec(name="a", chats=(ChatSpec(name="one"), ChatSpec(name="two"))),
            SessionSpec(name="b"),
            SessionSpec(name="c"),
            SessionSpec(name="d"),
        ),
    )

    opened = await open_workspace(manager, spec)

    assert [problem.key for problem in opened.problems] == [
        "sessions[0].chats[1]",
        "sessions[2]",
        "sessions[3]",
    ]
    assert "max_sessions" in opened.problems[2].message
    assert [info.name for info in manager.list_sessions()] == ["a", "b"]
    await manager.aclose()


@pytest.mark.parametrize("templates", [None, ()])
async def test_a_chat_that_names_provider_and_model_needs_no_default_ones(
    templates: tuple[AgentTemplate, ...] | None,
) -> None:
    manager = SessionManager(
        providers={"lab": ScriptedProvider("lab", default_model=None)}, templates=templates
    )
    chats = (ChatSpec(name="A", provider="lab", model="m"), ChatSpec(name="B"))

    opened = await open_workspace(manager, WorkspaceSpec(sessions=(SessionSpec(name="S", chats=chats),)))

    assert [(chat.name, chat.get_robota_config().default_model.model) for chat in manager.chats] == [
        ("A", "m")
    ]
    assert [problem.key for problem in opened.problems] == ["sessions[0].chats[1]"]
    await manager.aclose()


async def test_the_present_layout_saved_and_opened_is_the_same_layout(
    manager: SessionManager, tmp_path: Path
) -> None:
    spec = WorkspaceSpec(
        id="dev",
        templates=(AgentTemplate(id="own", name="Own", extends="coder", top_p=0.5),),
        sessions=(
            SessionSpec(
                name="One",
                max_chats=5,
                chats=(
                    ChatSpec(name="A", template="own", temperature=0.9),
                    ChatSpec(name="B", provider="other", model="big", max_tokens=10),
                    ChatSpec(
                        name="C", template="reviewer", system_message="Mine.\r\nAll mine.", description=""
                    ),
                ),
            ),
            SessionSpec(name="Two", user_id="bob", chats=(ChatSpec(template="coder"),)),
        ),
    )
    await open_workspace(manager, spec)
    session_id = manager.list_sessions()[1].id
    bare = AgentConfig(name="x", default_model=ModelConfig(provider="lab", model="m", temperature=0.5))
    await manager.create_chat(session_id, "no template", agent_config=bare)
    manager.rename_session(session_id, "Renamed")

    path = tmp_path / "saved.toml"
    save_workspace(capture_workspace(manager), path)
    loaded, problems = load_workspace(path, KNOWN, KnownProviders(manager.providers))
    assert loaded is not None
    again = new_manager()
    opened = await open_workspace(again, loaded, path)

    assert (problems, opened.problems) == ([], ())
    assert layout(again) == layout(manager)
    assert capture_workspace(again) == capture_workspace(manager)
    await again.aclose()


async def test_a_saved_layout_says_only_what_differs_from_the_templates(manager: SessionManager) -> None:
    chats = (ChatSpec(name="A", template="coder"), ChatSpec(name="B", template="coder", model="big"))
    await open_workspace(manager, WorkspaceSpec(id="dev", sessions=(SessionSpec(name="S", chats=chats),)))

    assert capture_workspace(manager) == WorkspaceSpec(
        id="dev", user_id="anonymous", sessions=(SessionSpec(name="S", chats=chats),)
    )


async def test_one_workspace_is_captured_alone_and_several_keep_their_templates_apart(
    manager: SessionManager,
) -> None:
    own = AgentTemplate(id="own", name="Own", temperature=0.7, system_message="Own.")
    chat = ChatSpec(name="A", template="own")
    session = SessionSpec(name="S", chats=(chat,))
    await open_workspace(manager, WorkspaceSpec(id="dev", templates=(own,), sessions=(session,)))
    await open_workspace(manager, WorkspaceSpec(id="else", sessions=(SessionSpec(name="T"),)))

    alone = capture_workspace(manager, "dev")
    both = capture_workspace(manager)

    assert (alone.templates, alone.sessions) == ((own,), (session,))
    assert both.id is None
    assert both.templates == ()
    assert both.sessions[0].workspace_id == "dev"
    assert both.sessions[0].chats[0].template == "general"
    assert both.sessions[0].chats[0].overrides["temperature"] == 0.7
    assert both.sessions[0].chats[0].overrides["system_message"] == "Own."


def test_nothing_open_is_an_empty_workspace() -> None:
    assert capture_workspace(new_manager()) == WorkspaceSpec()
