"""The layers hold at run time too: what import-linter cannot see is a deferral that does not defer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import robota_tui

PACKAGE = Path(robota_tui.__file__).parent

_SCREEN = ("textual", "rich")
_CLIENTS = ("openai", "httpx2", "xllamacpp")
_RENDERERS = ("pygments", "markdown_it")


def modules_of(package: str) -> list[str]:
    folder = PACKAGE / package
    return [f"robota_tui.{package}.{path.stem}" for path in folder.glob("*.py") if path.stem != "__init__"]


def loaded_after(imports: str, candidates: tuple[str, ...]) -> set[str]:
    """Which of the candidates a fresh interpreter has loaded after these imports."""
    code = f"import sys\n{imports}\nprint(*[m for m in {candidates!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("package", ["agents", "sessions", "config", "providers"])
def test_a_core_package_loads_no_screen_and_no_client(package: str) -> None:
    modules = modules_of(package)
    if package == "providers":
        # What runs in the child process is there to load the model's library.
        modules = [module for module in modules if not module.endswith("local_server")]
    assert modules
    imports = "\n".join(f"import {module}" for module in modules)
    assert loaded_after(imports, (*_SCREEN, *_CLIENTS)) == set()


def test_the_public_names_load_no_screen_and_no_client() -> None:
    imports = "import robota_tui\nfor name in robota_tui.__all__: getattr(robota_tui, name)"
    assert loaded_after(imports, (*_SCREEN, *_CLIENTS)) == set()


def test_importing_the_package_loads_hardly_anything() -> None:
    assert loaded_after("import robota_tui", ("pydantic", "asyncio", *_SCREEN, *_CLIENTS)) == set()


def test_the_screen_loads_no_client_and_no_renderer_before_it_is_needed() -> None:
    assert loaded_after("import robota_tui.ui.app", (*_CLIENTS, *_RENDERERS)) == set()


def test_the_screen_is_not_handed_its_providers_by_import() -> None:
    assert loaded_after("import robota_tui.ui.app", ("robota_tui.providers",)) == set()
