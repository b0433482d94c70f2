"""Actions on the message that is written and on the replies."""

from __future__ import annotations

import asyncio
import os
import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from robota_tui.agents.errors import RobotaError
from robota_tui.agents.messages import Role
from robota_tui.sessions.state import SessionState
from robota_tui.ui.commands.chats import require_chat, require_session
from robota_tui.ui.presenter import is_held
from robota_tui.ui.widgets.composer import without_controls

if TYPE_CHECKING:
    from robota_tui.ui.screens.main import MainScreen


def run_in_composer(screen: MainScreen, action_id: str) -> None:
    """Run an action that belongs to the composer; a queue that is held comes before what was sent."""
    if action_id != "input.previous" or screen.composer.text or not _take_back_queued(screen):
        screen.composer.run(action_id)


def _take_back_queued(screen: MainScreen) -> bool:
    """Take the last message of a held queue into the composer; says whether there was one."""
    chat = screen.chat
    if chat is None or not is_held(chat, screen.session):
        return False
    last = chat.queue[-1]
    if not last.text or not chat.drop_queued(last.id):
        return False
    screen.composer.text = chat.draft = last.text
    screen.composer.move_cursor(screen.composer.document.end)
    return True


def send(screen: MainScreen) -> None:
    """Send what is in the composer, and what cannot be sent stays there; nothing sends a held queue."""
    text = screen.composer.text
    if not text.strip():
        if screen.chat is not None and is_held(screen.chat, screen.session):
            screen.chat.release_queue()
        return
    chat = require_chat(screen)
    session = require_session(screen)
    if session.state is SessionState.PAUSED:
        label = screen.options.label_of("session.pause")
        raise RobotaError(f"Session “{session.name}” is paused", hint=f"{label} resumes it.")
    chat.submit(text)
    chat.draft = ""
    screen.composer.empty()
    screen.transcript.follow()


def stop_reply(screen: MainScreen) -> None:
    """Stop the reply that is being written; without one, go back to the composer and drop the selection."""
    if screen.chat is not None and screen.chat.cancel():
        return
    screen.clear_selection()
    screen.composer.focus()


def regenerate(screen: MainScreen) -> None:
    """Ask for another answer to the last message."""
    chat = require_chat(screen)
    if chat.is_working:
        stop = screen.options.label_of("reply.stop")
        raise RobotaError(f"{chat.name} is still writing", hint=f"{stop} stops it.")
    if not any(message.role is Role.USER for message in chat.messages):
        raise RobotaError("There is nothing to answer again yet")
    chat.retry()


def copy_last_answer(screen: MainScreen) -> None:
    """Copy the last answer, as the model wrote it."""
    text = screen.transcript.last_answer()
    if not text:
        raise RobotaError("There is no answer to copy yet")
    copy(screen, text)


async def copy_code_block(screen: MainScreen) -> None:
    """Ask for a code block of the shown chat, the newest first, and copy it."""
    from robota_tui.ui.dialogs import CodeBlockChoice, CodeBlockPicker

    chat = require_chat(screen)
    authors = {message.id: chat.name for message in chat.messages if message.role is Role.ASSISTANT}
    blocks = [
        CodeBlockChoice(number, block.language, block.source, authors.get(block.message_id, "you"))
        for number, block in enumerate(reversed(screen.transcript.code_blocks()))
    ]
    if not blocks:
        raise RobotaError("There is no code block in this chat")
    chosen = await screen.app.push_screen_wait(CodeBlockPicker(blocks))
    if chosen is not None:
        copy(screen, chosen.source)


def copy(screen: MainScreen, text: str) -> None:
    """Put text on the clipboard, through the terminal."""
    screen.app.copy_to_clipboard(text)
    lines = text.count("\n") + 1
    screen.notify(f"Copied {lines} line{'' if lines == 1 else 's'}.", timeout=2)


async def edit_in_editor(screen: MainScreen) -> None:
    """Write the message in the user's own editor; what it saves stands in the composer afterwards."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="robota-") as folder:
        file = Path(folder) / "message.md"
        file.write_text(screen.composer.text, encoding="utf-8")
        # Other agents go on writing meanwhile: they must run, but nothing may be painted over the editor.
        try:
            with screen.app.batch_update(), screen.app.suspend():
                status = await _run_editor([*shlex.split(command), str(file)])
        except SuspendNotSupported as error:
            raise RobotaError("This terminal cannot be lent to an editor") from error
        if status != 0:
            raise RobotaError(f"The editor {command!r} ended with status {status}; the message is unchanged")
        text = file.read_text(encoding="utf-8", errors="replace")
    screen.composer.text = without_controls(text).rstrip("\n")
    screen.composer.move_cursor(screen.composer.document.end)


async def _run_editor(command: list[str]) -> int:
    try:
        process = await asyncio.create_subprocess_exec(*command)
    except OSError as error:
        raise RobotaError(
            f"The editor {command[0]!r} cannot be started: {error.strerror}",
            hint="Set $EDITOR to one that is installed.",
        ) from error
    return await process.wait()
