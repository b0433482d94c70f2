"""The installed program in a real terminal, with the real local model."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from robota_tui.config.paths import sample_configs
from tests.e2e.terminal import Terminal

ENTER, ESCAPE, CTRL_Q = b"\r", b"\x1b", b"\x11"
ALT_1, ALT_2 = b"\x1b1", b"\x1b2"
CTRL_PAGE_DOWN, CTRL_HOME = b"\x1b[6;5~", b"\x1b[1;5H"
PROGRAM = Path(sys.executable).with_name("robota-tui")


@pytest.fixture
def terminal(own_configuration: Path) -> Iterator[Terminal]:
    # The child must see the test's empty home, and no server that happens to run here.
    terminal = Terminal(
        [
            str(PROGRAM),
            "--settings",
            str(local_settings(own_configuration)),
            str(sample_configs() / "development.toml"),
        ],
        cwd=own_configuration,
        environment=dict(os.environ),
    )
    yield terminal
    terminal.close()


def local_settings(home: Path) -> Path:
    settings = home / "settings.toml"
    settings.write_text('default_provider = "local"\n', encoding="utf-8")
    return settings


def tab(screen: str) -> str:
    return screen.splitlines()[0]


def test_two_agents_answer_at_once_while_one_switches_and_then_one_quits(terminal: Terminal) -> None:
    terminal.wait_for(lambda screen: "Development" in screen and "4 Tests" in screen and "Message" in screen)

    terminal.press(b"Count from one to fifty in words.", ENTER)
    terminal.wait_for(lambda screen: "Coder ✎" in tab(screen))
    terminal.press(ALT_2)
    terminal.wait_for(lambda screen: "Count from one" not in screen)
    terminal.press(b"Describe the sea in many words.", ENTER)
    terminal.wait_for(lambda screen: "Coder ✎" in tab(screen) and "Reviewer ✎" in tab(screen))

    # Both are being written: go to and fro, and see each one's own question and growing answer.
    terminal.press(ALT_1)
    terminal.wait_for(lambda screen: "Count from one to fifty" in screen and "Describe the sea" not in screen)
    terminal.press(CTRL_PAGE_DOWN)
    terminal.wait_for(lambda screen: "Describe the sea" in screen and "Count from one" not in screen)
    terminal.press(ALT_1)
    terminal.wait_for(lambda screen: "✎" not in screen, seconds=120)
    terminal.wait_for(lambda screen: "Reviewer ●" in tab(screen) and "writing" not in screen)
    terminal.press(CTRL_HOME)
    terminal.wait_for(lambda screen: re.search(r"◆ Coder +\d\d:\d\d +smollm2-135m", screen) is not None)

    # What was finished unseen is seen once it is shown.
    terminal.press(ALT_2)
    terminal.wait_for(lambda screen: "Reviewer ●" not in tab(screen))
    terminal.press(CTRL_Q)
    assert terminal.wait_for_end() == 0


def test_stopping_keeps_what_has_come_and_quitting_asks_while_one_works(terminal: Terminal) -> None:
    terminal.wait_for("Message")
    terminal.press(b"Count from one to two hundred in words.", ENTER)
    terminal.wait_for(lambda screen: "Coder ✎" in tab(screen))
    terminal.press(CTRL_Q)
    terminal.wait_for("still writing")
    terminal.press(ESCAPE)
    terminal.wait_for(lambda screen: "still writing" not in screen)
    terminal.press(ESCAPE)
    terminal.wait_for("interrupted")
    terminal.press(CTRL_Q)
    assert terminal.wait_for_end() == 0


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed here")
def test_alt_digits_switch_in_tmux_and_type_nothing(own_configuration: Path) -> None:
    # A terminal in tmux: its alt+2 arrives as ESC 2, which Textual alone would type as a sign.
    inner = (
        f"{PROGRAM} --settings {local_settings(own_configuration)} {sample_configs() / 'development.toml'}"
    )
    terminal = Terminal(
        ["tmux", "-L", f"robota-{os.getpid()}", "-f", "/dev/null", "new-session", inner],
        cwd=own_configuration,
        environment=dict(os.environ),
    )
    try:
        terminal.wait_for("Message")
        terminal.press(ALT_2)
        terminal.press(b"draft of two")
        terminal.wait_for("draft of two")
        terminal.press(ALT_1)
        screen = terminal.wait_for(lambda screen: "draft of two" not in screen)
        assert "¡" not in screen
        assert "™" not in screen
        terminal.press(b"\x18", b"2")
        terminal.wait_for("draft of two")
        terminal.press(CTRL_Q)
        terminal.wait_for_end()
    finally:
        terminal.close()
