"""Run the tests on every supported Python that this machine has: `python -m tests.run [pytest arguments]`.

The Python that runs this script is one of them; each other one gets a virtual environment of its own
under `.venv-X.Y`, made on first use.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUPPORTED = ("3.11", "3.12", "3.13")


def main(arguments: list[str]) -> int:
    """Run them one Python after the other; the exit code is that of the first that fails."""
    running = "{}.{}".format(*sys.version_info[:2])
    interpreters = {running: sys.executable}
    if os.environ.get("ROBOTA_TUI_TEST_PYTHONS") != "this":
        for version in SUPPORTED:
            if version not in interpreters and (found := find(version)):
                interpreters[version] = environment(version, found)
    for version, python in sorted(interpreters.items()):
        print(f"== tests on Python {version}", flush=True)
        code = subprocess.call([python, "-m", "pytest", *_parallel(), *arguments], cwd=ROOT)
        if code != 0:
            return code
    return 0


def find(version: str) -> str | None:
    """A working interpreter of this version, on the path or among those that pyenv keeps."""
    candidates = [f"python{version}"]
    if home := _output("pyenv", "root"):
        candidates += [str(path) for path in sorted(Path(home).glob(f"versions/{version}.*/bin/python"))]
    for candidate in candidates:
        if _output(candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])") == version:
            return candidate
    return None


def environment(version: str, interpreter: str) -> str:
    """The Python of a virtual environment with the package and its test tools."""
    home = ROOT / f".venv-{version}"
    python = home / "bin" / "python"
    stamp = home / ".develop"
    project = ROOT / "pyproject.toml"
    if not stamp.exists() or stamp.stat().st_mtime < project.stat().st_mtime:
        print(f"== preparing Python {version}", flush=True)
        if not python.exists():
            subprocess.check_call([interpreter, "-m", "venv", str(home)])
        install = [str(python), "-m", "pip", "install", "--quiet", "--editable", ".[local,dev]"]
        subprocess.check_call(install, cwd=ROOT)
        stamp.touch()
    return str(python)


def _parallel() -> list[str]:
    return ["-n", str(os.cpu_count() or 1)]


def _output(*command: str) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
