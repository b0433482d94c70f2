from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import robota_tui
from robota_tui import agents

CHECK = """
import sys
before = set(sys.modules)
{statement}
print(" ".join(sorted({{name.partition(".")[0] for name in set(sys.modules) - before}})))
"""


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that a statement loads in a fresh interpreter."""
    command = [sys.executable, "-c", CHECK.format(statement=statement)]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_importing_the_package_loads_nothing_else() -> None:
    assert loaded_by("import robota_tui") <= {"robota_tui", "__future__"}
    assert loaded_by("import robota_tui.agents") <= {"robota_tui", "__future__"}


@pytest.mark.parametrize("name", ["robota", "factory"])
def test_the_agents_need_no_screen_and_no_endpoint(name: str) -> None:
    loaded = loaded_by(f"import robota_tui.agents.{name}")
    assert "pydantic" in loaded
    assert not loaded & {"textual", "rich", "openai", "httpx", "platformdirs", "tomli_w", "markdown_it"}


@pytest.mark.parametrize("name", robota_tui.__all__)
def test_every_public_name_of_the_package_can_be_had(name: str) -> None:
    assert getattr(robota_tui, name) is not None
    assert name in dir(robota_tui)


@pytest.mark.parametrize("name", agents.__all__)
def test_every_public_name_of_the_agents_can_be_had(name: str) -> None:
    assert getattr(agents, name) is not None
    assert name in dir(agents)


@pytest.mark.parametrize("module", ["robota_tui", "robota_tui.agents"])
def test_an_unknown_name_is_an_attribute_error(module: str) -> None:
    with pytest.raises(AttributeError, match="Robotta"):
        _ = importlib.import_module(module).Robotta


def test_the_version_is_told() -> None:
    assert robota_tui.__version__[0].isdigit()
