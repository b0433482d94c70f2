"""What stands around the composer: the line above it with what the chat is doing, and the prompt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from robota_tui.ui.widgets.lines import LineBuilder, LineWidget, fit


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What the line shows."""

    working: bool = False
    """Whether the chat is writing a reply."""
    stop_key: str = ""
    """The key that stops it."""
    queued: int = 0
    """Messages that wait for their turn."""
    state: str = ""
    """Why nothing can be sent; empty when it can."""


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
        queue = f" {info.queued} queued " if info.queued else ""
        text = info.state or (f"writing · {info.stop_key} stops" if info.working else "")
        line.add("──", rule)
        if text:
            line.add(fit(f" {text} ", width - len(queue) - 4), self.look("rule--text"))
        line.pad_to(width - len(queue) - 2 * bool(queue), rule, "─")
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
