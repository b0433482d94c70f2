"""Random Markdown: pieces that open, close and disturb each other's constructs, cut anywhere."""

from __future__ import annotations

from hypothesis import strategies as st

PIECES = (
    "# heading\n",
    "heading\n===\n",
    "text with some words ",
    "word " * 30,
    "**bold** ",
    "**open ",
    "*em* ",
    "_snake_case_ ",
    "`code` ",
    "`",
    "~~gone~~ ",
    "``` \n",
    "```python\n",
    "def f(x): return 'x'\n",
    "~~~\n",
    "\n",
    "\n\n",
    "  \n",
    "\\\n",
    "- item\n",
    "- [x] done\n",
    "  - nested\n",
    "    deeper\n",
    "1. one\n",
    "2) two\n",
    "   continued\n",
    "* * *\n",
    "+ z\n",
    "> quote\n",
    "> - in quote\n",
    ">",
    "| a | b |\n",
    "|---|:-:|\n",
    "| x | a longer cell |\n",
    "a|b\n",
    "--|--\n",
    "[foo]",
    "[foo]: /url\n",
    "[bar]: http://x.y 'ti\n",
    "tle'\n",
    "[bar] ",
    "[text](http://a.b 'title')",
    "![image](u)",
    "<div>\n",
    "<br>",
    " <BR /> ",
    "| one<br>two | x<br> |\n",
    "<!-- open\n",
    "-->\n",
    "<http://a.b>",
    "https://x.y/z. ",
    "&amp;",
    "&nbsp;",
    "\\*",
    "---\n",
    "===\n",
    "    code\n",
    "\t",
    "日本語の文章",
    "👨‍👩‍👧 ",
    "🇩🇪🇫🇷",
    "e\u0301",
    "\r\n",
    "\r",
    "\x1b[31m",
    "\u202e",
    "\x00",
)


def markdown(most: int = 60) -> st.SearchStrategy[str]:
    """A text of up to so many pieces."""
    return st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=most).map("".join)


def sizes() -> st.SearchStrategy[list[int]]:
    """How many characters come at once, over and over."""
    return st.lists(st.integers(1, 80), min_size=1, max_size=12)


def cut_up(text: str, sizes: list[int]) -> list[str]:
    """`text` in pieces of these sizes."""
    pieces, start, turn = [], 0, 0
    while start < len(text):
        size = sizes[turn % len(sizes)]
        pieces.append(text[start : start + size])
        start += size
        turn += 1
    return pieces
