"""Checking files of any kind, for `robota-tui check`: what is each, and what is wrong in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from robota_tui.config.loader import load_configuration
from robota_tui.config.problems import nearest
from robota_tui.config.settings import Settings, parse_settings
from robota_tui.config.source import Source, read_source
from robota_tui.config.templates import link_templates, parse_template_file, with_known_providers
from robota_tui.config.themes import ThemeSpec, parse_theme
from robota_tui.config.workspace import parse_workspace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from robota_tui.config.keymap import KeymapCheck
    from robota_tui.config.problems import Problem

FileKind = Literal["settings", "templates", "workspace", "theme"]

_KEYS: dict[FileKind, frozenset[str]] = {
    "workspace": frozenset({"workspace", "sessions"}),
    "templates": frozenset({"templates"}),
    "settings": frozenset(Settings.model_fields),
    "theme": frozenset(ThemeSpec.model_fields),
}


def check_files(paths: Iterable[Path], keymap_check: KeymapCheck | None = None) -> list[Problem]:
    """Every problem of the files, in their order; nothing is opened, and nothing is raised.

    Files that are checked together know each other's templates, providers and themes, beside those of
    the user's own configuration. `keymap_check` finds faults in a `[keymap]`; see `KeymapCheck`.
    """
    return _Checker([read_source(path) for path in dict.fromkeys(paths)], keymap_check).run()


def kind_of_file(source: Source) -> FileKind | None:
    """What a file is, by its top-level keys; `None` if it could be anything. An empty one is settings."""
    keys = source.data.keys()
    if not keys:
        return "settings"
    if "sessions" in keys or "workspace" in keys:
        return "workspace"
    scores = {kind: len(keys & known) for kind, known in _KEYS.items()}
    if not any(scores.values()):
        scores = {kind: sum(bool(nearest(key, known)) for key in keys) for kind, known in _KEYS.items()}
    best = max(scores, key=lambda kind: scores[kind])
    return best if scores[best] else None


class _Checker:
    """Checks some files that belong together."""

    def __init__(self, sources: list[Source], keymap_check: KeymapCheck | None) -> None:
        self._sources = sources
        self._keymap_check = keymap_check
        self._kinds = {id(source): kind_of_file(source) for source in sources if source.is_readable}

    def run(self) -> list[Problem]:
        base = load_configuration()
        for source in self._sources:
            if source.is_readable and self._kinds[id(source)] is None:
                source.report_line(0, "is neither settings nor templates, a workspace or a theme")
        specs = [parse_theme(source) for source in self._of_kind("theme")]
        themes = {*base.themes, *(spec.name for spec in specs if spec is not None)}
        providers = base.known_providers
        for source in self._of_kind("settings"):
            loaded = parse_settings(source, keymap_check=self._keymap_check, known_themes=themes)
            providers = providers.joined(loaded.known_providers)
        layer = [item for source in self._of_kind("templates") for item in parse_template_file(source)]
        layer = with_known_providers(layer, providers)
        templates = base.templates | link_templates(layer, base.templates)
        for source in self._of_kind("workspace"):
            parse_workspace(source, templates, providers)
        return [problem for source in self._sources for problem in source.sorted_problems()]

    def _of_kind(self, kind: FileKind) -> list[Source]:
        return [source for source in self._sources if self._kinds.get(id(source)) == kind]
