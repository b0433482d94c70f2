"""What rendering yields: lines of runs, each run with its look and its place in the source."""

from __future__ import annotations

from typing import NamedTuple

from robota_tui.ui.markdown.cells import text_width

BOLD = 1
ITALIC = 2
STRIKE = 4
UNDERLINE = 8


class Look(NamedTuple):
    """How a run looks, without colours: the view maps `role` to a style of the theme."""

    role: str = "text"
    """One of `ROLES`."""
    flags: int = 0
    """BOLD | ITALIC | STRIKE | UNDERLINE."""
    link: str = ""
    """Address that a click opens; empty for none. Always safe to hand to a terminal."""


ROLES = (
    "text", "muted", "heading", "subheading", "code", "code-block", "link", "marker", "quote", "rule",
    "table", "html", "user", "assistant", "system", "tool", "meta", "fold", "error", "hint",
    "interrupted", "streaming", "unread", "code-keyword", "code-name", "code-string", "code-number",
    "code-comment", "code-operator", "code-builtin", "code-deleted", "code-inserted",
)  # fmt: skip
"""Every role there is; each is a component class of the transcript."""

TEXT = Look()
MUTED = Look("muted")


class Run(NamedTuple):
    """A piece of a line in one look.

    `end - start == len(text)`: the run is that stretch of the source, character for character.
    `start == end`: decoration that stands there. Else: drawn from the stretch as a whole.
    """

    text: str
    """Clean text."""
    look: Look
    start: int
    """Offset into the source of the message part."""
    end: int


class Line:
    """One rendered line; immutable by convention, so that it can be compared and cached."""

    __slots__ = ("fill", "runs")

    def __init__(self, runs: list[Run], fill: Look = TEXT) -> None:
        self.runs = runs
        """From left to right."""
        self.fill = fill
        """Look of the cells to the right of the last run."""

    @property
    def text(self) -> str:
        """What the line shows."""
        return "".join(run.text for run in self.runs)

    @property
    def start(self) -> int:
        """The lowest source offset on the line; -1 for an empty line."""
        return self.runs[0].start if self.runs else -1

    @property
    def width(self) -> int:
        """Cells that the runs take."""
        return sum(text_width(run.text) for run in self.runs)

    def same_as(self, other: Line) -> bool:
        """Whether both would be drawn alike and stand for the same source."""
        return self.runs == other.runs and self.fill == other.fill

    def __repr__(self) -> str:
        return f"Line({self.text!r})"
