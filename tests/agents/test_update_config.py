from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from pydantic import ValidationError

from robota_tui.agents.config import AgentConfig, ModelConfig
from robota_tui.agents.errors import ConfigurationError
from robota_tui.agents.plugins import Plugin
from robota_tui.agents.robota import Robota
from robota_tui.agents.tools import Tool
from tests.support import ScriptedProvider, agent, until

Make = Callable[..., Robota]


async def test_d6_another_configuration_really_switches_provider_model_and_system_message(
    make: Make, provider: ScriptedProvider
) -> None:
    robota = make(system_message="old")
    await robota.run("one")
    other = ScriptedProvider("other")
    robota.update_config(agent("other", "model-2", ai_providers=[other], system_message="new"))
    await robota.run("two")
    assert len(provider.requests) == 1
    assert other.requests[0].model == "model-2"
    assert other.sent() == [
        ("system", "new"),
        ("user", "one"),
        ("assistant", "echo: one"),
        ("user", "two"),
    ]
    assert robota.provider is other


async def test_d6_a_configuration_that_cannot_work_is_refused_and_the_old_one_stays(
    make: Make, provider: ScriptedProvider
) -> None:
    robota = make(tools=[Tool("a", "", {}, str)])
    before = robota.config
    for bad in (agent("nobody"), agent(tools=[Tool("b", "", {}, str), Tool("b", "", {}, str)])):
        with pytest.raises(ConfigurationError):
            robota.update_config(bad)
        assert robota.config is before
        assert [tool.name for tool in robota.tools] == ["a"]
    await robota.run("q")
    assert provider.requests[0].model == "model-1"


async def test_d6_tools_and_plugins_follow_the_configuration_and_those_added_by_hand_stay(make: Make) -> None:
    kept, gone, new, by_hand = (
        type(name, (Plugin,), {"name": name})() for name in ("kept", "gone", "new", "hand")
    )
    robota = make(plugins=[kept, gone], tools=[Tool("old", "", {}, str)])
    robota.add_plugin(by_hand)
    robota.register_tool(Tool("hand", "", {}, str))
    robota.update_config(agent(plugins=[kept, new], tools=[Tool("new", "", {}, str)]))
    assert {plugin.name for plugin in robota.plugins} == {"kept", "new", "hand"}
    assert {tool.name for tool in robota.tools} == {"hand", "new"}


async def test_the_limit_of_messages_follows_the_configuration(
    make: Make, provider: ScriptedProvider
) -> None:
    robota = make(max_messages=1)
    await robota.run("one")
    robota.update_config(agent())
    await robota.run("two")
    assert len(provider.sent()) == 3
    assert robota.history.max_messages is None


async def test_a_turn_ends_with_the_configuration_it_began_with(
    make: Make, provider: ScriptedProvider
) -> None:
    robota, gate = make(), asyncio.Event()
    provider.then("a", gate, "b")
    task = asyncio.create_task(robota.run("q"))
    await until(lambda: robota.live is not None and len(robota.live) == 1)
    robota.set_model(model="model-2")
    gate.set()
    await task
    await robota.run("r")
    assert [request.model for request in provider.requests] == ["model-1", "model-2"]
    assert [m.model for m in robota.history if m.model] == ["model-1", "model-2"]


async def test_a_turn_that_waits_begins_with_the_configuration_of_its_time(
    make: Make, provider: ScriptedProvider
) -> None:
    robota, gate = make(), asyncio.Event()
    provider.then("a", gate)
    tasks = [asyncio.create_task(robota.run(text)) for text in ("q", "r")]
    await until(lambda: robota.live is not None and len(robota.live) == 1)
    robota.set_model(model="model-2")
    gate.set()
    await asyncio.gather(*tasks)
    assert [request.model for request in provider.requests] == ["model-1", "model-2"]


async def test_single_fields_of_the_model_can_be_set(make: Make, provider: ScriptedProvider) -> None:
    robota = make()
    robota.set_model(temperature=0.3, max_tokens=7)
    robota.set_model(top_p=0.9)
    await robota.run("q")
    request = provider.requests[0]
    assert (request.model, request.temperature, request.max_tokens, request.top_p) == ("model-1", 0.3, 7, 0.9)


def test_a_bad_field_of_the_model_is_refused_and_the_old_ones_stay(make: Make) -> None:
    robota = make()
    before = robota.config
    with pytest.raises(ConfigurationError, match="temperature: the value should be less"):
        robota.set_model(temperature=9)
    with pytest.raises(ConfigurationError, match="nobody"):
        robota.set_model(provider="nobody")
    assert robota.config is before


def test_d11_a_configuration_cannot_be_changed_from_outside(make: Make) -> None:
    config = make().config
    with pytest.raises(ValidationError):
        config.name = "other"
    with pytest.raises(ValidationError):
        config.default_model.temperature = 1


@pytest.mark.parametrize("field", ["systemMessage", "conversation_id"])
def test_unknown_fields_of_a_configuration_are_refused(field: str) -> None:
    model = ModelConfig(provider="p", model="m")
    with pytest.raises(ValidationError, match=field):
        AgentConfig.model_validate({"name": "A", "default_model": model, field: "x"})
