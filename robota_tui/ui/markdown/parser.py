"""The one Markdown parser of the program, made on first use."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token


_MAX_NESTING = 60
"""Quotes and lists within each other; what lies deeper the parser leaves out."""


class References(dict[str, dict[str, Any]]):
    """The link reference definitions of a document, which remembers who asked for which.

    `base` holds definitions from earlier in the document; the first definition of a label wins.
    """

    def __init__(self, base: dict[str, dict[str, Any]] | None = None) -> None:
        super().__init__()
        self._base = base or {}
        self.wanted: set[str] = set()
        """Labels that were looked up since this set was last replaced, found or not."""
        self.lines: dict[str, int] = {}
        """In which line of the parsed text each definition begins."""

    def __contains__(self, label: object) -> bool:
        return super().__contains__(label) or label in self._base

    def get(self, label: str, default: Any = None) -> Any:
        """The definition of `label`; records the question."""
        self.wanted.add(label)
        return self._base.get(label) or super().get(label, default)


@cache
def parser() -> MarkdownIt:
    """CommonMark with tables and strikethrough; links and images note where they end (`meta["end"]`)."""
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import autolink, image, link

    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    markdown.options["maxNesting"] = _MAX_NESTING
    markdown.block.ruler.at("reference", _noting_line)
    for name, rule in (("link", link), ("image", image), ("autolink", autolink)):
        markdown.inline.ruler.at(name, _noting_end(rule))
    return markdown


def _noting_end(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    def noting(state: StateInline, silent: bool) -> bool:
        matched = rule(state, silent)
        if matched and not silent:
            state.tokens[-1].meta["end"] = state.pos
        return matched

    return noting


def _noting_line(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    from markdown_it.rules_block import reference

    references: References = state.env["references"]
    known = len(references)
    matched = reference(state, start_line, end_line, silent)
    if matched and not silent and len(references) > known:
        references.lines[next(reversed(references))] = start_line
    return matched


def parse_blocks(text: str, references: References) -> list[Token]:
    """Block tokens of `text`; inline content is left unparsed. Definitions land in `references`."""
    tokens: list[Token] = []
    markdown = parser()
    markdown.block.parse(text, markdown, {"references": references}, tokens)
    return tokens


def parse_inline(content: str, references: References) -> list[Token]:
    """Inline tokens of one block's content."""
    children: list[Token] = []
    markdown = parser()
    markdown.inline.parse(content, markdown, {"references": references}, children)
    return children
