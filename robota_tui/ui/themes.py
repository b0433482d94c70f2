"""Themes out of the configuration, as Textual wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import App

    from robota_tui.config.themes import ThemeSpec

DEFAULT_THEME = "robota-dark"


def to_theme(spec: ThemeSpec) -> Theme:
    """The theme that a checked description describes; their fields have the same names."""
    fields = spec.model_dump()
    return Theme(**{**fields, "variables": dict(spec.variables)})


def install_themes(app: App[None], specs: Iterable[ThemeSpec], wanted: str | None) -> list[str]:
    """Register the themes and use the wanted one; returns what went wrong, in sentences.

    Where the wanted theme is unknown, the default is used, and where that is missing, Textual's own.
    """
    for spec in specs:
        app.register_theme(to_theme(spec))
    names = app.available_themes
    if wanted is not None and wanted in names:
        app.theme = wanted
        return []
    if DEFAULT_THEME in names:
        app.theme = DEFAULT_THEME
    if wanted is None or wanted == DEFAULT_THEME:
        return []
    return [f"There is no theme {wanted!r}; known are {', '.join(sorted(names))}"]
