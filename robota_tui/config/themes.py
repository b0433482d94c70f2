"""Themes out of TOML: colours by the names that the screen's library gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from robota_tui.config.problems import nearest, printable
from robota_tui.config.validation import validate

if TYPE_CHECKING:
    from robota_tui.config.source import Source

_ANSI_HUES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
ANSI_COLORS = (
    "ansi_default",
    *(f"ansi_{hue}" for hue in _ANSI_HUES),
    *(f"ansi_bright_{hue}" for hue in _ANSI_HUES),
)
"""The sixteen colours of the terminal's own palette, and its default."""

_HEX_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
_VARIABLE_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")
_SHARE = re.compile(r"(?P<color>\S+)(?:\s+(?:100|\d{1,2})%)?")
_STYLE_WORDS = ("blink", "bold", "dim", "italic", "none", "not", "reverse", "strike", "underline")
_ANSI_VARIABLES = {
    "ansi-background": "ansi_black",
    "ansi-foreground": "ansi_white",
    "foreground-disabled": "ansi_bright_black",
    "surface-active": "ansi_default",
    "foreground-muted": "ansi_bright_black",
    "text-muted": "ansi_bright_black",
    "text-disabled": "ansi_bright_black",
}
"""What Textual's own style sheets ask for and its ANSI themes do not work out, or cannot: half of a
colour of the terminal's own palette is drawn as the whole of it."""


def _check_color(value: str) -> str:
    if _HEX_COLOR.fullmatch(value) or value in ANSI_COLORS:
        return value
    raise ValueError(
        f'"{printable(value)}" is no colour; write #rgb, #rrggbb or a name like ansi_blue',
        nearest(value, ANSI_COLORS),
    )


Color = Annotated[str, AfterValidator(_check_color)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class ThemeSpec(BaseModel):
    """A theme; the field names are those of `textual.theme.Theme`, one to one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=64)]
    primary: Color
    secondary: Color | None = None
    warning: Color | None = None
    error: Color | None = None
    success: Color | None = None
    accent: Color | None = None
    foreground: Color | None = None
    background: Color | None = None
    surface: Color | None = None
    panel: Color | None = None
    boost: Color | None = None
    dark: bool = True
    luminosity_spread: Share = 0.15
    """How far the lighter and darker shades of a colour lie from it."""
    text_alpha: Share = 0.95
    """How opaque text is."""
    ansi: bool = False
    """Whether the terminal's own sixteen colours are used as they are."""
    variables: Mapping[str, str] = Field(default_factory=dict, validate_default=True)
    """Style variables by name: colours, with or without a percentage, and text styles."""

    @field_validator("variables")
    @classmethod
    def _check_variables(cls, value: Mapping[str, str], info: ValidationInfo) -> Mapping[str, str]:
        for name, text in value.items():
            fault = _variable_fault(name, text)
            if fault:
                raise ValueError(f"{name}: {fault}")
        return _ANSI_VARIABLES | dict(value) if info.data.get("ansi") else dict(value)


def _variable_fault(name: str, value: str) -> str:
    """A style variable is put into the style sheet as it is, so a wrong one would break the screen."""
    if not _VARIABLE_NAME.fullmatch(name):
        return f'"{printable(name)}" is no name of a style variable'
    if "style" in name.split("-"):
        wrong = [word for word in value.split() if word not in _STYLE_WORDS]
        if wrong or not value.strip():
            return f"a text style is made of {', '.join(_STYLE_WORDS)}"
        return ""
    share = _SHARE.fullmatch(value.strip())
    color = share.group("color") if share else value
    if _HEX_COLOR.fullmatch(color) or color in {*ANSI_COLORS, "transparent"}:
        return ""
    return f'"{printable(value)}" is no colour; write #rrggbb or ansi_blue, with a percentage if wanted'


def parse_theme(source: Source) -> ThemeSpec | None:
    """The theme of a file as far as it is right, or `None`; problems go to the source."""
    if not source.is_readable:
        return None
    table = dict(source.data)
    variables = table.get("variables")
    if isinstance(variables, dict):
        table["variables"] = {
            key: value for key, value in variables.items() if _is_usable(key, value, source)
        }
    theme, _ = validate(ThemeSpec, table, source)
    return theme


def _is_usable(name: str, value: object, source: Source) -> bool:
    fault = _variable_fault(name, value) if isinstance(value, str) else ""
    if fault:
        source.report(("variables", name), fault)
    return not fault
