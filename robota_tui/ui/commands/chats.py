"""Actions on chats and sessions: new, rename, close, move, pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robota_tui.agents.errors import RobotaError
from robota_tui.sessions.state import SessionState

if TYPE_CHECKING:
    from robota_tui.sessions.chat import ChatInstance
    from robota_tui.sessions.state import SessionInfo
    from robota_tui.ui.screens.main import MainScreen

DEFAULT_TEMPLATE = "general"
"""What a chat is made of unless another template is chosen."""


def require_chat(screen: MainScreen) -> ChatInstance:
    """The shown chat; raises `RobotaError` if there is none."""
    if screen.chat is None:
        raise RobotaError("There is no chat here", hint=f"{screen.options.label_of('chat.new')} opens one.")
    return screen.chat


def require_session(screen: MainScreen) -> SessionInfo:
    """The selected session; raises `RobotaError` if there is none."""
    if screen.session is None:
        raise RobotaError("There is no session", hint=f"{screen.options.label_of('session.new')} adds one.")
    return screen.session


async def open_chat(screen: MainScreen) -> None:
    """Ask for a template, and open a chat with it in the selected session, which is made if there is none."""
    from robota_tui.ui.commands.places import template_choices
    from robota_tui.ui.dialogs import TemplatePicker

    session = screen.session
    choices = template_choices(screen.manager, session.workspace_id if session else None)
    chosen = None
    if choices:
        chosen = await screen.app.push_screen_wait(TemplatePicker(choices, highlighted_id=DEFAULT_TEMPLATE))
        if chosen is None:
            return
    session_id = session.id if session else screen.manager.create_session()
    template_id = chosen.template_id if chosen else None
    name = chosen.name if chosen else None
    if chosen and name is None:
        name = next((choice.name for choice in choices if choice.id == chosen.template_id), None)
    chat_id = await screen.manager.create_chat(session_id, name, agent_template=template_id)
    screen.go_to_chat(chat_id)
    screen.composer.focus()


async def rename_chat(screen: MainScreen) -> None:
    """Ask for another name of the shown chat."""
    from robota_tui.ui.dialogs import NameDialog

    chat = require_chat(screen)
    name = await screen.app.push_screen_wait(NameDialog("Rename chat", chat.name))
    if name is not None:
        screen.manager.rename_chat(chat.id, name)


async def close_chat(screen: MainScreen, chat_id: str | None = None) -> None:
    """Close a chat, the shown one if none is named; asks if anything is lost with it."""
    from robota_tui.ui.dialogs import ConfirmDialog

    chat = screen.manager.get_chat(chat_id) if chat_id is not None else require_chat(screen)
    if chat is None:
        return
    if lost := _what_is_lost(chat):
        question = f"Close “{chat.name}” and forget {lost}?"
        if not await screen.app.push_screen_wait(ConfirmDialog("Close chat", question, "Close", danger=True)):
            return
    screen.manager.delete_chat(chat.id)


def _what_is_lost(chat: ChatInstance) -> str:
    """What a chat holds that goes with it, in words; empty if nothing."""
    parts = [
        f"its {_count(len(chat.messages), 'message')}" if chat.messages else "",
        "the reply it is writing" if chat.is_working else "",
        f"{_count(len(chat.queue), 'queued message')}" if chat.queue else "",
        "your draft" if chat.draft.strip() else "",
    ]
    found = [part for part in parts if part]
    return " and ".join(filter(None, (", ".join(found[:-1]), *found[-1:])))


def move_chat(screen: MainScreen, step: int) -> None:
    """Move the shown chat in the row of tabs."""
    chat = require_chat(screen)
    place = [other.id for other in screen.manager.get_session_chats(chat.session_id)].index(chat.id)
    screen.manager.move_chat(chat.id, max(place + step, 0))


async def open_session(screen: MainScreen) -> None:
    """Ask for a name, and add a session with a chat; it belongs to the same workspace as the selected one."""
    from robota_tui.ui.dialogs import NameDialog

    name = await screen.app.push_screen_wait(NameDialog("New session", placeholder="what it is about"))
    if name is None:
        return
    session = screen.session
    session_id = screen.manager.create_session(
        name,
        user_id=session.user_id if session else "anonymous",
        workspace_id=session.workspace_id if session else None,
    )
    screen.manager.switch_session(session_id)
    known = screen.manager.templates.list_templates(session.workspace_id if session else None)
    template_id = DEFAULT_TEMPLATE if DEFAULT_TEMPLATE in known else None
    await screen.manager.create_chat(session_id, agent_template=template_id)


async def rename_session(screen: MainScreen) -> None:
    """Ask for another name of the selected session."""
    from robota_tui.ui.dialogs import NameDialog

    session = require_session(screen)
    name = await screen.app.push_screen_wait(NameDialog("Rename session", session.name))
    if name is not None:
        screen.manager.rename_session(session.id, name)


async def close_session(screen: MainScreen) -> None:
    """Close the selected session; asks if it has chats."""
    from robota_tui.ui.dialogs import ConfirmDialog

    session = require_session(screen)
    if session.chat_count:
        question = f"Close “{session.name}” with its {_count(session.chat_count, 'chat')}?"
        if not await screen.app.push_screen_wait(
            ConfirmDialog("Close session", question, "Close", danger=True)
        ):
            return
    screen.manager.delete_session(session.id)


def move_session(screen: MainScreen, step: int) -> None:
    """Move the selected session in the list."""
    session = require_session(screen)
    place = [other.id for other in screen.manager.list_sessions()].index(session.id)
    screen.manager.move_session(session.id, max(place + step, 0))


def pause_session(screen: MainScreen) -> None:
    """Pause the selected session, or resume it."""
    session = require_session(screen)
    if session.state is SessionState.PAUSED:
        screen.manager.resume_session(session.id)
        for info in screen.manager.get_session_chats(session.id):
            chat = screen.manager.get_chat(info.id)
            if chat is not None and chat.queue:
                chat.release_queue()
    else:
        screen.manager.pause_session(session.id)
        label = screen.options.label_of("session.pause")
        screen.notify(f"The session takes no messages until {label} resumes it.", timeout=4)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
