from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from robota_tui.ui.plain import plain_block, plain_line

ANYTHING = st.text(st.characters(exclude_categories=()))


@given(ANYTHING)
def test_a_line_holds_no_control_character_and_can_be_written(text: str) -> None:
    line = plain_line(text)
    assert not {unicodedata.category(character) for character in line} & {"Cc", "Cs", "Zl", "Zp"}
    assert line == line.strip()
    line.encode()


@given(ANYTHING)
def test_a_block_keeps_only_line_feeds_of_the_control_characters(text: str) -> None:
    block = plain_block(text).replace("\n", "")
    assert not {unicodedata.category(character) for character in block} & {"Cc", "Cs"}


def test_whole_escape_sequences_go_and_the_text_around_them_stays() -> None:
    assert plain_line("a\x1b[31mb\x1b]0;title\x07c\x1b]8;;http://x\x1b\\d\x9b2Je\x1b(Bf") == "abcdef"


def test_text_after_an_unfinished_escape_sequence_is_not_swallowed_with_the_next_one() -> None:
    assert plain_line("one \x1b]0;two \x1b[1mthree") == "one three"


def test_characters_that_turn_the_reading_order_go() -> None:
    assert plain_line("abc\u202edef\u2066") == "abcdef"


def test_emoji_made_of_several_characters_stay_whole() -> None:
    family = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
    assert plain_line(family) == family


def test_line_ends_of_every_kind_become_one_kind() -> None:
    assert plain_block("a\r\nb\rc\u2028d\x85e") == "a\nb\nc\nd\ne"


def test_a_tab_becomes_blanks() -> None:
    assert plain_block("\tx") == "    x"
    assert plain_line("a\t\n b") == "a b"


def test_markup_stays_text() -> None:
    assert plain_line("[bold]x[/]") == "[bold]x[/]"
