from __future__ import annotations

from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.theme import Theme
from textual.widgets import Button, Checkbox, Footer, Input, Markdown, Static, TextArea, Tree

from robota_tui.config.paths import bundled_themes
from robota_tui.config.problems import Problem
from robota_tui.config.source import read_source
from robota_tui.config.themes import ANSI_COLORS, ThemeSpec, parse_theme
from robota_tui.ui.themes import to_theme
from tests.config.conftest import Write

BUNDLED = {path.stem: path for path in sorted(bundled_themes().glob("*.toml"))}
ROLES = ("foreground", "primary", "secondary", "accent", "success", "warning", "error")
GROUNDS = ("background", "surface", "panel")


def load(path: Path) -> tuple[ThemeSpec | None, list[Problem]]:
    source = read_source(path)
    return parse_theme(source), source.sorted_problems()


def bundled(name: str) -> ThemeSpec:
    theme, problems = load(BUNDLED[name])
    assert problems == []
    assert theme is not None
    return theme


def contrast(one: str, other: str) -> float:
    """Contrast of two #rrggbb colours as the accessibility guidelines reckon it, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    shares = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_contrast_formula_is_the_right_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_four_themes_are_there() -> None:
    assert set(BUNDLED) == {"robota-dark", "robota-light", "robota-high-contrast", "robota-ansi"}
    assert [bundled(name).name for name in BUNDLED] == list(BUNDLED)
    assert {name for name in BUNDLED if not bundled(name).dark} == {"robota-light"}


@pytest.mark.parametrize(
    ("name", "least"), [("robota-dark", 4.5), ("robota-light", 4.5), ("robota-high-contrast", 7)]
)
def test_every_colour_reads_on_every_ground(name: str, least: float) -> None:
    theme = bundled(name).model_dump()

    found = {(role, ground): contrast(theme[role], theme[ground]) for role in ROLES for ground in GROUNDS}

    assert {place: ratio for place, ratio in found.items() if ratio < least} == {}


def test_the_ansi_theme_has_no_colour_but_the_terminals() -> None:
    theme = bundled("robota-ansi")
    colors = [getattr(theme, role) for role in (*ROLES, *GROUNDS)]
    colors += [value for name, value in theme.variables.items() if not name.endswith("-style")]

    assert theme.ansi
    assert set(colors) <= set(ANSI_COLORS)


class Everything(App[None]):
    """The widgets whose style sheets ask for most variables."""

    def compose(self) -> ComposeResult:
        yield Input("x")
        yield TextArea("x")
        yield Markdown("# a\n\n`b` [c](https://example.org)")
        yield Button("x")
        yield Checkbox("x")
        yield Tree("x")
        yield Footer()


async def test_textual_takes_every_theme_and_a_minimal_one_of_each_kind() -> None:
    minimal = [
        ThemeSpec(name="min", primary="#abc"),
        ThemeSpec(name="min-ansi", primary="ansi_red", ansi=True),
    ]
    app = Everything()

    async with app.run_test() as pilot:
        for spec in [*map(bundled, BUNDLED), *minimal]:
            app.register_theme(Theme(**spec.model_dump()))
            app.theme = spec.name
            app.refresh_css()
            await pilot.pause()
            assert app.current_theme.name == spec.name


def test_a_theme_mirrors_the_fields_of_textual_with_their_defaults() -> None:
    theirs = Theme("x", "#000")
    mine = ThemeSpec(name="x", primary="#000")

    assert mine.model_dump() == vars(theirs)


def test_all_that_is_wrong_is_told_and_the_rest_is_used(write: Write) -> None:
    theme, problems = load(
        write(
            "t.toml",
            """
            name = "mine"
            primary = "#abcdef"
            accnt = "#fff"
            error = "redd"
            success = "ansi_gren"
            dark = "yes"
            text_alpha = 2
            [variables]
            border = "} Screen { color: red"
            "bad name" = "#fff"
            link-style = "wavy"
            scrollbar = "#fff 30%"
            footer-background = 5
            """,
        )
    )

    assert [(p.line, p.key, p.suggestion) for p in problems] == [
        (3, "accnt", "accent"),
        (4, "error", ""),
        (5, "success", "ansi_green"),
        (6, "dark", ""),
        (7, "text_alpha", ""),
        (9, "variables.border", ""),
        (10, 'variables."bad name"', ""),
        (11, "variables.link-style", ""),
        (13, "variables.footer-background", ""),
    ]
    assert theme == ThemeSpec(name="mine", primary="#abcdef", variables={"scrollbar": "#fff 30%"})


def test_a_theme_without_name_or_primary_colour_cannot_be_used(write: Write) -> None:
    theme, problems = load(write("t.toml", 'accent = "#fff"\nprimary = "blue-ish"\n'))

    assert theme is None
    assert [(p.line, p.key) for p in problems] == [(0, ""), (2, "primary")]


class Muted(App[None]):
    CSS = "Static { color: $foreground-muted; }"

    def compose(self) -> ComposeResult:
        yield Static("quiet")


async def test_muted_text_of_the_ansi_theme_has_another_colour_than_the_rest() -> None:
    app = Muted(ansi_color=True)
    app.register_theme(to_theme(bundled("robota-ansi")))
    app.theme = "robota-ansi"
    async with app.run_test():
        drawn = app.query_one(Static).render_line(0)
        style = next(segment.style for segment in drawn if segment.text.strip())
        assert style is not None
        assert style.color is not None
        assert style.color.number == 8


@pytest.mark.parametrize(
    "color", ["#12", "#12345", "red", "#ggg", "#fff ", "ansi_pink", "", "rgb(1,2,3)", "$primary"]
)
def test_only_colours_are_colours(color: str) -> None:
    with pytest.raises(ValueError, match="is no colour"):
        ThemeSpec(name="x", primary=color)


@pytest.mark.parametrize(
    "color", ["#123", "#123f", "#123456", "#12345678", "ansi_bright_blue", "ansi_default"]
)
def test_every_spelling_of_a_colour_is_taken(color: str) -> None:
    assert ThemeSpec(name="x", primary=color).primary == color
