from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from robota_tui.agents.config import ModelConfig
from robota_tui.agents.errors import ConfigurationError, NotFoundError
from robota_tui.agents.templates import AgentTemplate, AgentTemplates

GENERAL = AgentTemplate(
    id="general", name="General", tags=("all",), category="work", temperature=0.5, system_message="Help."
)
CODER = AgentTemplate(
    id="coder",
    name="Coder",
    extends="general",
    provider="lab",
    model="qwen3",
    temperature=0.1,
    tags=("code", "py"),
)
EXPERT = AgentTemplate(id="expert", name="Expert", extends="coder", system_message="Be an expert.")
DEFAULT = ModelConfig(
    provider="home", model="small", temperature=0.9, max_tokens=100, system_message="House rules."
)


@pytest.fixture
def templates() -> AgentTemplates:
    return AgentTemplates([GENERAL, CODER, EXPERT])


def test_templates_are_registered_replaced_and_unregistered(templates: AgentTemplates) -> None:
    assert templates.get("coder") is CODER
    assert templates.get("nobody") is None
    assert [t.id for t in templates.all()] == ["general", "coder", "expert"]
    other = AgentTemplate(id="coder", name="Other")
    assert templates.register(other) is CODER
    assert templates.get("coder") is other
    assert [t.id for t in templates] == ["general", "coder", "expert"]
    assert templates.unregister("coder")
    assert not templates.unregister("coder")
    assert (len(templates), "coder" in templates, "general" in templates) == (2, False, True)
    templates.clear()
    assert len(templates) == 0


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({}, ["general", "coder", "expert"]),
        ({"category": "work"}, ["general", "coder", "expert"]),
        ({"tags": ["py", "unknown"]}, ["coder", "expert"]),
        ({"tags": []}, []),
        ({"provider": "lab", "tags": ["code"]}, ["coder", "expert"]),
        ({"provider": "lab", "tags": ["all"]}, []),
        ({"model": "other"}, []),
    ],
)
def test_templates_are_found_by_what_they_are_or_inherit(
    templates: AgentTemplates, conditions: dict[str, Any], found: list[str]
) -> None:
    assert [t.id for t in templates.find(**conditions)] == found


def test_a_template_inherits_field_by_field_from_the_nearest_that_says_something(
    templates: AgentTemplates,
) -> None:
    resolved = templates.resolve("expert")
    assert (resolved.id, resolved.name, resolved.extends) == ("expert", "Expert", None)
    assert (resolved.provider, resolved.model, resolved.temperature) == ("lab", "qwen3", 0.1)
    assert (resolved.category, resolved.tags) == ("work", ("code", "py"))
    assert resolved.system_message == "Be an expert."


def test_a_circle_of_extends_is_an_error_that_shows_the_circle() -> None:
    circle = AgentTemplates(
        [AgentTemplate(id="a", name="A", extends="b"), AgentTemplate(id="b", name="B", extends="a")]
    )
    with pytest.raises(ConfigurationError, match="a -> b -> a"):
        circle.resolve("a")
    assert [t.id for t in circle.find()] == ["a", "b"]


def test_a_template_that_extends_itself_is_a_circle_too() -> None:
    with pytest.raises(ConfigurationError, match="a -> a"):
        AgentTemplates([AgentTemplate(id="a", name="A", extends="a")]).resolve("a")


def test_an_unknown_template_and_an_unknown_base_are_named(templates: AgentTemplates) -> None:
    with pytest.raises(NotFoundError, match=r"^Template 'nobody' not found$"):
        templates.resolve("nobody")
    lost = AgentTemplate(id="lost", name="Lost", extends="nobody")
    with pytest.raises(NotFoundError, match="Template 'nobody' not found") as caught:
        templates.apply(lost)
    assert "'lost' extends it" in caught.value.hint


def test_d7_overrides_replace_field_by_field_and_each_replacement_is_told(templates: AgentTemplates) -> None:
    applied = templates.apply("coder", {"name": "Ada", "default_model": {"temperature": 0.7}})
    assert (applied.template.name, applied.template.temperature) == ("Ada", 0.7)
    assert (applied.template.provider, applied.template.model) == ("lab", "qwen3")
    assert applied.template.system_message == "Help."
    assert applied.modified
    assert applied.warnings == (
        'Override: name of template \'coder\' is "Ada" instead of "Coder"',
        "Override: temperature of template 'coder' is 0.7 instead of 0.1",
    )


def test_filling_what_was_left_open_is_a_change_but_needs_no_warning(templates: AgentTemplates) -> None:
    applied = templates.apply("general", {"model": "big"})
    assert (applied.modified, applied.warnings) == (True, ())


def test_overrides_that_say_the_same_change_nothing(templates: AgentTemplates) -> None:
    assert templates.apply("coder").modified is False
    applied = templates.apply(
        "coder", {"model": "qwen3", "default_model": ModelConfig(provider="lab", model="qwen3")}
    )
    assert (applied.modified, applied.warnings) == (False, ())


def test_a_long_value_is_shortened_in_the_warning(templates: AgentTemplates) -> None:
    [warning] = templates.apply("general", {"system_message": "x" * 5_000}).warnings
    assert len(warning) < 200


@pytest.mark.parametrize(
    ("overrides", "complaint"),
    [
        ({"temprature": 1}, "temprature is not a known key; did you mean 'temperature'?"),
        ({"id": "other"}, "id is not a known key"),
        ({"default_model": {"modl": "x"}}, "default_model.modl is not a known key; did you mean 'model'?"),
        ({"default_model": "x"}, "default_model must be a mapping"),
        ({"temperature": 3}, "temperature: .* less than or equal to 2, not 3"),
        ({"name": None}, "name: .* valid string"),
    ],
)
def test_overrides_that_make_no_sense_are_refused_with_the_key(
    templates: AgentTemplates, overrides: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        templates.apply("coder", overrides)


def test_a_template_without_a_provider_uses_the_default_one_and_its_settings() -> None:
    config = GENERAL.to_config(DEFAULT, {"home": "other"})
    assert config.default_model == ModelConfig(
        provider="home", model="small", temperature=0.5, max_tokens=100, system_message="House rules."
    )
    assert (config.name, config.effective_system_message) == ("General", "Help.")


def test_a_template_with_a_model_only_uses_it_with_the_default_provider() -> None:
    config = AgentTemplate(id="a", name="A", model="big").to_config(DEFAULT)
    assert (config.default_model.provider, config.default_model.model) == ("home", "big")
    assert config.effective_system_message == "House rules."


def test_a_template_with_a_provider_only_uses_that_providers_default_model() -> None:
    template = AgentTemplate(id="a", name="A", provider="lab")
    config = template.to_config(DEFAULT, {"lab": "qwen3"})
    assert config.default_model == ModelConfig(provider="lab", model="qwen3")
    home = AgentTemplate(id="b", name="B", provider="home")
    assert home.to_config(DEFAULT).default_model.model == "small"
    assert home.to_config(DEFAULT, {"home": "large"}).default_model.model == "large"


def test_a_template_that_leaves_provider_or_model_open_is_told_so() -> None:
    with pytest.raises(ConfigurationError, match="'general' names no provider"):
        GENERAL.to_config()
    with pytest.raises(ConfigurationError, match="'a' names no model, and provider 'lab'") as caught:
        AgentTemplate(id="a", name="A", provider="lab").to_config(DEFAULT)
    assert "default_model" in caught.value.hint


def test_a_template_that_still_extends_another_is_not_used_half() -> None:
    with pytest.raises(ConfigurationError, match="extends 'general'"):
        CODER.to_config(DEFAULT)


def test_a_template_knows_no_other_fields() -> None:
    with pytest.raises(ValidationError, match="llm_provider"):
        AgentTemplate.model_validate({"id": "a", "name": "A", "llm_provider": "x"})
