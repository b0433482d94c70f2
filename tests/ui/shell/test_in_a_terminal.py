"""The installed program in a real pseudo-terminal: what bytes, signals and defects do to it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.terminal import Terminal

OpenTerminal = Callable[..., Terminal]
PROGRAM = Path(sys.executable).with_name("robota-tui")
CTRL_Q = b"\x11"
LEAVES_ALTERNATE_SCREEN = b"\x1b[?1049l"
LEAVES_MOUSE = b"\x1b[?1003l"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")


@pytest.fixture
def open_terminal(own_configuration: Path) -> Iterator[OpenTerminal]:
    opened: list[Terminal] = []
    settings = own_configuration / "settings.toml"
    # Nobody answers there: no test of this file sends a message.
    settings.write_text(
        'default_provider = "lab"\n[providers.lab]\nbase_url = "http://127.0.0.1:9/v1"\n'
        'default_model = "none"\n',
        encoding="utf-8",
    )

    def open_it(*command: str, **environment: str) -> Terminal:
        words = [*(command or (str(PROGRAM),)), "--settings", str(settings)]
        terminal = Terminal(
            words, columns=80, rows=24, cwd=own_configuration, environment={**os.environ, **environment}
        )
        opened.append(terminal)
        terminal.wait_for("Message")
        return terminal

    yield open_it
    for terminal in opened:
        terminal.close()


@pytest.mark.parametrize(
    "data", [b"\xe9a", b"\x9b31m", b"\x1b[200~caf\xe9\x9b\x1b[201~", b"\xf0\x9f", b"\xff"]
)
def test_bytes_that_are_not_utf_8_do_not_end_the_program(open_terminal: OpenTerminal, data: bytes) -> None:
    terminal = open_terminal()
    terminal.press(data)
    terminal.press(b"still here")
    terminal.wait_for("still here")
    terminal.press(CTRL_Q)
    assert terminal.wait_for_end() == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_being_told_to_end_leaves_the_terminal_as_it_was(
    open_terminal: OpenTerminal, number: signal.Signals, code: int
) -> None:
    terminal = open_terminal()
    terminal.process.kill(number)
    assert terminal.wait_for_end() == code
    assert LEAVES_ALTERNATE_SCREEN in terminal.raw
    assert LEAVES_MOUSE in terminal.raw


def test_a_terminal_that_is_closed_ends_the_program(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal()
    process: Any = terminal.process
    terminal.hang_up()
    ending = threading.Thread(target=process.ptyproc.wait, daemon=True)
    ending.start()
    ending.join(20)
    assert not ending.is_alive(), "it goes on without a terminal"


DEFECT = """\
import sys
from robota_tui import cli
from robota_tui.sessions.manager import SessionManager
from robota_tui.ui.terminal_stream import InputMender
from robota_tui.ui.commands import program

def break_down(*args):
    raise ZeroDivisionError("a defect")

closed = SessionManager.aclose
async def aclose(self):
    await closed(self)
    print("manager closed", file=sys.__stderr__)

SessionManager.aclose = aclose
PLACE
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.mark.parametrize("place", ["InputMender.feed = break_down", "program.show_help = break_down"])
def test_a_defect_ends_with_a_status_that_says_so(open_terminal: OpenTerminal, place: str) -> None:
    if place.startswith("program"):
        place += "\nfrom robota_tui.ui.commands import registry\nregistry.COMMANDS['help'] = break_down"
    terminal = open_terminal(sys.executable, "-c", DEFECT.replace("PLACE", place))
    terminal.press(b"\x1bOP")
    assert terminal.wait_for_end() == 1
    assert LEAVES_ALTERNATE_SCREEN in terminal.raw
    assert b"manager closed" in terminal.raw


def test_a_paste_that_never_ends_does_not_take_the_keyboard(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal()
    terminal.press(b"\x1b[200~pasted")
    terminal.wait_for("pasted")
    terminal.press(b" and typed")
    terminal.wait_for("pasted and typed")
    terminal.press(b"\x1b[200~more")
    terminal.press(CTRL_Q)
    assert terminal.wait_for_end() == 0
