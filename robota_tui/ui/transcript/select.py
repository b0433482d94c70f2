"""Selections in terms of the source: a place is a message's number and an offset into its parts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from robota_tui.ui.transcript.layout import CALLS, CONTENT, REASONING, source_text
from robota_tui.ui.transcript.paint import PART_SIZE

if TYPE_CHECKING:
    from textual.geometry import Offset

    from robota_tui.ui.transcript.document import TranscriptDocument

_END = PART_SIZE * 16
_WORD = re.compile(r"[^\W_]+(?:[_'’.\-/:@][^\W_]+)*|\S")


def span_in(start: Offset | None, end: Offset | None, index: int) -> tuple[int, int] | None:
    """Which places of message `index` lie between two places; None if none do."""
    if (start is not None and index < start.y) or (end is not None and index > end.y):
        return None
    first = start.x if start is not None and index == start.y else 0
    last = end.x if end is not None and index == end.y else _END
    return first, last


def selected_source(document: TranscriptDocument, start: Offset | None, end: Offset | None) -> str:
    """The source text between two places, across messages; what is folded away is left out."""
    if not len(document):
        return ""
    first = start.y if start is not None else 0
    last = min(end.y if end is not None else len(document) - 1, len(document) - 1)
    found: list[str] = []
    for index in range(first, last + 1):
        span = span_in(start, end, index)
        if span is not None:
            found += [text for text in _parts(document, index, *span) if text]
    return "\n\n".join(found)


def _parts(document: TranscriptDocument, index: int, first: int, last: int) -> list[str]:
    message = document.source.messages[index]
    live = document.live(message)
    shown = document.unfolded(message.id)
    found = []
    for part in (REASONING, CONTENT, CALLS):
        base = part * PART_SIZE
        if last <= base or (part == REASONING and "reasoning" not in shown):
            continue
        found.append(source_text(message, live, part)[max(0, first - base) : last - base])
    return found


def word_span(document: TranscriptDocument, place: Offset) -> tuple[int, int] | None:
    """The word that stands at a place, as places of its message."""
    part, offset = divmod(place.x, PART_SIZE)
    message = document.source.messages[place.y]
    text = source_text(message, document.live(message), part)
    line = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    for match in _WORD.finditer(text, line, end if end >= 0 else len(text)):
        if match.start() <= offset < match.end():
            return part * PART_SIZE + match.start(), part * PART_SIZE + match.end()
    return None


def message_span() -> tuple[int, int]:
    """All of a message."""
    return 0, _END
