"""Feeds bytes to Textual's real input parser: these fail when an upgrade moves what the repair relies on."""

from __future__ import annotations

import subprocess
import sys

import pytest
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser

from robota_tui.ui import terminal_keys


@pytest.fixture(autouse=True)
def repaired() -> None:
    terminal_keys.install()


def keys(data: str) -> list[tuple[str, str | None]]:
    return [
        (token.key, token.character) for token in XTermParser().feed(data) if isinstance(token, events.Key)
    ]


@pytest.mark.parametrize("digit", "0123456789")
def test_alt_and_a_digit_is_a_key_and_types_nothing(digit: str) -> None:
    assert keys(f"\x1b{digit}") == [(f"alt+{digit}", None)]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ("\x1b\r", "alt+enter"),
        ("\x1b/", "alt+slash"),
        ("\x1b-", "alt+minus"),
        ("\x1b=", "alt+equals_sign"),
        ("\x1ba", "alt+a"),
        ("\x1bA", "alt+shift+a"),
        ("\x1b\x07", "alt+ctrl+g"),
        ("\x1b[49;3u", "alt+1"),
        ("\x1b[1;3A", "alt+up"),
        ("\x1b[1;3D", "alt+left"),
        ("\x1b[5;5~", "ctrl+pageup"),
        ("\x1b[13;2u", "shift+enter"),
    ],
)
def test_alt_is_not_lost(data: str, key: str) -> None:
    assert keys(data) == [(key, None)]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ("\x1b[27;2;13~", "shift+enter"),
        ("\x1b[27;5;13~", "ctrl+enter"),
        ("\x1b[27;3;13~", "alt+enter"),
        ("\x1b[27;3;49~", "alt+1"),
        ("\x1b[27;5;9~", "ctrl+tab"),
        ("\x1b[27;6;80~", "ctrl+shift+p"),
    ],
)
def test_the_extended_keys_of_tmux_have_their_names(data: str, key: str) -> None:
    assert keys(data) == [(key, None)]


def test_a_shifted_letter_of_tmux_is_typed() -> None:
    assert keys("\x1b[27;2;65~") == [("A", "A")]


@pytest.mark.parametrize(("data", "key"), [("\x1bb", "ctrl+left"), ("\x1bf", "ctrl+right"), ("\x1bOP", "f1")])
def test_what_textual_reads_rightly_stays(data: str, key: str) -> None:
    assert keys(data) == [(key, None)]


@pytest.mark.parametrize("character", "¡™£¢∞§¶•ªº–≠a")
def test_a_character_that_is_really_typed_is_typed(character: str) -> None:
    assert [typed for _, typed in keys(character)] == [character]


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ("\x1b[1;1:1A", ["up"]),
        ("\x1b[1;5:2A", ["ctrl+up"]),
        ("\x1b[1;1:3A", []),
        ("\x1b[97;1:3u", []),
        ("\x1b[108:76;2:1u", ["shift+l"]),
        ("\x1b[99999999999;5u", []),
        ("\x1b[1;x:A", None),
        ("\x1b[:::u", None),
    ],
)
def test_kitty_sub_fields_do_not_kill_the_input(data: str, wanted: list[str] | None) -> None:
    found = keys(data + "\x1b[A")
    assert found[-1] == ("up", None)
    if wanted is not None:
        assert [key for key, _ in found[:-1]] == wanted


@pytest.mark.parametrize("reply", ["\x1b[?1u", "\x1b[?62;22c", "\x1b[>0;276;0c", "\x1b[?997;1n"])
def test_replies_of_the_terminal_are_not_typed(reply: str) -> None:
    assert keys(f"{reply}x") == [("x", "x")]


def test_mouse_paste_and_mode_reports_still_pass() -> None:
    data = "\x1b[<0;5;5M\x1b[200~text\x1b[201~\x1b[?2026;2$y\x1b[I"
    names = [type(token).__name__ for token in XTermParser().feed(data)]
    assert names == ["MouseDown", "Paste", "TerminalSupportsSynchronizedOutput", "AppFocus"]


def test_no_repaired_sequence_is_the_beginning_of_one_that_textual_knows() -> None:
    repaired = terminal_keys.legacy_alt_keys()
    assert [s for s in ANSI_SEQUENCES_KEYS for r in repaired if s != r and s.startswith(r)] == []


def test_without_the_repair_textual_still_does_what_made_it_necessary() -> None:
    # When this fails, Textual has changed: is the repair still needed, and still in the right place?
    probe = (
        "from textual._xterm_parser import XTermParser\n"
        "print([t.key for t in XTermParser().feed('\\x1b1')])\n"
        "try:\n    list(XTermParser().feed('\\x1b[1;1:1A'))\n"
        "except ValueError:\n    print('dies')\n"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["['inverted_exclamation_mark']", "dies"]
