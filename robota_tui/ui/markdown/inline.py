"""Inline Markdown to runs: emphasis, code, links, images, breaks, each with its place in the source."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from robota_tui.ui.markdown.lines import BOLD, ITALIC, STRIKE, TEXT, UNDERLINE, Look, Run
from robota_tui.ui.markdown.parser import parse_inline
from robota_tui.ui.markdown.sanitize import clean, safe_url

if TYPE_CHECKING:
    from markdown_it.token import Token

    from robota_tui.ui.markdown.parser import References

_BARE_URL = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]}*_~]")
LINE_BREAK = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)
"""The one piece of HTML that is obeyed: in the cell of a table there is no other way to break a line."""
_MARKUP_CHARACTERS = re.compile(r"[\\`*_~\[\]!<>&\n]")


class OffsetMap:
    """From an index into a block's content to an offset into the source, line by line."""

    __slots__ = ("_content", "_source")

    def __init__(self, content: list[int], source: list[int]) -> None:
        self._content = content
        self._source = source

    def __call__(self, index: int) -> int:
        """The source offset of content index `index`."""
        if len(self._content) == 1:
            return self._source[0] + index
        line = bisect_right(self._content, index) - 1
        return self._source[line] + index - self._content[line]

    def after(self, skipped: int) -> OffsetMap:
        """The map for the content without its first `skipped` characters (fewer than its first line)."""
        starts = [0, *(start - skipped for start in self._content[1:])]
        return OffsetMap(starts, [self._source[0] + skipped, *self._source[1:]])


def inline_runs(
    content: str, offsets: OffsetMap, references: References, look: Look = TEXT
) -> list[list[Run]]:
    """The runs of `content`: one list for each stretch between hard line breaks."""
    if not _MARKUP_CHARACTERS.search(content) and "://" not in content:
        start = offsets(0)
        return [[Run(clean(content), look, start, start + len(content))]] if content else [[]]
    return _InlineRenderer(content, offsets, look).render(parse_inline(content, references))


class _InlineRenderer:
    """Walks the tokens of one block along its content; the cursor says what is already accounted for."""

    def __init__(self, content: str, offsets: OffsetMap, look: Look) -> None:
        self._content = content
        self._offsets = offsets
        self._looks = [look]
        self._cursor = 0
        self._stretches: list[list[Run]] = [[]]
        self._link_url = ""
        self._link_text: list[str] = []

    def render(self, tokens: list[Token]) -> list[list[Run]]:
        """The runs of `tokens`, one list for each stretch."""
        for token in tokens:
            kind = token.type
            if kind == "text":
                self._text(token.content)
            elif kind == "softbreak":
                self._break(" ")
            elif kind == "hardbreak":
                self._break("")
                self._stretches.append([])
            elif kind == "code_inline":
                self._code(token)
            elif kind == "link_open":
                self._open_link(token)
            elif kind == "link_close":
                self._close_link(token)
            elif kind == "image":
                self._image(token)
            elif token.nesting:
                self._emphasis(token)
            elif kind == "html_inline" and LINE_BREAK.fullmatch(token.content):
                self._skip(token.content)
                self._stretches.append([])
            else:
                self._literal(token)
        if len(self._stretches) > 1 and not self._stretches[-1]:
            self._stretches.pop()
        return self._stretches

    def _add(self, text: str, look: Look, start: int, end: int) -> None:
        """Add `text`, which stands for the content from `start` to `end`."""
        if text:
            self._stretches[-1].append(Run(clean(text), look, self._offsets(start), self._offsets(end)))
            self._link_text.append(text)

    def _text(self, text: str) -> None:
        if self._at_break():
            text = text.lstrip(" ")
        if not text:
            return
        start = self._content.find(text, self._cursor)
        if start < 0:
            start = self._cursor
        self._cursor = min(start + len(text), len(self._content))
        look = self._looks[-1]
        if "://" not in text or look.link:
            self._add(text, look, start, self._cursor)
            return
        done = 0
        for match in _BARE_URL.finditer(text):
            first, last = match.span()
            self._add(text[done:first], look, start + done, start + first)
            url = safe_url(match[0])
            self._add(match[0], look._replace(role="link", link=url), start + first, start + last)
            done = last
        self._add(text[done:], look, start + done, start + len(text))

    def _at_break(self) -> bool:
        return len(self._stretches) > 1 and not self._stretches[-1]

    def _break(self, shown: str) -> None:
        newline = self._content.find("\n", self._cursor)
        if newline < 0:
            return
        if shown and not self._at_break():
            self._add(shown, self._looks[-1], newline, newline + 1)
        self._cursor = newline + 1

    def _code(self, token: Token) -> None:
        markup, text = token.markup, token.content
        start = max(self._content.find(markup, self._cursor), self._cursor) + len(markup)
        if self._content[start : start + len(text)].replace("\n", " ") != text or (
            not self._content.startswith(markup, start + len(text))
        ):
            start += 1  # one space was stripped on each side
        end = min(start + len(text), len(self._content))
        self._cursor = max(self._content.find(markup, end), end) + len(markup)
        look = self._looks[-1]
        self._add(text, look._replace(role=look.role if look.link else "code"), start, end)

    def _literal(self, token: Token) -> None:
        """Escapes and entities show what they stand for, HTML shows itself."""
        raw = token.markup if token.type == "text_special" else token.content
        start = max(self._content.find(raw, self._cursor), self._cursor)
        self._cursor = min(start + len(raw), len(self._content))
        look = self._looks[-1]
        if token.type == "html_inline":
            look = look._replace(role="html")
        text = token.content.replace("\n", " ")
        first = start + 1 if token.info == "escape" and len(text) == 1 else start
        self._add(text, look, first, self._cursor)

    def _emphasis(self, token: Token) -> None:
        if token.nesting < 0:
            if len(self._looks) > 1:
                self._looks.pop()
            self._skip(token.markup)
            return
        flag = {"strong_open": BOLD, "em_open": ITALIC, "s_open": STRIKE}.get(token.type, 0)
        look = self._looks[-1]
        self._looks.append(look._replace(flags=look.flags | flag))
        self._skip(token.markup)

    def _skip(self, markup: str) -> None:
        if self._content.startswith(markup, self._cursor):
            self._cursor += len(markup)

    def _open_link(self, token: Token) -> None:
        url = str(token.attrs.get("href", ""))
        look = self._looks[-1]
        self._looks.append(look._replace(role="link", link=safe_url(url), flags=look.flags | UNDERLINE))
        opening = "<" if token.markup == "autolink" else "["
        self._cursor = max(self._content.find(opening, self._cursor) + 1, self._cursor)
        self._link_url = url
        self._link_text = []

    def _close_link(self, token: Token) -> None:
        if len(self._looks) > 1:
            self._looks.pop()
        inner_end = self._cursor
        self._cursor = int(token.meta.get("end", self._cursor))
        if token.markup == "autolink":
            return
        self._address(self._link_url, "".join(self._link_text), inner_end)

    def _address(self, url: str, text: str, start: int) -> None:
        """Show where a link leads, unless its text says so."""
        bare = url.removeprefix("mailto:")
        if bare and bare.rstrip("/") != text.strip().rstrip("/"):
            look = self._looks[-1]._replace(role="muted", link=safe_url(url))
            self._add(f" ({bare})", look, start, start)

    def _image(self, token: Token) -> None:
        end = int(token.meta.get("end", self._cursor))
        start = max(self._content.find("![", self._cursor, end), self._cursor)
        url = str(token.attrs.get("src", ""))
        look = self._looks[-1]._replace(role="link", link=safe_url(url))
        shown = token.content.replace("\n", " ") or "image"
        self._cursor = end
        self._add(f"▣ {shown}", look, start, end)
        self._address(url, shown, end)
