from __future__ import annotations

import pytest
from textual import events
from textual._xterm_parser import XTermParser

from robota_tui.ui import terminal_keys
from robota_tui.ui.terminal_stream import PASTE_PAUSE, InputMender

START, END = "\x1b[200~", "\x1b[201~"


@pytest.mark.parametrize(
    "reply",
    ["\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\", "\x1b]10;rgb:ff/ff/ff\x07", "\x1bP>|xterm(370)\x1b\\"],
)
@pytest.mark.parametrize("pieces", [1, 2, 3])
def test_a_reply_that_nobody_asked_for_is_not_typed(reply: str, pieces: int) -> None:
    mender = InputMender()
    # A terminal sends its replies whole, but they may be read in pieces.
    size = -(-len(reply) // pieces)
    fed = [mender.feed(reply[at : at + size], 0.0) for at in range(0, len(reply), size)]
    assert "".join(fed) + mender.feed("x", 0.0) == "x"


def test_the_real_parser_sees_no_reply_either() -> None:
    terminal_keys.install()
    tokens = XTermParser().feed("a\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\b")
    assert [token.key for token in tokens if isinstance(token, events.Key)] == ["a", "b"]


def test_the_beginning_of_a_reply_without_more_is_dropped_after_a_while() -> None:
    mender = InputMender()
    assert mender.feed("\x1b]11;rgb", 0.0) == ""
    assert mender.tick(PASTE_PAUSE) == ""
    assert mender.feed("x", PASTE_PAUSE) == "x"


def test_alt_and_a_bracket_before_a_digit_are_typed_a_moment_later() -> None:
    mender = InputMender()
    assert mender.feed("\x1b]1", 0.0) == ""
    assert mender.tick(0.05) == ""
    assert mender.tick(0.11) == "\x1b]1"
    assert mender.tick(0.3) == ""


def test_a_paste_without_an_end_is_ended_after_a_pause() -> None:
    mender = InputMender()
    assert mender.feed(START + "text", 0.0) == START + "text"
    assert mender.tick(PASTE_PAUSE - 0.1) == ""
    assert mender.tick(PASTE_PAUSE) == END
    assert mender.tick(PASTE_PAUSE * 3) == ""


def test_a_slow_paste_goes_on_as_long_as_something_comes() -> None:
    mender = InputMender()
    mender.feed(START, 0.0)
    for second in range(1, 10):
        mender.feed("text", float(second))
        assert mender.tick(second + 0.5) == ""
    mender.feed(END, 10.0)
    assert mender.tick(20.0) == ""


def test_a_mark_that_is_read_in_two_pieces_counts() -> None:
    mender = InputMender()
    mender.feed(f"{START}text{END[:3]}", 0.0)
    mender.feed(END[3:], 0.0)
    assert mender.tick(PASTE_PAUSE) == ""
    mender.feed(START[:4], 10.0)
    mender.feed(START[4:], 10.0)
    assert mender.tick(10 + PASTE_PAUSE) == END


@pytest.mark.parametrize("key", ["\x11", "\x03"])
def test_keys_that_leave_end_a_paste_that_does_not_end(key: str) -> None:
    mender = InputMender()
    mender.feed(START + "text", 0.0)
    assert mender.feed(key, 0.5) == END + key
    assert mender.feed(key, 0.6) == key
