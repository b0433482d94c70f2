"""Who closes the plugins and providers that agents bring along."""

from __future__ import annotations

import asyncio
import gc

import pytest

from robota_tui.agents.factory import AgentFactory
from robota_tui.agents.plugins import Plugin
from robota_tui.agents.robota import Robota
from tests.support import ScriptedProvider, agent


class Closing(Plugin):
    def __init__(self) -> None:
        self.closed = 0

    async def aclose(self) -> None:
        self.closed += 1
        await asyncio.sleep(0)


@pytest.fixture
def plugin() -> Closing:
    return Closing()


@pytest.fixture
def factory(provider: ScriptedProvider) -> AgentFactory:
    return AgentFactory({"scripted": provider})


async def test_closing_the_factory_releases_agents_and_their_own_providers(
    provider: ScriptedProvider,
) -> None:
    own = ScriptedProvider("own")
    factory = AgentFactory({"scripted": provider})
    plugin = Closing()
    await factory.create_agent(agent("own", ai_providers=[own], plugins=[plugin]))
    await factory.create_agent(agent("own", ai_providers=[own]))
    await factory.aclose()
    assert (factory.active_agents, own.closed, provider.closed, plugin.closed) == ((), 1, 0, 1)


async def test_a_plugin_is_closed_with_the_last_agent_that_uses_it(
    factory: AgentFactory, plugin: Closing
) -> None:
    config = agent(plugins=[plugin])
    first, second = await factory.create_agent(config), await factory.create_agent(config)
    await factory.destroy_agent(first)
    assert plugin.closed == 0
    assert second.plugins == (plugin,)
    await factory.destroy_agent(second)
    assert plugin.closed == 1


async def test_it_does_not_matter_how_the_agents_that_share_a_plugin_are_closed(
    factory: AgentFactory, plugin: Closing
) -> None:
    config = agent(plugins=[plugin])
    released, by_hand, reconfigured, last = [await factory.create_agent(config) for _ in range(4)]
    factory.release(released)
    reconfigured.update_config(agent())
    await by_hand.aclose()
    await factory.destroy_agent(last)
    await released.aclose()
    assert plugin.closed == 0
    await factory.destroy_agent(reconfigured)
    assert plugin.closed == 1


async def test_a_shared_plugin_is_closed_once_when_its_agents_are_closed_together(
    factory: AgentFactory, plugin: Closing
) -> None:
    config = agent(plugins=[plugin])
    agents = [await factory.create_agent(config) for _ in range(3)]
    await asyncio.gather(*(factory.destroy_agent(robota) for robota in agents))
    assert plugin.closed == 1


async def test_an_agent_that_was_only_dropped_keeps_no_plugin_open(
    factory: AgentFactory, plugin: Closing
) -> None:
    config = agent(plugins=[plugin])
    kept, dropped = await factory.create_agent(config), await factory.create_agent(config)
    factory.release(dropped)
    del dropped
    gc.collect()
    await factory.destroy_agent(kept)
    assert plugin.closed == 1


async def test_an_agent_that_was_released_can_still_be_destroyed(
    factory: AgentFactory, plugin: Closing
) -> None:
    robota = await factory.create_agent(agent(plugins=[plugin]))
    assert factory.release(robota)
    assert await factory.destroy_agent(robota)
    assert plugin.closed == 1
    assert not await factory.destroy_agent(robota)


async def test_a_plugin_that_comes_back_is_closed_once(plugin: Closing, provider: ScriptedProvider) -> None:
    with_it, without = agent(plugins=[plugin]), agent()
    robota = Robota(with_it, {"scripted": provider})
    for config in (without, with_it, without, with_it):
        robota.update_config(config)
    await robota.aclose()
    assert plugin.closed == 1


async def test_providers_of_destroyed_and_reconfigured_agents_are_closed_once(
    factory: AgentFactory, provider: ScriptedProvider
) -> None:
    destroyed, replaced, added, released, late = (ScriptedProvider(name) for name in "abcde")
    await factory.destroy_agent(await factory.create_agent(agent("a", ai_providers=[destroyed])))
    robota = await factory.create_agent(agent("b", ai_providers=[replaced, destroyed]))
    robota.update_config(agent("c", ai_providers=[added, provider]))
    loose = await factory.create_agent(agent("d", ai_providers=[released]))
    factory.release(loose)
    loose.update_config(agent("e", ai_providers=[late]))
    await factory.aclose()
    await factory.aclose()
    assert [p.closed for p in (destroyed, replaced, added, released, late)] == [1] * 5
    assert provider.closed == 0


async def test_a_configuration_that_was_refused_brings_no_provider(factory: AgentFactory) -> None:
    robota, refused = await factory.create_agent(agent()), ScriptedProvider("other")
    with pytest.raises(Exception, match="nobody"):
        robota.update_config(agent("nobody", ai_providers=[refused]))
    await factory.aclose()
    assert refused.closed == 0


async def test_a_provider_that_cannot_be_closed_does_not_stop_the_others(
    factory: AgentFactory, caplog: pytest.LogCaptureFixture
) -> None:
    class Stuck(ScriptedProvider):
        async def aclose(self) -> None:
            raise OSError("stuck")

    stuck, bare, plain, good = (
        Stuck("stuck"),
        ScriptedProvider("bare"),
        ScriptedProvider("plain"),
        ScriptedProvider("good"),
    )
    await factory.create_agent(agent("good", ai_providers=[stuck, bare, plain, good]))
    bare.aclose = None  # type: ignore[assignment, method-assign]
    plain.aclose = lambda: None  # type: ignore[assignment, method-assign, return-value]
    await factory.aclose()
    assert good.closed == 1
    assert [record.getMessage() for record in caplog.records] == [
        "Closing provider 'stuck' failed",
        "Closing provider 'bare' failed",
    ]
