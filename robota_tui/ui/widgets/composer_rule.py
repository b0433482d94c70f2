"""What stands around the composer: the line above it with what the chat is doing, and the prompt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len

from robota_tui.ui.widgets.lines import LineBuilder, LineWidget, fit


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What the line shows."""

    state: str = ""
    """What the chat is doing, or why nothing can be sent."""
    queue: str = ""
    """How many messages wait for their turn, and what for."""


class ComposerRule(LineWidget[None]):
    """A rule with a few words in it; it is always there, so that nothing moves when they change."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rule--line", "rule--text", "rule--queue"}

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._info = RuleInfo()

    def show(self, info: RuleInfo) -> None:
        """Show this; repaints only if something is different."""
        if info != self._info:
            self._info = info
            self.refresh()

    def build_lines(self, width: int, height: int) -> list[LineBuilder[None]]:
        """The rule, what happens on the left of it, the queue on the right."""
        info, rule = self._info, self.look("rule--line")
        line: LineBuilder[None] = LineBuilder()
        queue = fit(f" {info.queue} ", width - 4) if info.queue else ""
        line.add("──", rule)
        if info.state:
            line.add(fit(f" {info.state} ", width - cell_len(queue) - 4), self.look("rule--text"))
        line.pad_to(width - cell_len(queue) - 2 * bool(queue), rule, "─")
        if queue:
            line.add(queue, self.look("rule--queue"))
            line.add("──", rule)
        return [line]


class Prompt(LineWidget[None]):
    """The mark of the user's own messages, beside the one that is being written."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"prompt--mark"}

    def build_lines(self, width: int, height: int) -> list[LineBuilder[None]]:
        """The mark, in the column where the transcript has it."""
        line: LineBuilder[None] = LineBuilder()
        line.add(" ❯ "[:width], self.look("prompt--mark"))
        return [line]
