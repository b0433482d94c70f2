"""Putting the parts together: from files and environment to a manager with open sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from robota_tui.agents.config import ModelConfig
from robota_tui.agents.errors import RobotaError
from robota_tui.agents.provider import Provider
from robota_tui.config.keymap import KeymapCheck
from robota_tui.config.loader import Configuration, load_configuration, reload_configuration
from robota_tui.config.opening import open_workspace
from robota_tui.config.settings import PRESETS, ProviderSettings, Settings
from robota_tui.config.workspace import needed_limits
from robota_tui.providers.discover import discover, embedded
from robota_tui.providers.factory import build_provider
from robota_tui.sessions.manager import SessionManager

MAX_SESSIONS = 500
MAX_CHATS = 50
"""Limits of the program, unless a workspace needs more: a guard against a mistake, not a working limit."""


@dataclass(slots=True)
class Workbench:
    """Everything the screen is opened on."""

    manager: SessionManager
    configuration: Configuration
    notice: str
    """Which model answers and how to connect another one, where the user has not said so."""
    problems: list[str]
    """What is wrong in the files, a line each."""
    waiting: list[str] = field(default_factory=list)
    """What has changed in the files and does not count before a restart, a line each."""

    def configured_files(self) -> tuple[Path, ...]:
        """Every file that the configuration is read from now."""
        return self.configuration.files()


def build_workbench(
    settings_file: Path | None, workspaces: Sequence[Path], keymap_check: KeymapCheck
) -> Workbench:
    """Load the configuration and make the manager; no session is open yet."""
    configuration = load_configuration(settings_file, workspaces, keymap_check=keymap_check)
    problems = [str(problem) for problem in configuration.problems]
    settings = configuration.settings
    providers, faults = build_providers(settings.providers)
    # Where the settings of a name are wrong, its preset must not be reached instead of what was meant.
    providers = {name: one for name, one in providers.items() if name in configuration.known_providers}
    notice = ""
    wanted = settings.default_provider
    if wanted is None or wanted not in providers:
        found = discover()
        if found.provider.name not in configuration.known_providers:
            found = embedded()
        if found.provider.name not in settings.providers:
            # It knows what it serves, which the preset of its name does not.
            providers[found.provider.name] = found.provider
        wanted, notice = found.provider.name, f"{found.sentence}\n{found.hint}".strip()
    max_sessions, max_chats = needed_limits(configuration.workspaces.values(), MAX_SESSIONS, MAX_CHATS)
    manager = SessionManager(
        max_sessions,
        max_chats,
        providers=providers,
        default_model=_default_model(wanted, providers),
        templates=configuration.templates.values(),
    )
    return Workbench(manager, configuration, notice, [*problems, *faults])


def build_providers(named: Mapping[str, ProviderSettings]) -> tuple[dict[str, Provider], list[str]]:
    """The providers of the settings, then the presets by their own names; and what is wrong with them."""
    providers: dict[str, Provider] = {}
    faults: list[str] = []
    presets = {preset: ProviderSettings(preset=preset) for preset in PRESETS}
    for name, table in {**presets, **named}.items():
        try:
            providers[name] = build_provider(
                name,
                preset=table.preset,
                base_url=table.base_url,
                api_key_env=table.api_key_env,
                default_model=table.default_model,
                connect_timeout=table.connect_timeout,
                stream_idle_timeout=table.stream_idle_timeout,
            )
        except RobotaError as error:
            faults.append(f"[providers.{name}]: {error}. {error.hint}".strip())
    return providers, faults


async def open_sessions(workbench: Workbench) -> None:
    """Open the workspaces; where there is none, a session with one chat, so that one can begin to write."""
    manager = workbench.manager
    for path, spec in workbench.configuration.workspaces.items():
        opened = await open_workspace(manager, spec, path)
        workbench.problems += [str(problem) for problem in opened.problems]
    if not manager.list_sessions():
        await manager.create_chat(manager.create_session())


def apply_changes(workbench: Workbench, keymap_check: KeymapCheck) -> Settings:
    """Read the files again and let the manager have what is new; what is broken keeps its old value.

    Chats that are open keep their agents: only templates and providers for what comes next change.
    """
    before = workbench.configuration
    after = workbench.configuration = reload_configuration(before, keymap_check)
    workbench.problems = [str(problem) for problem in after.problems]
    templates = workbench.manager.templates
    for template_id in before.templates.keys() - after.templates.keys():
        templates.unregister_template(template_id)
    for template_id, template in after.templates.items():
        if before.templates.get(template_id) != template:
            templates.register_template(template)
    workbench.waiting = _take_over_workspaces(workbench.manager, before, after)
    known = before.settings.providers
    changed = {name: table for name, table in after.settings.providers.items() if known.get(name) != table}
    if changed:
        providers, faults = build_providers(changed)
        workbench.problems += faults
        workbench.manager.providers.update({name: providers[name] for name in changed if name in providers})
    default = after.settings.default_provider
    if default is not None and default != before.settings.default_provider:
        workbench.manager.default_model = _default_model(default, workbench.manager.providers)
    return after.settings


def _take_over_workspaces(manager: SessionManager, before: Configuration, after: Configuration) -> list[str]:
    """Let the workspaces have their changed templates; says which sessions would have to be opened again."""
    waiting: list[str] = []
    for path, spec in after.workspaces.items():
        old = before.workspaces.get(path)
        if old is None or old == spec:
            continue
        known = {template.id: template for template in old.templates}
        owners = spec.workspace_ids or (None,)
        for owner in owners:
            for template_id in known.keys() - {template.id for template in spec.templates}:
                manager.templates.unregister_template(template_id, owner)
            for template in spec.templates:
                if known.get(template.id) != template or owners != (old.workspace_ids or (None,)):
                    manager.templates.register_template(template, owner)
        if old.model_copy(update={"templates": spec.templates}) != spec:
            waiting.append(f"sessions of {path.name}: start the program again to open them as they are now")
    return waiting


def _default_model(name: str, providers: Mapping[str, Provider]) -> ModelConfig:
    return ModelConfig(provider=name, model=getattr(providers[name], "default_model", None) or "auto")
