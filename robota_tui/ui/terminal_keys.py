"""Repairs of the keys that Textual 8.2 loses, misreads or dies of; see `install`.

Everything here hangs on Textual's input parser, `XTermParser`, and its private method
`_sequence_to_key_events`, and on the decoder that its driver uses. Nothing public sits between the bytes
and the key events, and a lost Alt key cannot be told from typed text later on. The tests drive the real
parser and the real driver, so that an upgrade of Textual that moves things fails loudly.
"""

from __future__ import annotations

import codecs
import re
import string
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.keys import Keys

from robota_tui.ui.terminal_stream import InputMender

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.message import Message

_PUNCTUATION = {
    "/": "slash",
    "-": "minus",
    "=": "equals_sign",
    ",": "comma",
    ".": "full_stop",
    ";": "semicolon",
    "<": "less_than_sign",
    ">": "greater_than_sign",
    "?": "question_mark",
    "!": "exclamation_mark",
    " ": "space",
}
_WORD_MOTION = "bf"
"""ESC b and ESC f are what some terminals send for alt+left and alt+right; Textual knows them."""
_SEQUENCE_STARTS = "OPX"
"""ESC O, ESC P and ESC X begin longer sequences."""

_MODIFY_OTHER_KEYS = re.compile(r"\x1b\[27;(\d{1,3});(\d{1,7})~")
_WITH_SUB_FIELDS = re.compile(r"\x1b\[([\d:]*)((?:;[\d:]*){1,2})([u~ABCDEFHPQRS])")
_TERMINAL_REPLY = re.compile(r"\x1b\[[?>=][\d;:]*[A-Za-z]")
_RELEASED = "3"


class _Parse(Protocol):
    def __call__(self, parser: XTermParser, sequence: str, alt: bool = False) -> Iterable[events.Key]: ...


def legacy_alt_keys() -> dict[str, str]:
    """Sequences of ESC and one character that terminals send for Alt, and the key each one is.

    Textual takes ESC 1 for `¡`, which it types, drops the Alt of ESC CR, which would send the message,
    and waits a tenth of a second before it believes in ESC a.
    """
    keys = {f"\x1b{digit}": f"alt+{digit}" for digit in string.digits}
    keys |= {f"\x1b{character}": f"alt+{name}" for character, name in _PUNCTUATION.items()}
    keys |= {
        f"\x1b{letter}": f"alt+{letter}" for letter in string.ascii_lowercase if letter not in _WORD_MOTION
    }
    keys |= {
        f"\x1b{letter}": f"alt+shift+{letter.lower()}"
        for letter in string.ascii_uppercase
        if letter not in _SEQUENCE_STARTS
    }
    keys |= {
        f"\x1b{chr(code)}": f"alt+ctrl+{chr(code + 96)}"
        for code in range(1, 27)
        if chr(code) not in "\b\t\n\r"
    }
    keys |= {"\x1b\r": "alt+enter", "\x1b\n": "alt+enter"}
    return keys


def install() -> None:
    """Teach Textual's input parser the keys it loses; calling it again changes nothing.

    - Alt with a digit, a letter, punctuation or Enter, as terminals without the kitty protocol and every
      tmux send it, becomes `alt+1`, `alt+slash`, `alt+enter` and so on.
    - The `CSI 27 ; modifiers ; code ~` form of tmux's extended keys becomes the key it means.
    - Sub-fields of the kitty protocol (event types, alternate keys), which make Textual's input thread die
      of a ValueError, are read: a release is dropped, the rest is the key. What cannot be read is dropped.
    - Replies of the terminal to questions nobody asked are dropped instead of typed.
    - A paste without an end is ended, see `InputMender`.
    - A byte that is not UTF-8, of which the input thread dies, becomes U+FFFD.
    """
    original: Any = XTermParser._sequence_to_key_events
    if getattr(original, "repaired", False):
        return
    XTermParser._sequence_to_key_events = _repaired(original)  # type: ignore[method-assign]
    XTermParser.feed = _mended_feed(XTermParser.feed)  # type: ignore[method-assign]
    XTermParser.tick = _mended_tick(XTermParser.tick, XTermParser.feed)  # type: ignore[method-assign]
    if sys.platform != "win32":
        from textual.drivers import linux_driver

        driver: Any = linux_driver
        driver.getincrementaldecoder = _forgiving_decoder


def _forgiving_decoder(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
    """In the place of `codecs.getincrementaldecoder`: decoders that replace what they cannot read."""
    return partial(codecs.getincrementaldecoder(encoding), errors="replace")


def _mender_of(parser: XTermParser) -> InputMender:
    mender: InputMender = vars(parser).setdefault("_mender", InputMender())
    return mender


def _mended_feed(original: Callable[[XTermParser, str], Iterable[Message]]) -> Any:
    def feed(parser: XTermParser, data: str) -> Iterable[Message]:
        # Nothing at all means the end of the input, and that alone.
        mended = _mender_of(parser).feed(data, time.monotonic()) if data else data
        return original(parser, mended) if mended or not data else ()

    feed.original = original  # type: ignore[attr-defined]
    return feed


def _mended_tick(original: Callable[[XTermParser], Iterable[Message]], feed: Any) -> Any:
    def tick(parser: XTermParser) -> Iterable[Message]:
        if late := _mender_of(parser).tick(time.monotonic()):
            yield from feed.original(parser, late)
        yield from original(parser)

    return tick


def _repaired(original: _Parse) -> Any:
    legacy = legacy_alt_keys()

    def sequence_to_key_events(parser: XTermParser, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        if len(sequence) == 1:
            return original(parser, sequence, alt)
        if (key := legacy.get(sequence)) is not None:
            return (events.Key(key, None),)
        if sequence.startswith("\x1b["):
            return _control_sequence(original, parser, sequence)
        return original(parser, sequence, alt)

    sequence_to_key_events.repaired = True  # type: ignore[attr-defined]
    return sequence_to_key_events


def _control_sequence(original: _Parse, parser: XTermParser, sequence: str) -> Iterable[events.Key]:
    ignored = (events.Key(Keys.Ignore, sequence),)
    if _TERMINAL_REPLY.fullmatch(sequence) and sequence not in ANSI_SEQUENCES_KEYS:
        return ignored
    plain = _without_sub_fields(_kitty_form(sequence))
    if plain is None:
        return ignored
    try:
        return list(original(parser, plain))
    except (ValueError, OverflowError):
        return ignored


def _kitty_form(sequence: str) -> str:
    """`CSI 27;m;c~` in the form `CSI c;mu`, which Textual reads; Shift and a letter is just that letter."""
    match = _MODIFY_OTHER_KEYS.fullmatch(sequence)
    if match is None:
        return sequence
    modifiers, code = int(match[1]), int(match[2])
    if modifiers <= 2 and code > 32 and code != 127:
        return sequence
    return f"\x1b[{ord(chr(code).lower()) if code < 128 else code};{modifiers}u"


def _without_sub_fields(sequence: str) -> str | None:
    """The sequence with the first part of each field only; `None` for the release of a key."""
    if ":" not in sequence:
        return sequence
    match = _WITH_SUB_FIELDS.fullmatch(sequence)
    if match is None:
        return sequence
    code, rest, end = match.groups()
    modifiers, *text = rest[1:].split(";")
    pressed, _, event_type = modifiers.partition(":")
    if event_type.startswith(_RELEASED):
        return None
    fields = [code.partition(":")[0], pressed, *text]
    return f"\x1b[{';'.join(fields)}{end}"
