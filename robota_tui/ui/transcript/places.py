"""Places in a transcript: the one that is being read, and what stands in the view."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from robota_tui.ui.transcript.layout import HEADER

if TYPE_CHECKING:
    from robota_tui.ui.markdown.lines import Line


class Anchor(NamedTuple):
    """The line at the top of the view."""

    message: int = 0
    """Number of its message."""
    message_id: str = ""
    line: int = 0
    """Its number within the message."""
    width: int = 0
    """Cells it was laid out for."""
    before: int = 0
    """Lines of the message before the part that the line is in."""
    part: int = HEADER
    offset: int = 0
    """Where it begins in the source of that part."""


class Row(NamedTuple):
    """One line of the view."""

    message: int
    """Number of its message."""
    part: int
    fold: str
    """What a click on it folds or unfolds."""
    line: Line


class Placement(NamedTuple):
    """What stands in the view."""

    rows: list[Row]
    """From top to bottom; fewer than the view's height if there is no more."""
    top: int
    """Lines above the view, by the height index."""
    total: int
    """Lines in all."""
    at_bottom: bool
