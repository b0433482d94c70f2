"""One message as lines: a header, folded reasoning and tool calls, the text, and how it ended."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from robota_tui.agents.messages import Message, MessageState, Role
from robota_tui.ui.markdown.lines import BOLD, MUTED, TEXT, Line, Look, Run
from robota_tui.ui.markdown.plain import render_plain
from robota_tui.ui.markdown.sanitize import clean, normalise_newlines
from robota_tui.ui.markdown.stream import StreamingMarkdown
from robota_tui.ui.markdown.wrap import wrap_runs
from robota_tui.ui.plain import plain_line
from robota_tui.ui.transcript.body import Body, MessageBody, line_start

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from robota_tui.ui.transcript.source import Live

GUTTER = 2
"""Cells that everything but headers is indented by."""

# The parts of a message that have a source text, in the order in which they stand on the screen.
HEADER, REASONING, CONTENT, CALLS, FOOTER = range(5)

_META = Look("meta")
_FOLD = Look("fold")
_AUTHORS = {
    Role.USER: ("❯", "user", "You"),
    Role.ASSISTANT: ("◆", "assistant", "Assistant"),
    Role.SYSTEM: ("§", "system", "System"),
    Role.TOOL: ("⚙", "tool", "Tool result"),
}
_STATES = {
    MessageState.STREAMING: ("… writing", "streaming"),
    MessageState.FAILED: ("✗ failed", "error"),
}


class Lines(NamedTuple):
    """Some consecutive lines of a message."""

    part: int
    """HEADER, REASONING, CONTENT, CALLS or FOOTER."""
    lines: Body
    fold: str = ""
    """What a click on the first line folds or unfolds; empty for nothing."""


class Style(NamedTuple):
    """What besides the message itself decides how it is laid out."""

    width: int
    """Cells, the gutter included."""
    author: str = ""
    """Name of the agent."""
    details: bool = False
    """Whether the header shows tokens and duration."""
    unread: bool = False
    """Whether the mark for the first unread message stands above it."""


class MessageLayout:
    """The lines of one message; follows the message when `update` is called."""

    def __init__(self, message: Message, live: Live | None, style: Style, unfolded: Collection[str]) -> None:
        self.style = style
        """What the lines were made for."""
        self.sections: list[Lines] = []
        """From top to bottom."""
        self.height = 0
        """Number of lines."""
        self.epoch = -1
        """State of the document when this was last brought up to date; the document's own business."""
        self.streaming = False
        """Whether the text may still grow."""
        self._body = MessageBody(self.body_width)
        self._reasoning: StreamingMarkdown | None = None
        self._reasoning_seen = 0
        self.update(message, live, unfolded)

    @property
    def behind(self) -> bool:
        """Whether so much text came at once that a part is left for the next `update`."""
        return self._body.behind

    @property
    def body_width(self) -> int:
        """Cells that text has."""
        return max(1, self.style.width - GUTTER)

    def update(self, message: Message, live: Live | None, unfolded: Collection[str]) -> None:
        """Bring the lines up to date; costs what is new in the text, and the few lines around it."""
        self.streaming = live is not None
        sections = [Lines(HEADER, self._header(message))]
        sections += self._reasoning_lines(message, live, unfolded)
        is_open = True
        if message.role is Role.TOOL:
            fold = f"result:{message.tool_call_id or ''}"
            is_open = fold in unfolded
            sections.append(self._fold_line(CONTENT, fold, f"{len(message.content):,} characters", is_open))
        if is_open:
            self._body.update(message, live)
            sections += [Lines(CONTENT, self._body.lines)] if len(self._body.lines) else []
        for call in message.tool_calls:
            fold = f"call:{call.id}"
            sections.append(self._fold_line(CALLS, fold, f"called {call.name}", fold in unfolded))
            if fold in unfolded:
                sections.append(Lines(CALLS, _plain_lines(_pretty(call.arguments), self.body_width, _META)))
        footer = self._footer(message)
        sections += [Lines(FOOTER, footer)] if footer else []
        sections.append(_GAP)
        _keep_identity(self.sections, sections)
        self.sections = sections
        self.height = sum(len(section.lines) for section in sections)

    def _header(self, message: Message) -> list[Line]:
        glyph, role, name = _AUTHORS[message.role]
        if message.role is Role.ASSISTANT and self.style.author:
            name = self.style.author
        runs = [
            Run(f"{glyph} ", Look(role, BOLD), 0, 0),
            Run(clean(plain_line(name)), Look(role, BOLD), 0, 0),
            Run(f"  {message.created_at.astimezone():%H:%M}", _META, 0, 0),
        ]
        if message.model:
            runs.append(Run(f"  {clean(message.model)}", _META, 0, 0))
        if self.style.details:
            runs.append(Run(clean(_details(message)), _META, 0, 0))
        if message.state in _STATES:
            label, role = _STATES[message.state]
            runs.append(Run(f"  {label}", Look(role), 0, 0))
        header = [Line(wrap_runs(runs, self.style.width)[0])]
        if self.style.unread:
            label = "── new " + "─" * max(0, self.style.width - 7)
            header.insert(0, Line([Run(label[: self.style.width], Look("unread"), 0, 0)]))
        return header

    def _fold_line(self, part: int, fold: str, label: str, is_open: bool) -> Lines:
        text = f"{'▾' if is_open else '▸'} {clean(label)}"
        return Lines(part, [Line(wrap_runs([Run(text, _FOLD, 0, 0)], self.body_width)[0])], fold)

    def _reasoning_lines(self, message: Message, live: Live | None, unfolded: Collection[str]) -> list[Lines]:
        stored = str(message.metadata.get("reasoning") or "")
        size = len(live.reasoning) if live is not None else len(stored)
        if not size:
            return []
        is_open = "reasoning" in unfolded
        thinking = live is not None and not len(live)
        label = "thinking…" if thinking else "thought"
        found = [self._fold_line(REASONING, "reasoning", f"{label} ({size:,} characters)", is_open)]
        if is_open:
            if self._reasoning is None or size < self._reasoning_seen:
                self._reasoning, self._reasoning_seen = StreamingMarkdown(self.body_width), 0
            start = self._reasoning_seen
            new = live.reasoning.tail(start) if live is not None else stored[start:]
            self._reasoning.append(new)
            self._reasoning.settle()
            self._reasoning_seen += len(new)
            found.append(Lines(REASONING, self._reasoning))
        return found

    def _footer(self, message: Message) -> list[Line]:
        found: list[Line] = []
        if message.state is MessageState.FAILED:
            error = str(message.metadata.get("error") or "The reply failed.")
            found += _plain_lines(f"✗ {error}", self.body_width, Look("error"))
            if hint := str(message.metadata.get("hint") or ""):
                found += _plain_lines(f"→ {hint}", self.body_width, Look("hint"))
        elif message.state is MessageState.INTERRUPTED:
            found += _plain_lines("■ interrupted", self.body_width, Look("interrupted"))
        elif message.state is MessageState.COMPLETE and _is_empty(message):
            found += _plain_lines("(empty answer)", self.body_width, MUTED)
        return found

    def at(self, index: int) -> tuple[Lines, Line, int]:
        """Line number `index`: the section it is in, the line, and its number within the section."""
        for section in self.sections:
            size = len(section.lines)
            if index < size:
                return section, section.lines[index], index
            index -= size
        raise IndexError(index)

    def lines_from(self, first: int, most: int) -> Iterator[tuple[Lines, Line, int]]:
        """Up to `most` lines from number `first` on, each with its section and its number within that."""
        for section in self.sections:
            size = len(section.lines)
            for number in range(first, min(size, first + most)):
                yield section, section.lines[number], number
            most -= max(0, min(size - first, most))
            first = max(0, first - size)
            if most <= 0:
                return

    def before(self, part: int) -> int:
        """Number of lines that stand before `part`."""
        lines = 0
        for section in self.sections:
            if section.part == part:
                break
            lines += len(section.lines)
        return lines

    def line_of(self, part: int, offset: int) -> int:
        """Number of the line on which source `offset` of `part` stands; 0 if there is none."""
        before = found = 0
        for section in self.sections:
            size = len(section.lines)
            if section.part == part and not section.fold:
                low, high = 0, size
                while low < high:
                    middle = (low + high) // 2
                    if line_start(section.lines, middle) <= offset:
                        low = middle + 1
                    else:
                        high = middle
                found = before + max(0, low - 1)
            before += size
        return found


_GAP = Lines(FOOTER, [Line([Run("", TEXT, 0, 0)])])
"""The blank line after each message."""


def _keep_identity(before: list[Lines], after: list[Lines]) -> None:
    """Lines around the text that came out as they were stay the same objects, so they are not drawn again."""
    for old, new in zip(before, after, strict=False):
        if old.part != new.part or not isinstance(new.lines, list) or not isinstance(old.lines, list):
            continue
        for number, (was, line) in enumerate(zip(old.lines, new.lines, strict=False)):
            if was is not line and was.same_as(line):
                new.lines[number] = was


def source_text(message: Message, live: Live | None, part: int) -> str:
    """The source that the offsets of `part` count in."""
    if part == CONTENT:
        return normalise_newlines(live.text if live is not None else message.content)
    if part == REASONING:
        return normalise_newlines(
            live.reasoning.text if live is not None else str(message.metadata.get("reasoning") or "")
        )
    if part == CALLS:
        return "\n".join(f"{call.name}({call.arguments})" for call in message.tool_calls)
    return ""


def _plain_lines(text: str, width: int, look: Look) -> list[Line]:
    """Text of the program's own, which has no source."""
    return [
        Line([run._replace(start=0, end=0) for run in line.runs]) for line in render_plain(text, width, look)
    ]


def _is_empty(message: Message) -> bool:
    return message.role is Role.ASSISTANT and not message.tool_calls and not message.content.strip()


def _details(message: Message) -> str:
    found = ""
    if message.usage is not None:
        found += f"  {message.usage.prompt_tokens:,}+{message.usage.completion_tokens:,} tokens"
    if isinstance(seconds := message.metadata.get("duration"), int | float):
        found += f"  {seconds:.1f} s"
    return found


def _pretty(arguments: str) -> str:
    try:
        return json.dumps(json.loads(arguments), indent=2, ensure_ascii=False)
    except ValueError:
        return arguments
