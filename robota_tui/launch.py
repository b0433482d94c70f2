"""Running the program: the screen over an open workbench, and the files watched meanwhile."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from robota_tui.compose import Workbench, apply_changes, build_workbench, open_sessions
from robota_tui.config.keymap import KeymapFault
from robota_tui.config.watch import watch_files
from robota_tui.ui.app import RobotaApp
from robota_tui.ui.bindings import apply_keymap
from robota_tui.ui.themes import install_themes

_GRACE = 8.0
"""Seconds that leaving in good order may take after a signal."""


async def launch(settings_file: Path | None, workspaces: Sequence[Path], theme: str | None) -> int:
    """Show the screen until the user leaves; the exit code.

    1 after a defect, 128 and its number after a signal: the terminal is as it was before in any case.
    """
    workbench = build_workbench(settings_file, workspaces, _keymap_faults)
    await open_sessions(workbench)
    settings = workbench.configuration.settings
    app = RobotaApp(
        workbench.manager,
        notice=workbench.notice,
        problems=workbench.problems,
        themes=workbench.configuration.theme_list,
        theme=theme or settings.theme,
        keymap=settings.keymap,
        sidebar=settings.sidebar,
        sidebar_width=settings.sidebar_width,
        confirm_quit=settings.confirm_quit,
    )
    following = asyncio.create_task(_follow_changes(workbench, app), name="watch the configuration")
    with _leaving_on_signals(app):
        try:
            await app.run_async()
        finally:
            following.cancel()
            await workbench.manager.aclose()
    return app.return_code or int(app.has_panicked)


@contextmanager
def _leaving_on_signals(app: RobotaApp) -> Iterator[None]:
    """While this is open, being told to end or losing the terminal leaves the app in good order."""
    loop = asyncio.get_running_loop()

    def leave(number: int, _: object) -> None:
        # Textual may be waiting for ever to write to a terminal that is gone; then this thread ends it all.
        watchdog = threading.Timer(_GRACE, os._exit, (128 + number,))
        watchdog.daemon = True
        watchdog.start()
        loop.call_soon_threadsafe(_leave, app, 128 + number)

    # Not the loop's own handlers: they wait for the loop, which may be what is waiting.
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, leave) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _follow_changes(workbench: Workbench, app: RobotaApp) -> None:
    """Take over what changes in the files, and say so; a broken file changes nothing but is told of."""
    async for changed in watch_files(workbench.configured_files):
        before = workbench.configuration
        settings = apply_changes(workbench, _keymap_faults)
        after = workbench.configuration
        new_themes = [spec for name, spec in after.themes.items() if before.themes.get(name) != spec]
        # A theme that was picked by hand stays until the settings name another one.
        wanted = app.theme if settings.theme == before.settings.theme else settings.theme
        if new_themes or wanted != app.theme:
            install_themes(app, new_themes, wanted)
        app.apply_settings(
            keymap=settings.keymap,
            sidebar=settings.sidebar,
            sidebar_width=settings.sidebar_width,
            confirm_quit=settings.confirm_quit,
            problems=workbench.problems,
        )
        names = ", ".join(sorted(path.name for path in changed))
        if workbench.problems:
            app.notify(
                "\n".join(workbench.problems[:3]),
                title=f"{names}: not all of it can be used",
                severity="warning",
                markup=False,
            )
        else:
            verb = "was" if len(changed) == 1 else "were"
            app.notify("\n".join((f"{names} {verb} read again", *workbench.waiting)), markup=False)


def _leave(app: RobotaApp, code: int) -> None:
    if not os.isatty(sys.__stderr__.fileno() if sys.__stderr__ else -1):
        # The terminal is gone, and writing to it fails: Textual would wait for its writing thread for ever.
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nothing, stream)
        os.close(nothing)
    app.exit(return_code=code)


def _keymap_faults(keymap: Mapping[str, str]) -> Sequence[KeymapFault]:
    return apply_keymap(keymap)[1]
