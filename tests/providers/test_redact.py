from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from robota_tui.providers.redact import one_line, redact

KEY = "canary-Zq81LmPw03-tail"


@given(
    before=st.text(max_size=20),
    after=st.text(max_size=20),
    start=st.integers(0, 10),
    length=st.integers(6, 22),
)
def test_no_longer_piece_of_the_key_survives(before: str, after: str, start: int, length: int) -> None:
    shown = one_line(before + KEY[start : start + length] + after, KEY)
    assert all(KEY[at : at + 6] not in shown for at in range(len(KEY) - 5))


def test_a_masked_key_is_removed_with_the_parts_left_readable() -> None:
    assert (
        redact("Incorrect key: sk-proj-ab******wxyz. See docs", None) == "Incorrect key: [redacted] See docs"
    )


def test_what_looks_like_a_key_is_removed_even_if_it_is_not_ours() -> None:
    assert redact("you sent sk-0123456789abcdef", "other-key") == "you sent [redacted]"


def test_ordinary_words_stay() -> None:
    text = "The model ran out of *context*: 9021 tokens - see task-force notes."
    assert redact(text, KEY) == text


def test_a_short_key_is_removed_as_a_whole() -> None:
    assert redact("key abc1 refused", "abc1") == "key [redacted] refused"


def test_control_characters_and_line_breaks_never_come_through() -> None:
    assert one_line("a\x1b[31mb\r\nc\u202ed\x9b") == "a [31mb c d"


def test_a_long_text_is_cut() -> None:
    assert len(one_line("x" * 10_000)) == 240
