"""Code blocks of a Markdown text, as the author wrote them."""

from __future__ import annotations

from robota_tui.ui.markdown.parser import References, parse_blocks
from robota_tui.ui.markdown.sanitize import normalise_newlines


def fenced_code(text: str) -> list[tuple[str, str]]:
    """Language and source of each fenced block of `text`, in order."""
    if "```" not in text and "~~~" not in text:
        return []
    found = []
    for token in parse_blocks(normalise_newlines(text), References()):
        if token.type == "fence":
            words = token.info.split(maxsplit=1)
            found.append((words[0] if words else "", token.content))
    return found
