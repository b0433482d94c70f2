from __future__ import annotations

import os
from pathlib import Path

from robota_tui.config.loader import load_configuration, reload_configuration
from robota_tui.config.watch import FileWatcher, watch_files
from tests.config.conftest import Write


def test_written_created_and_removed_files_are_noticed_once(write: Write, tmp_path: Path) -> None:
    written, removed = write("written.toml", "a = 1"), write("removed.toml", "")
    created, untouched = tmp_path / "created.toml", write("untouched.toml", "")
    watcher = FileWatcher(lambda: [written, removed, created, untouched])
    assert watcher.changed() == frozenset()

    written.write_text("a = 12")
    removed.unlink()
    created.touch()

    assert watcher.changed() == {written, removed, created}
    assert watcher.changed() == frozenset()


def test_a_change_of_the_same_length_is_noticed_by_its_time(write: Write) -> None:
    path = write("a.toml", "a = 1")
    watcher = FileWatcher(lambda: [path])
    path.write_text("a = 2")
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000))

    assert watcher.changed() == {path}


def test_a_replaced_file_is_noticed_even_with_the_same_time_and_length(write: Write) -> None:
    path, other = write("a.toml", "a = 1"), write("b.toml", "a = 2")
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    os.utime(other, ns=times)
    watcher = FileWatcher(lambda: [path])
    other.replace(path)

    assert watcher.changed() == {path}


def test_files_that_come_into_a_watched_folder_are_seen(tmp_path: Path) -> None:
    configuration = load_configuration(
        template_folder=tmp_path / "templates", theme_folder=tmp_path / "themes"
    )
    watcher = FileWatcher(configuration.files)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "new.toml").touch()

    assert watcher.changed() == {tmp_path / "templates" / "new.toml"}


def test_a_system_message_beside_a_template_is_watched_too(write: Write, tmp_path: Path) -> None:
    write("templates/a.toml", '[[templates]]\nid = "x"\nsystem_message_file = "x.md"\n')
    configuration = load_configuration(
        template_folder=tmp_path / "templates", theme_folder=tmp_path / "themes"
    )
    watcher = FileWatcher(configuration.files)

    message = write("templates/x.md", "You are x.")

    assert watcher.changed() == {message}
    assert reload_configuration(configuration).templates["x"].system_message == "You are x."


async def test_watching_yields_only_when_something_changed(write: Write) -> None:
    path = write("a.toml", "")
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) in {3, 4}:
            path.write_text("x" * len(waited))

    found = watch_files(lambda: [path], 0.5, wait)

    assert await anext(found) == {path}
    assert waited == [0.5] * 3
    assert await anext(found) == {path}
    await found.aclose()
