"""The line that says who wants attention, which model answers, and what it has used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from robota_tui.sessions.state import ChatStatus, SessionState
from robota_tui.ui.plain import plain_line
from robota_tui.ui.statuses import STATUS_LOOKS
from robota_tui.ui.widgets.lines import LineBuilder, LineWidget, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

_LONGEST_LABEL = 18
_STATES = {SessionState.PAUSED: "paused", SessionState.TERMINATED: "terminated: reading only"}


@dataclass(frozen=True, slots=True)
class HotEntry:
    """A chat that wants attention."""

    chat_id: str
    label: str
    status: ChatStatus


@dataclass(frozen=True, slots=True)
class StatusInfo:
    """What the line shows."""

    hotlist: tuple[HotEntry, ...] = ()
    """Most urgent first."""
    notice: str = ""
    """A hint that gives way to the hotlist."""
    state: SessionState = SessionState.ACTIVE
    model: str = ""
    provider: str = ""
    tokens: int | None = None
    """Used by this chat so far; `None` while not known."""
    cost: float | None = None
    """In US dollars."""


class StatusLine(LineWidget[str]):
    """Attention on the left; session state, model, provider and tokens on the right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "status--state",
        "status--muted",
        "status--model",
        "status--notice",
    }

    class Chosen(Message):
        """An entry of the hotlist was clicked."""

        def __init__(self, chat_id: str) -> None:
            super().__init__()
            self.chat_id = chat_id

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._info = StatusInfo()

    def show(self, info: StatusInfo) -> None:
        """Show this; repaints only if something is different."""
        if info != self._info:
            self._info = info
            self.refresh()

    def build_lines(self, width: int, height: int) -> list[LineBuilder[str]]:
        """The right half first: the hotlist gets what it leaves."""
        right = self._facts(width)
        line: LineBuilder[str] = LineBuilder()
        room = width - right.width
        if self._info.hotlist:
            line.extend(self._hotlist(room))
        elif self._info.notice:
            line.add(fit(f" {plain_line(self._info.notice)}", room - 1), self.look("status--notice"))
        line.pad_to(room)
        line.extend(right)
        return [line]

    def choose(self, target: str, event: events.Click) -> None:
        """Ask for the chat."""
        self.post_message(self.Chosen(target))

    def _hotlist(self, room: int) -> LineBuilder[str]:
        line: LineBuilder[str] = LineBuilder()
        muted = self.look("status--muted")
        line.add(" [", muted)
        entries = self._info.hotlist
        for index, entry in enumerate(entries):
            look = STATUS_LOOKS[entry.status]
            label = fit(plain_line(entry.label), _LONGEST_LABEL)
            part: LineBuilder[str] = LineBuilder()
            part.add(" " if index else "", None)
            part.add(f"{look.glyph} ", self.status_style(entry.status), entry.chat_id)
            part.add(f"{label} {look.word}", self.status_style(entry.status), entry.chat_id)
            rest = f" +{len(entries) - index}"
            if line.width + part.width + len(rest) + 1 > room:
                line.add(rest, muted)
                break
            line.extend(part)
        line.add("]", muted)
        return line

    def _facts(self, width: int) -> LineBuilder[str]:
        """As much of the facts as fits into two thirds of the line, the most important last to go."""
        info = self._info
        facts = [
            (_STATES.get(info.state, ""), "status--state"),
            (plain_line(info.model), "status--model"),
            (plain_line(info.provider), "status--muted"),
            (_tokens(info.tokens), "status--muted"),
            ("" if info.cost is None else f"${info.cost:.2f}", "status--muted"),
        ]
        line: LineBuilder[str] = LineBuilder()
        for text, component in _fitting([fact for fact in facts if fact[0]], width * 2 // 3):
            line.add(" · " if line.width else " ", self.look("status--muted"))
            line.add(text, self.look(component))
        line.add(" " if line.width else "")
        return line


def _fitting(facts: Sequence[tuple[str, str]], width: int) -> list[tuple[str, str]]:
    chosen: list[tuple[str, str]] = []
    used = 2
    for text, component in facts:
        shown = fit(text, max(width - used, 0)) if not chosen else text
        if used + len(shown) + 3 > width and chosen:
            break
        chosen.append((shown, component))
        used += len(shown) + 3
    return chosen


def _tokens(count: int | None) -> str:
    if not count:
        return ""
    if count < 1000:
        return f"{count} tokens"
    return f"{count / 1000:.1f}k tokens" if count < 100_000 else f"{count // 1000}k tokens"
