from __future__ import annotations

import pytest

from robota_tui.agents.config import ModelConfig
from robota_tui.agents.errors import ConfigurationError, NotFoundError
from robota_tui.agents.templates import AgentTemplate
from robota_tui.sessions.manager import SessionManager
from tests.support import ScriptedProvider, agent

CODER = AgentTemplate(id="coder", name="Coder", temperature=0.1, system_message="You write code.")
SUMMARIZER = AgentTemplate(
    id="summarizer", name="Summarizer", model="model-9", temperature=0.3, system_message="Be short."
)


@pytest.fixture
def provider() -> ScriptedProvider:
    return ScriptedProvider()


@pytest.fixture
def manager(provider: ScriptedProvider) -> SessionManager:
    return SessionManager(providers={provider.name: provider}, templates=[CODER, SUMMARIZER])


async def test_a_chat_is_made_of_its_template_d7(manager: SessionManager, provider: ScriptedProvider) -> None:
    session_id = manager.create_session()
    chat = manager.get_chat(await manager.create_chat(session_id, agent_template="coder"))
    assert chat is not None
    await chat.send_message("hello")
    assert provider.sent()[0] == ("system", "You write code.")
    assert (provider.requests[0].model, provider.requests[0].temperature) == ("model-1", 0.1)
    assert chat.agent_template == "coder"


async def test_own_fields_win_over_the_template_one_by_one_d7(
    manager: SessionManager, provider: ScriptedProvider
) -> None:
    session_id = manager.create_session()
    chat = manager.get_chat(
        await manager.create_chat(
            session_id, agent_template="coder", agent_config={"default_model": {"temperature": 0.9}}
        )
    )
    assert chat is not None
    await chat.send_message("hello")
    assert provider.requests[0].temperature == 0.9
    assert provider.sent()[0] == ("system", "You write code.")


async def test_a_whole_configuration_wins_where_it_says_something_d7(
    manager: SessionManager, provider: ScriptedProvider
) -> None:
    session_id = manager.create_session()
    chat = manager.get_chat(
        await manager.create_chat(session_id, agent_template="coder", agent_config=agent(model="model-2"))
    )
    assert chat is not None
    await chat.send_message("hello")
    assert (provider.requests[0].model, provider.requests[0].temperature) == ("model-2", 0.1)


async def test_upgrading_switches_everything_and_keeps_the_history_d6_d7(
    manager: SessionManager, provider: ScriptedProvider
) -> None:
    session_id = manager.create_session()
    chat = manager.get_chat(await manager.create_chat(session_id, agent_template="coder"))
    assert chat is not None
    await chat.send_message("one")
    await chat.upgrade_to_template("summarizer")
    await chat.send_message("two")
    assert provider.sent() == [
        ("system", "Be short."),
        ("user", "one"),
        ("assistant", "echo: one"),
        ("user", "two"),
    ]
    assert (provider.requests[-1].model, provider.requests[-1].temperature) == ("model-9", 0.3)
    assert chat.agent_template == "summarizer"


async def test_an_unknown_template_is_named_with_the_nearest_one(manager: SessionManager) -> None:
    session_id = manager.create_session()
    with pytest.raises(NotFoundError, match="Template 'codre' not found") as caught:
        await manager.create_chat(session_id, agent_template="codre")
    assert "coder" in caught.value.hint
    chat = manager.get_chat(await manager.create_chat(session_id, agent_template="coder"))
    assert chat is not None
    with pytest.raises(NotFoundError, match="Template 'nothing' not found"):
        await chat.upgrade_to_template("nothing")


async def test_an_upgrade_keeps_a_provider_object_of_its_own(provider: ScriptedProvider) -> None:
    manager = SessionManager(templates=[SUMMARIZER])
    session_id = manager.create_session()
    chat = manager.get_chat(
        await manager.create_chat(session_id, agent_config=agent(ai_providers=[provider]))
    )
    assert chat is not None
    await chat.upgrade_to_template("summarizer")
    await chat.send_message("hello")
    assert provider.requests[-1].model == "model-9"


async def test_a_workspace_keeps_its_templates_to_itself(manager: SessionManager) -> None:
    secret = AgentTemplate(id="secret", name="Secret", system_message="Hush.")
    manager.templates.register_template(secret, workspace_id="one")
    inside = manager.create_session(workspace_id="one")
    outside = manager.create_session(workspace_id="two")
    await manager.create_chat(inside, agent_template="secret")
    with pytest.raises(NotFoundError):
        await manager.create_chat(outside, agent_template="secret")
    assert manager.templates.list_templates("one") == ["coder", "summarizer", "secret"]
    assert manager.templates.list_templates("two") == ["coder", "summarizer"]
    assert not manager.may_share(inside, outside)


async def test_without_isolation_the_walls_are_gone(provider: ScriptedProvider) -> None:
    manager = SessionManager(
        enable_workspace_isolation=False, providers={provider.name: provider}, templates=[CODER]
    )
    manager.templates.register_template(AgentTemplate(id="secret", name="Secret"), workspace_id="one")
    outside = manager.create_session(workspace_id="two")
    await manager.create_chat(outside, agent_template="secret")
    assert manager.may_share(manager.create_session(workspace_id="one"), outside)


async def test_a_workspace_may_replace_a_shared_template(
    manager: SessionManager, provider: ScriptedProvider
) -> None:
    manager.templates.register_template(
        CODER.model_copy(update={"system_message": "Ours."}), workspace_id="one"
    )
    for workspace_id, expected in (("one", "Ours."), ("two", "You write code.")):
        session_id = manager.create_session(workspace_id=workspace_id)
        chat = manager.get_chat(await manager.create_chat(session_id, agent_template="coder"))
        assert chat is not None
        await chat.send_message("hello")
        assert provider.sent()[0] == ("system", expected)


async def test_a_chat_for_which_nothing_is_named_needs_a_general_template(manager: SessionManager) -> None:
    session_id = manager.create_session()
    with pytest.raises(ConfigurationError, match="needs an agent"):
        await manager.create_chat(session_id)
    manager.templates.register_template(AgentTemplate(id="general", name="General"))
    chat = manager.get_chat(await manager.create_chat(session_id))
    assert chat is not None
    assert chat.agent_template == "general"


async def test_the_default_model_can_change_while_running(
    manager: SessionManager, provider: ScriptedProvider
) -> None:
    manager.default_model = ModelConfig(provider=provider.name, model="model-5")
    session_id = manager.create_session()
    chat = manager.get_chat(await manager.create_chat(session_id, agent_template="coder"))
    assert chat is not None
    assert chat.info().model == "model-5"


async def test_a_configuration_can_be_looked_over_before_it_is_used(manager: SessionManager) -> None:
    assert manager.templates.validate_template(agent())
    assert not manager.templates.validate_template(agent(provider="nobody"))
    assert not manager.templates.validate_template({"name": "X"})
