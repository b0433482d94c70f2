"""Syntax colours of code, by Pygments, which is imported when the first code block is shown.

Long code is coloured in windows: each window of `WINDOW` lines is lexed together with the window
before it and with nothing else, and a last line that has not come to its end all alone. So a line's
colours depend on at most `2 * WINDOW` lines, which keeps the cost of a growing block flat, what stands
above a growing line is not coloured again, and code of up to two windows is coloured exactly.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

WINDOW = 24
"""Lines that are coloured at once."""

_LONGEST_LINE = 2_000
"""Characters of a line that lexers are given; some expressions of theirs are slow on longer ones."""

Piece = tuple[str, str]
"""Text and its role."""


@lru_cache(maxsize=256)
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    if not language:
        return None
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except (ClassNotFound, ImportError, ValueError):
        return None


@lru_cache(maxsize=512)
def _role(token: _TokenType) -> str:
    from pygments.token import Comment, Generic, Keyword, Literal, Name, Number, Operator, String

    for family, role in (
        (Comment, "code-comment"),
        (Keyword, "code-keyword"),
        (String, "code-string"),
        (Number, "code-number"),
        (Literal, "code-string"),
        (Operator.Word, "code-keyword"),
        (Operator, "code-operator"),
        (Name.Builtin, "code-builtin"),
        (Name.Function, "code-name"),
        (Name.Class, "code-name"),
        (Name.Decorator, "code-name"),
        (Name.Tag, "code-keyword"),
        (Name.Attribute, "code-name"),
        (Generic.Deleted, "code-deleted"),
        (Generic.Inserted, "code-inserted"),
        (Generic.Heading, "code-keyword"),
        (Generic.Prompt, "code-keyword"),
    ):
        if token[: len(family)] == family:
            return role
    return "code-block"


def highlight_lines(
    lines: list[str], language: str, first: int = 0, *, partial: bool = False
) -> list[list[Piece]]:
    """Colour `lines[first:]`; `first`, and where `lines` begins in the block, must be multiples of WINDOW.

    `partial` says that the last line has not come to its end.

    Returns a list of pieces for each line; their texts join to exactly that line.
    """
    lexer = _lexer(language.lower())
    if lexer is None:
        return [[(line, "code-block")] if line else [] for line in lines[first:]]
    found: list[list[Piece]] = []
    complete = len(lines) - partial
    for start in range(first, complete, WINDOW):
        context = max(0, start - WINDOW)
        found += _lex(lexer, lines[context : min(start + WINDOW, complete)])[start - context :]
    return found + _lex(lexer, lines[complete:]) if partial else found


def _lex(lexer: Lexer, lines: list[str]) -> list[list[Piece]]:
    plain: list[list[Piece]] = [[(line, "code-block")] if line else [] for line in lines]
    if any(len(line) > _LONGEST_LINE for line in lines):
        return plain
    text = "\n".join(lines)
    found: list[list[Piece]] = [[]]
    # No lexer is trusted with foreign text: whatever one raises, or if it loses a character,
    # the code is shown without colours.
    try:
        for _, token, value in lexer.get_tokens_unprocessed(text):
            role = _role(token)
            head, *rest = value.split("\n")
            if head:
                found[-1].append((head, role))
            found += [[(part, role)] if part else [] for part in rest]
    except Exception:
        return plain
    if len(found) != len(lines) or any(
        "".join([text for text, _ in pieces]) != line for pieces, line in zip(found, lines, strict=True)
    ):
        return plain
    return found
