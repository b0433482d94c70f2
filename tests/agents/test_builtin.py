from __future__ import annotations

from typing import get_args

import robota_tui
from robota_tui.agents.builtin import builtin_templates
from robota_tui.agents.config import ModelConfig
from robota_tui.agents.templates import AgentTemplates
from robota_tui.config import templates as configured
from robota_tui.sessions import events


def test_the_package_brings_templates_that_a_default_model_makes_complete() -> None:
    templates = AgentTemplates(builtin_templates())
    default = ModelConfig(provider="p", model="m")
    assert len(templates) == len(builtin_templates()) >= 10
    for template in templates:
        config = templates.apply(template.id).template.to_config(default)
        assert (config.default_model.model, config.system_message) == ("m", template.system_message)


def test_the_program_has_the_templates_of_the_package() -> None:
    assert tuple(configured.builtin_templates().values()) == builtin_templates()


def test_every_event_a_subscriber_may_hear_is_a_public_name() -> None:
    names = {event.__name__ for event in get_args(events.Event)}
    assert names | {"Event"} <= set(robota_tui.__all__)
    for name in names:
        assert getattr(robota_tui, name) is getattr(events, name)
