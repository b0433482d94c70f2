"""What the copy keys take: the newest answer, and code blocks, as they were written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from robota_tui.agents.messages import Role

if TYPE_CHECKING:
    from robota_tui.ui.transcript.document import TranscriptDocument

_MOST_BLOCKS = 200


class CodeBlock(NamedTuple):
    """A fenced code block of the transcript."""

    message_id: str
    language: str
    """As the author wrote it; may be empty."""
    source: str


def last_answer(document: TranscriptDocument) -> str | None:
    """The source of the newest answer, also of one that is being streamed."""
    for message in reversed(document.source.messages):
        if message.role is Role.ASSISTANT:
            live = document.live(message)
            return live.text if live is not None else message.content
    return None


def code_blocks(document: TranscriptDocument) -> list[CodeBlock]:
    """The fenced code blocks, newest last; of a very long chat the last 200 or so."""
    from robota_tui.ui.markdown.extract import fenced_code

    found: list[list[CodeBlock]] = []
    count = 0
    for message in reversed(document.source.messages):
        live = document.live(message)
        text = live.text if live is not None else message.content
        blocks = [CodeBlock(message.id, language, source) for language, source in fenced_code(text)]
        found.append(blocks)
        count += len(blocks)
        if count >= _MOST_BLOCKS:
            break
    return [block for blocks in reversed(found) for block in blocks]
