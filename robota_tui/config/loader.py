"""Everything that is configured, from all files together: `load_configuration`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from robota_tui.config import paths
from robota_tui.config.known import KnownProviders
from robota_tui.config.settings import PRESETS, Settings, parse_settings
from robota_tui.config.source import Source, read_source
from robota_tui.config.templates import (
    builtin_templates,
    link_templates,
    parse_template_file,
    with_known_providers,
)
from robota_tui.config.themes import ThemeSpec, parse_theme
from robota_tui.config.workspace import parse_workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from robota_tui.agents.templates import AgentTemplate
    from robota_tui.config.keymap import KeymapCheck
    from robota_tui.config.problems import Problem
    from robota_tui.config.templates import PlacedTemplate
    from robota_tui.config.workspace import WorkspaceSpec


@dataclass(frozen=True, slots=True)
class Locations:
    """The files and folders that a configuration comes from."""

    settings: Path
    templates: Path
    """Folder of the user's templates."""
    themes: Path
    """Folder of the user's themes."""
    is_settings_required: bool = False
    """Whether the settings were named, so that their absence is a mistake."""
    workspaces: tuple[Path, ...] = ()

    def files(self) -> tuple[Path, ...]:
        """Every file that counts now, those that exist and those that are named."""
        return (self.settings, *_files_in(self.templates), *_files_in(self.themes), *self.workspaces)


@dataclass(frozen=True, slots=True)
class Configuration:
    """What all files say together, as far as they are right."""

    settings: Settings
    templates: dict[str, AgentTemplate]
    """Built-in ones and the user's, by id; a workspace's own are in its spec."""
    workspaces: dict[Path, WorkspaceSpec]
    """By file, in the order in which they were named."""
    themes: dict[str, ThemeSpec]
    """Bundled ones and the user's, by name."""
    known_providers: KnownProviders
    """Names of the presets and of the providers in the settings."""
    problems: tuple[Problem, ...]
    locations: Locations
    placed_templates: dict[Path, tuple[PlacedTemplate, ...]] = field(default_factory=dict)
    """The user's templates by the file they stand in."""
    theme_files: dict[Path, ThemeSpec] = field(default_factory=dict)
    """The user's themes by file."""
    included: tuple[Path, ...] = ()
    """Files of system messages that the templates and workspaces name."""

    def files(self) -> tuple[Path, ...]:
        """Every file that this would be loaded from now; for `watch_files`."""
        return (*self.locations.files(), *self.included)

    @property
    def theme_list(self) -> Sequence[ThemeSpec]:
        """All themes, in the order in which a picker shows them."""
        return tuple(self.themes.values())


def load_configuration(
    settings_file: Path | None = None,
    workspaces: Iterable[Path] = (),
    *,
    template_folder: Path | None = None,
    theme_folder: Path | None = None,
    keymap_check: KeymapCheck | None = None,
) -> Configuration:
    """Load settings, templates, themes and workspaces; never raises for what is in the files.

    What is not given lies in the user's configuration folder, where nothing needs to exist.
    """
    locations = Locations(
        settings=settings_file or paths.settings_file(),
        is_settings_required=settings_file is not None,
        workspaces=tuple(dict.fromkeys(workspaces)),
        templates=template_folder or paths.template_folder(),
        themes=theme_folder or paths.theme_folder(),
    )
    return _Loader(locations, keymap_check, None).load()


def reload_configuration(previous: Configuration, keymap_check: KeymapCheck | None = None) -> Configuration:
    """Load the same files again; what is broken now keeps the value that it had before."""
    return _Loader(previous.locations, keymap_check, previous).load()


class _Loader:
    """Loads everything once, gathering the problems file by file."""

    def __init__(
        self, locations: Locations, keymap_check: KeymapCheck | None, previous: Configuration | None
    ) -> None:
        self._locations = locations
        self._keymap_check = keymap_check
        self._previous = previous
        self._sources: list[Source] = []

    def load(self) -> Configuration:
        user_themes = self._load_themes(self._locations.themes)
        bundled = {spec.name: spec for spec in self._load_themes(paths.bundled_themes()).values()}
        themes = bundled | {spec.name: spec for spec in user_themes.values()}
        settings, providers = self._load_settings(themes)
        placed = self._load_templates()
        layer = [item for items in placed.values() for item in items]
        builtin = builtin_templates()
        templates = builtin | link_templates(with_known_providers(layer, providers), builtin)
        workspaces = self._load_workspaces(templates, providers)
        return Configuration(
            settings=settings,
            templates=templates,
            workspaces=workspaces,
            themes=themes,
            known_providers=providers,
            problems=tuple(problem for source in self._sources for problem in source.sorted_problems()),
            locations=self._locations,
            placed_templates=placed,
            theme_files=user_themes,
            included=tuple(path for source in self._sources for path in source.included),
        )

    def _read(self, path: Path) -> Source:
        source = read_source(path)
        self._sources.append(source)
        return source

    def _load_settings(self, themes: dict[str, ThemeSpec]) -> tuple[Settings, KnownProviders]:
        previous = self._previous.settings if self._previous else None
        path = self._locations.settings
        if not self._locations.is_settings_required and _is_absent(path):
            return Settings(), KnownProviders(PRESETS)
        source = self._read(path)
        if not source.is_readable:
            settings = previous or Settings()
            return settings, KnownProviders({*PRESETS, *settings.providers})
        loaded = parse_settings(source, previous, keymap_check=self._keymap_check, known_themes=themes)
        return loaded.settings, loaded.known_providers

    def _load_templates(self) -> dict[Path, tuple[PlacedTemplate, ...]]:
        kept = self._previous.placed_templates if self._previous else {}
        placed = {}
        for path in _files_in(self._locations.templates):
            source = self._read(path)
            parsed = parse_template_file(source)
            placed[path] = (*parsed, *_still_meant(kept.get(path, ()), parsed, source))
        return placed

    def _load_themes(self, folder: Path) -> dict[Path, ThemeSpec]:
        kept = self._previous.theme_files if self._previous else {}
        themes = {}
        for path in _files_in(folder):
            spec = parse_theme(self._read(path)) or kept.get(path)
            if spec is not None:
                themes[path] = spec
        return themes

    def _load_workspaces(
        self, templates: dict[str, AgentTemplate], providers: KnownProviders
    ) -> dict[Path, WorkspaceSpec]:
        kept = self._previous.workspaces if self._previous else {}
        workspaces = {}
        for path in self._locations.workspaces:
            spec = parse_workspace(self._read(path), templates, providers) or kept.get(path)
            if spec is not None:
                workspaces[path] = spec
        return workspaces


def _still_meant(
    before: Sequence[PlacedTemplate], parsed: Sequence[PlacedTemplate], source: Source
) -> list[PlacedTemplate]:
    """The earlier templates of a file that stand in it still, but are broken now."""
    tables = source.data.get("templates")
    entries = tables if isinstance(tables, list) else []
    named = [table.get("id") for table in entries if isinstance(table, dict)]
    usable = {item.template.id for item in parsed}
    return [
        item
        for item in before
        if not source.is_readable or (item.template.id in named and item.template.id not in usable)
    ]


def _is_absent(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False
    return False


def _files_in(folder: Path) -> tuple[Path, ...]:
    """The TOML files of a folder by name; none if there is no such folder or it may not be read."""
    try:
        return tuple(sorted(folder.glob("*.toml")))
    except (OSError, ValueError):
        return ()
