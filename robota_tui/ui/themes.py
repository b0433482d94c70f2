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

    Where the wanted theme is unknown, the default is used, and where that is missing, Textual's own. With
    NO_COLOR the default stands in for the themes of the terminal's sixteen colours, which there are not
    then: Textual makes greys of exact colours, but black on black of these.
    """
    for spec in specs:
        app.register_theme(to_theme(spec))
    names = app.available_themes
    unusable = {name for name, theme in names.items() if theme.ansi} if app.no_color else set()
    if wanted in unusable:
        wanted = None
    use = wanted if wanted in names else DEFAULT_THEME
    if use is not None and use in names:
        app.theme = use
    for name in unusable - {app.theme}:
        app.unregister_theme(name)
    if wanted is None or wanted in names or wanted == DEFAULT_THEME:
        return []
    return [f"There is no theme {wanted!r}; known are {', '.join(sorted(names))}"]
