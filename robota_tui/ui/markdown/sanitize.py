"""Foreign text made harmless for a terminal, character for character.

Every replacement is exactly one character long, so that offsets into the clean text are offsets
into the source.
"""

from __future__ import annotations

import re

_PLACEHOLDER = "\N{REPLACEMENT CHARACTER}"


def _is_unsafe(code: int) -> bool:
    return (
        code < 0x20
        or 0x7F <= code < 0xA0  # DEL and the C1 controls: terminals act on them
        or code in (0xAD, 0x61C, 0xFEFF, 0x180E)  # invisible, or of no agreed width
        or (0x200B <= code <= 0x200F and code not in (0x200C, 0x200D))  # directions; joiners stay
        or 0x2028 <= code <= 0x202E  # line and paragraph separators, bidi embeddings
        or 0x2060 <= code <= 0x206F  # bidi isolates and other invisible format characters
        or 0xD800 <= code <= 0xDFFF  # a lone surrogate cannot be encoded
        or 0xFFF9 <= code <= 0xFFFB
    )


_SUBSTITUTES = {
    code: chr(0x2400 + code) if code < 0x20 else "\N{SYMBOL FOR DELETE}" if code == 0x7F else _PLACEHOLDER
    for code in (*range(0x2070), *range(0xD800, 0xE000), 0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB)
    if _is_unsafe(code)
}
_SUBSTITUTES[0x09] = " "

_UNSAFE = re.compile("[" + "".join(re.escape(chr(code)) for code in _SUBSTITUTES) + "]")


def clean(text: str) -> str:
    """`text` with every control, bidi and unencodable character replaced by one visible one.

    A tab becomes a single space; code expands its tabs before it comes here.
    """
    if text.isascii() and text.isprintable():
        return text
    if _UNSAFE.search(text):
        text = text.translate(_SUBSTITUTES)
    if _JOINER in text:
        text = _STRAY_JOINER.sub(_NON_JOINER, text)
    if _TAG.search(text):
        text = _TAG_OR_FLAG.sub(lambda found: found[0] if len(found[0]) > 1 else _PLACEHOLDER, text)
    return text


_JOINER = "\N{ZERO WIDTH JOINER}"
_NON_JOINER = "\N{ZERO WIDTH NON-JOINER}"
_PICTURES = "\u2190-\u2bff\U0001f000-\U0001faff"
# Between letters a joiner only shapes them, but the width table would take the next letter for nothing.
_STRAY_JOINER = re.compile(f"(?<![{_PICTURES}\ufe0f]){_JOINER}|{_JOINER}(?![{_PICTURES}])")


# Tags draw nothing, so that they can hide a whole text; their one use is in the flags of these regions.
_TAG = re.compile("[\U000e0000-\U000e007f]")
_FLAGS = "|".join(
    "".join(chr(0xE0000 + ord(char)) for char in region) for region in ("gbeng", "gbsct", "gbwls")
)
_TAG_OR_FLAG = re.compile(f"\N{WAVING BLACK FLAG}(?:{_FLAGS})\U000e007f|{_TAG.pattern}")


def normalise_newlines(text: str) -> str:
    r"""`text` with `\r\n` and `\r` as `\n`; source offsets everywhere count in this form."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


_SAFE_SCHEMES = ("http://", "https://", "mailto:")


def safe_url(url: str) -> str:
    """`url` if a terminal may be given it as a link (http, https, mailto; printable ASCII), else ''."""
    if not url.lower().startswith(_SAFE_SCHEMES):
        return ""
    return url if url.isascii() and url.isprintable() and " " not in url else ""
