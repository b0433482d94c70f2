from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from robota_tui.agents.config import AgentConfig
from robota_tui.agents.errors import ConfigurationError, LimitError, NotFoundError, StateError
from robota_tui.agents.factory import AgentFactory, LifecycleCallbacks
from robota_tui.agents.history import ConversationHistory
from robota_tui.agents.plugins import Plugin
from robota_tui.agents.robota import Robota
from robota_tui.agents.templates import AgentTemplate, AgentTemplates
from robota_tui.agents.tools import Tool
from tests.support import ScriptedProvider, agent, until

Make = Callable[..., AgentFactory]
TEMPLATE = AgentTemplate(id="coder", name="Coder", provider="scripted", temperature=0.1)


class Closing(Plugin):
    def __init__(self) -> None:
        self.closed = 0

    async def aclose(self) -> None:
        self.closed += 1


@pytest.fixture
def build(provider: ScriptedProvider) -> Make:
    def build(**options: Any) -> AgentFactory:
        return AgentFactory({"scripted": provider}, AgentTemplates([TEMPLATE]), **options)

    return build


async def test_d1_ten_thousand_agents_can_come_and_go(build: Make) -> None:
    factory, config = build(max_agents=2), agent()
    for _ in range(10_000):
        assert await factory.destroy_agent(await factory.create_agent(config))
    assert factory.active_agents == ()
    stats = factory.get_creation_stats()
    assert (stats.total_created, stats.active_count) == (10_000, 0)


async def test_d1_a_destroyed_agent_is_closed_and_its_place_is_free(build: Make) -> None:
    factory, plugin = build(max_agents=1), Closing()
    first = await factory.create_agent(agent(plugins=[plugin]))
    with pytest.raises(LimitError, match="limit reached: 1"):
        await factory.create_agent(agent())
    assert await factory.destroy_agent(first.id)
    assert plugin.closed == 1
    assert not await factory.destroy_agent(first)
    assert not await factory.destroy_agent("agent_unknown")
    second = await factory.create_agent(agent())
    assert factory.active_agents == (second,)


async def test_an_agent_can_be_released_without_being_closed(build: Make) -> None:
    factory = build(max_agents=1)
    robota = await factory.create_agent(agent())
    assert factory.release(robota)
    assert not factory.release(robota.id)
    await factory.create_agent(agent())
    assert await robota.run("q") == "echo: q"


async def test_d2_creations_at_the_same_time_share_the_limit(build: Make) -> None:
    gate = asyncio.Event()

    async def wait(config: AgentConfig) -> None:
        await gate.wait()

    factory = build(max_agents=2, callbacks=LifecycleCallbacks(before_create=wait))
    tasks = [asyncio.create_task(factory.create_agent(agent())) for _ in range(5)]
    done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    assert (len(done), len(waiting)) == (3, 2)
    assert all(isinstance(task.exception(), LimitError) for task in done)
    gate.set()
    await asyncio.wait(waiting)
    assert len(factory.active_agents) == 2


async def test_a_creation_that_is_cancelled_gives_its_place_back(build: Make) -> None:
    started = asyncio.Event()

    async def hang(config: AgentConfig) -> None:
        started.set()
        await asyncio.Event().wait()

    factory = build(max_agents=1, callbacks=LifecycleCallbacks(before_create=hang))
    for _ in range(2):
        task = asyncio.create_task(factory.create_agent(agent()))
        await started.wait()
        started.clear()
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()


async def test_a_creation_that_fails_gives_its_place_back(build: Make) -> None:
    plugin, events = Closing(), []

    def refuse(robota: Robota, config: AgentConfig) -> None:
        raise ValueError("not this one")

    def note(error: Exception, config: AgentConfig) -> None:
        events.append(str(error))

    factory = build(max_agents=1, callbacks=LifecycleCallbacks(after_create=refuse, on_create_error=note))
    for _ in range(3):
        with pytest.raises(ValueError, match="not this one"):
            await factory.create_agent(agent(plugins=[plugin]))
    assert (plugin.closed, events, factory.active_agents) == (3, ["not this one"] * 3, ())
    assert factory.get_creation_stats().total_created == 0


async def test_callbacks_tell_of_an_agents_life_and_may_be_async(build: Make) -> None:
    log: list[str] = []

    async def after(robota: Robota, config: AgentConfig) -> None:
        log.append(f"after {config.name} {robota.config.name}")

    def destroyed(agent_id: str) -> None:
        log.append(f"destroyed {agent_id}")
        raise ValueError("is only logged")

    callbacks = LifecycleCallbacks(lambda c: log.append(f"before {c.name}"), after, None, destroyed)
    factory = build(callbacks=callbacks)
    robota = await factory.create_agent(agent())
    await factory.destroy_agent(robota)
    assert log == ["before Agent", "after Agent Agent", f"destroyed {robota.id}"]


async def test_d9_a_limit_means_what_it_says(build: Make) -> None:
    with pytest.raises(LimitError):
        await build(max_agents=0).create_agent(agent())
    with pytest.raises(ConfigurationError, match="negative"):
        build(max_agents=-1)


async def test_d7_an_agent_made_from_a_template_is_what_the_template_says(
    build: Make, provider: ScriptedProvider
) -> None:
    factory = build()
    robota = await factory.create_from_template("coder", {"default_model": {"top_p": 0.5}})
    model = robota.config.default_model
    assert (robota.config.name, model.model, model.temperature, model.top_p) == ("Coder", "model-1", 0.1, 0.5)
    assert robota.provider is provider
    await factory.create_agent(agent())
    stats = factory.get_creation_stats()
    assert (stats.from_templates, stats.custom_configured, stats.template_usage_ratio) == (1, 1, 0.5)
    assert build().get_creation_stats().template_usage_ratio == 0
    with pytest.raises(NotFoundError, match="Template 'x' not found"):
        await factory.create_from_template("x")


async def test_an_agent_is_made_with_the_memory_and_the_id_it_is_given(build: Make) -> None:
    history = ConversationHistory()
    robota = await build().create_agent(agent(), conversation_id="chat_1", history=history)
    assert robota.history is history
    assert robota.conversation_id == "chat_1"


async def test_a_configuration_may_be_a_mapping(build: Make) -> None:
    mapping = {"name": "A", "default_model": {"provider": "scripted", "model": "m"}}
    assert (await build().create_agent(mapping)).config.default_model.model == "m"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"name": ""}, "name: "),
        ({"nmae": "A"}, "nmae is not a known key; did you mean 'name'?"),
        ({"default_model": {"provider": "scripted"}}, "default_model.model is missing"),
        (
            {"default_model": {"provider": "scripted", "model": "m", "temperatur": 1}},
            "default_model.temperatur is not a known key; did you mean 'temperature'?",
        ),
        (
            {"default_model": {"provider": "scripted", "model": "m", "temperature": 3}},
            "default_model.temperature: the value should be less than or equal to 2, not 3",
        ),
        (
            {"default_model": {"provider": "nobody", "model": "m"}},
            "default_model.provider 'nobody' is not known; known providers: scripted",
        ),
        ({"ai_providers": [ScriptedProvider("x"), ScriptedProvider("x")]}, "duplicate AI provider names: x"),
        ({"tools": [Tool("t", "", {}, str), Tool("t", "", {}, str)]}, "tools: two are named 't'"),
    ],
)
async def test_what_is_wrong_with_a_configuration_is_said_with_its_key(
    build: Make, changes: dict[str, Any], complaint: str
) -> None:
    mapping = {"name": "A", "default_model": {"provider": "scripted", "model": "m"}, **changes}
    outcome = build().validate_configuration(mapping)
    assert not outcome.is_valid
    assert any(complaint in error for error in outcome.errors)
    with pytest.raises(ConfigurationError, match="Invalid agent configuration: "):
        await build().create_agent(mapping)


def test_what_is_doubtful_is_a_warning_and_no_error(build: Make) -> None:
    config = agent(
        system_message="x" * 9_000,
        tools=[Tool(f"t{n}", "", {}, str) for n in range(21)],
    )
    model = config.default_model.model_copy(update={"system_message": "other"})
    outcome = build().validate_configuration(config.model_copy(update={"default_model": model}))
    assert outcome.is_valid
    assert [warning.split()[0] for warning in outcome.warnings] == [
        "system_message",
        "tools:",
        "default_model.system_message",
    ]
    assert build().validate_configuration(agent()).warnings == ()


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (None, "not None"),
        (["name"], "not a list"),
        ("agent", "not a str"),
        ({1: 2}, "name is missing"),
    ],
)
async def test_what_is_no_configuration_at_all_is_an_error_and_not_a_crash(
    build: Make, given: Any, complaint: str
) -> None:
    outcome = build().validate_configuration(given)
    assert complaint in "; ".join(outcome.errors)
    with pytest.raises(ConfigurationError, match=complaint):
        await build().create_agent(given)


@pytest.mark.parametrize("key", ["ai_providers", "plugins"])
def test_a_class_in_place_of_its_object_is_refused_with_a_clear_sentence(build: Make, key: str) -> None:
    kind = ScriptedProvider if key == "ai_providers" else Closing
    mapping = {"name": "A", "default_model": {"provider": "scripted", "model": "m"}, key: [kind]}
    name = kind.__name__
    complaint = f"{key}: {name} is a class; hand in an object of it, such as {name}(...)"
    assert build().validate_configuration(mapping).errors == (complaint,)


async def test_every_creation_that_fails_is_told_to_the_callback(build: Make) -> None:
    told: list[tuple[str, object]] = []
    callbacks = LifecycleCallbacks(
        on_create_error=lambda error, config: told.append((type(error).__name__, config))
    )
    factory = build(max_agents=0, callbacks=callbacks)
    config, broken, overrides = agent(), {"name": ""}, {"nmae": "x"}
    for attempt in (
        factory.create_agent(config),
        factory.create_agent(broken),
        factory.create_from_template("coder", overrides),
        factory.create_from_template("nobody"),
    ):
        with pytest.raises((LimitError, ConfigurationError, NotFoundError)):
            await attempt
    assert told == [
        ("LimitError", config),
        ("ConfigurationError", broken),
        ("ConfigurationError", overrides),
        ("NotFoundError", {}),
    ]


async def test_an_agent_whose_creation_is_cancelled_at_its_end_is_closed(build: Make) -> None:
    made: list[Robota] = []

    async def hang(robota: Robota, config: AgentConfig) -> None:
        made.append(robota)
        await asyncio.Event().wait()

    plugin = Closing()
    factory = build(max_agents=1, callbacks=LifecycleCallbacks(after_create=hang))
    task = asyncio.create_task(factory.create_agent(agent(plugins=[plugin])))
    await until(lambda: bool(made))
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert plugin.closed == 1
    with pytest.raises(StateError, match="released"):
        await made[0].run("q")
    assert factory.active_agents == ()


async def test_overrides_of_a_template_may_bring_tools_plugins_and_providers(build: Make) -> None:
    tool, plugin, own = Tool("t", "", {}, str), Closing(), ScriptedProvider("own", default_model="own-1")
    overrides = {
        "provider": "own",
        "ai_providers": [own],
        "tools": [tool],
        "plugins": [plugin],
        "max_messages": 4,
    }
    robota = await build().create_from_template("coder", overrides)
    assert robota.provider is own
    assert (robota.tools, robota.plugins, robota.history.max_messages) == ((tool,), (plugin,), 4)
    assert (robota.config.default_model.model, robota.config.default_model.temperature) == ("own-1", 0.1)
    for bad, complaint in (
        ({"tools": "none"}, "tools"),
        ({"ai_providers": 3}, "ai_providers"),
        ({"ai_providers": [ScriptedProvider]}, "is a class"),
        ({"max_messages": 0}, "max_messages: the value should be greater"),
    ):
        with pytest.raises(ConfigurationError, match=f"template 'coder': .*{complaint}"):
            await build().create_from_template("coder", bad)
