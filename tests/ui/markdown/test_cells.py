from __future__ import annotations

import sys

from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from robota_tui.ui.markdown.cells import graphemes, is_simple, line_breaks, text_width
from robota_tui.ui.markdown.sanitize import clean


def test_simple_characters_are_one_cell_each_in_the_width_table() -> None:
    simple = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if not 0xD800 <= code < 0xE000 and is_simple(chr(code))
    ]
    assert len(simple) > 1000
    assert all(cell_len(char) == 1 for char in simple if char.isprintable() or char == "\xa0")


def test_no_control_bidi_or_lone_surrogate_survives_cleaning() -> None:
    bad = [
        *map(chr, range(32)),
        *map(chr, range(0x7F, 0xA0)),
        "\u202e",
        "\u2066",
        "\u200f",
        "\u2028",
        "\ud800",
        "\ufeff",
    ]
    for char in bad:
        assert char not in clean(f"a{char}b")
        assert len(clean(f"a{char}b")) == 3


def test_tags_cannot_hide_a_text_but_make_flags() -> None:
    hidden = "".join(chr(0xE0000 + ord(char)) for char in "gbeng")
    flag = f"\N{WAVING BLACK FLAG}{hidden}\U000e007f"
    assert clean(f"a{hidden}b\U000e0001") == "a" + "\ufffd" * 5 + "b\ufffd"
    assert clean(f"{flag} {flag}!") == f"{flag} {flag}!"
    assert clean(flag[:-1]) == "\N{WAVING BLACK FLAG}" + "\ufffd" * 5
    assert text_width(flag) == 2
    assert [flag[start:end] for start, end, _ in graphemes(flag)] == [flag]


def test_joiners_stay_between_emoji_only() -> None:
    assert clean("👨‍👩‍👧") == "👨‍👩‍👧"
    assert "\u200d" not in clean("a\u200db")


@settings(deadline=None)
@given(st.text())
def test_graphemes_cover_the_text_without_gaps(text: str) -> None:
    text = clean(text)
    found = graphemes(text)
    assert "".join(text[start:end] for start, end, _ in found) == text
    assert text_width(text) == sum(width for _, _, width in found)


@settings(deadline=None)
@given(st.text(), st.integers(1, 40))
def test_the_width_is_what_textual_measures(text: str, width: int) -> None:
    text = clean(text)
    assert text_width(text) == cell_len(text)


@settings(deadline=None)
@given(st.text(st.sampled_from("ab 日、👍é\u0301 "), max_size=60), st.integers(1, 12))
@example("  、", 1)
def test_breaks_are_greedy_and_lose_only_spaces(text: str, width: int) -> None:
    text = clean(text)
    spans = line_breaks(text, width)
    assert spans
    end = 0
    for start, stop in spans:
        assert not text[end:start].strip(" ")
        # Spaces hang, also those that a line begins with when nothing else fits.
        shown = text[start:stop].rstrip(" ")
        assert text_width(shown) <= width or len(graphemes(shown)) == 1
        end = stop
    assert not text[end:].strip(" ")


@settings(deadline=None)
@given(st.text(st.sampled_from("ab 日、👍é "), max_size=60), st.integers(1, 12))
def test_a_line_depends_on_nothing_before_its_start(text: str, width: int) -> None:
    spans = line_breaks(text, width)
    for number, (start, _) in enumerate(spans[1:], 1):
        rest = line_breaks(text[start:], width)
        assert [(first + start, last + start) for first, last in rest] == spans[number:]
