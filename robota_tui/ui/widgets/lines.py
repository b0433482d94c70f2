"""Base of the widgets that draw their lines themselves: no children, no layout, cells that can be clicked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from robota_tui.ui.statuses import STATUS_COMPONENTS, STATUS_LOOKS

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events

    from robota_tui.sessions.state import ChatStatus

TargetT = TypeVar("TargetT")


@dataclass(frozen=True, slots=True)
class _Span(Generic[TargetT]):
    start: int
    end: int
    target: TargetT


class LineBuilder(Generic[TargetT]):
    """One line in the making: pieces of text, each with a style and perhaps a meaning when clicked."""

    def __init__(self) -> None:
        self._segments: list[Segment] = []
        self._spans: list[_Span[TargetT]] = []
        self.width = 0
        """Cells so far."""

    def add(self, text: str, style: Style | None = None, target: TargetT | None = None) -> None:
        """Put a piece at the end."""
        if not text:
            return
        start = self.width
        self.width += cell_len(text)
        self._segments.append(Segment(text, style))
        if target is not None:
            self._spans.append(_Span(start, self.width, target))

    def extend(self, other: LineBuilder[TargetT]) -> None:
        """Put another line at the end."""
        self._spans += [_Span(s.start + self.width, s.end + self.width, s.target) for s in other._spans]
        self._segments += other._segments
        self.width += other.width

    def pad_to(self, width: int, style: Style | None = None, fill: str = " ") -> None:
        """Fill up to `width` cells."""
        self.add(fill * (width - self.width), style)

    def strip(self, width: int, style: Style) -> Strip:
        """The line, exactly `width` cells wide, with `style` under all of it."""
        return Strip(self._segments, self.width).adjust_cell_length(width).apply_style(style)

    def target_at(self, x: int) -> TargetT | None:
        """What a click into column `x` means."""
        return next((span.target for span in self._spans if span.start <= x < span.end), None)


class LineWidget(Widget, Generic[TargetT]):
    """A widget of a few lines that it draws itself."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {*STATUS_COMPONENTS}

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._drawn: list[LineBuilder[TargetT]] = []
        # Textual forgets its own cache of these with every repaint.
        self._looks: dict[tuple[str, bool], Style] = {}

    def build_lines(self, width: int, height: int) -> list[LineBuilder[TargetT]]:
        """The lines as they are now; what is missing of `height` stays empty."""
        raise NotImplementedError

    def choose(self, target: TargetT, event: events.Click) -> None:
        """A part of the line that means something was clicked."""

    def render_line(self, y: int) -> Strip:
        """Draw one line; the first one of a frame makes them all."""
        width, height = self.size
        if y == 0:
            self._drawn = self.build_lines(width, height)
        if y >= len(self._drawn):
            return Strip.blank(width, self.base)
        return self._drawn[y].strip(width, self.base)

    @property
    def base(self) -> Style:
        """The style of the widget itself."""
        return self._look("", partial=False)

    def look(self, component: str) -> Style:
        """The style of a component class, with the background it has."""
        return self._look(component, partial=False)

    def status_style(self, status: ChatStatus) -> Style:
        """The colour of a status glyph, without a background."""
        return self._look(STATUS_LOOKS[status].component, partial=True)

    def notify_style_update(self) -> None:
        """The theme or the style sheet has changed."""
        super().notify_style_update()
        self._looks = {}

    def _look(self, component: str, *, partial: bool) -> Style:
        style = self._looks.get((component, partial))
        if style is None:
            style = (
                self.get_component_rich_style(component, partial=partial) if component else self.rich_style
            )
            self._looks[component, partial] = style
        return style

    def on_click(self, event: events.Click) -> None:
        """Pass a click on to `choose`, if it hit something."""
        if 0 <= event.y < len(self._drawn):
            target = self._drawn[event.y].target_at(event.x)
            if target is not None:
                event.stop()
                self.choose(target, event)


def fit(text: str, width: int) -> str:
    """`text` in at most `width` cells; what is cut is shown by an ellipsis."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 0 else ""


def fill(text: str, width: int) -> str:
    """`text` in exactly `width` cells."""
    fitted = fit(text, width)
    return fitted + " " * (width - cell_len(fitted))
