"""What the widgets show, read out of the manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robota_tui.agents.messages import MessageState
from robota_tui.sessions.state import SessionState
from robota_tui.ui.widgets.composer_rule import RuleInfo
from robota_tui.ui.widgets.status_line import HotEntry, StatusInfo
from robota_tui.ui.widgets.tab_strip import TabItem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robota_tui.sessions.chat import ChatInstance
    from robota_tui.sessions.manager import SessionManager
    from robota_tui.sessions.state import ChatStats, SessionInfo
    from robota_tui.ui.options import ShellOptions

_BLOCKED = {
    SessionState.ACTIVE: "",
    SessionState.PAUSED: "session paused · {resume} resumes it",
    SessionState.TERMINATED: "session terminated: reading only",
}


def tab_items(manager: SessionManager, session_id: str | None) -> list[TabItem]:
    """The tabs of a session."""
    chats = manager.get_session_chats(session_id) if session_id is not None else []
    return [TabItem(chat.id, chat.name, chat.status) for chat in chats]


def hotlist(
    manager: SessionManager,
    wanting: Sequence[ChatInstance],
    session_id: str | None,
    shown_chat_id: str | None,
) -> tuple[HotEntry, ...]:
    """Those of the chats that want attention that are not shown, in the same order.

    Chats of the shown session bear their number, others the name of their session.
    """
    tabs = tab_items(manager, session_id) if wanting else []
    numbers = {tab.chat_id: number for number, tab in enumerate(tabs, start=1)}
    entries: list[HotEntry] = []
    for chat in wanting:
        if chat.id == shown_chat_id:
            continue
        number = numbers.get(chat.id)
        session = manager.get_session(chat.session_id) if number is None else None
        where = f"{session.name}/" if session else f"{number}:"
        entries.append(HotEntry(chat.id, f"{where}{chat.name}", chat.status))
    return tuple(entries)


def is_held(chat: ChatInstance, session: SessionInfo | None) -> bool:
    """Whether the chat's queue waits for the user: after a failure or a stop it does not go on by itself."""
    is_open = session is not None and session.state is SessionState.ACTIVE
    return bool(chat.queue) and not chat.is_working and is_open


def rule_info(chat: ChatInstance | None, session: SessionInfo | None, options: ShellOptions) -> RuleInfo:
    """What the line above the composer says."""
    label = options.label_of
    blocked = _BLOCKED[session.state].format(resume=label("session.pause")) if session else ""
    if chat is None:
        return RuleInfo(state=blocked)
    text = blocked
    if not text and chat.is_working:
        text = f"writing · {label('reply.stop')} stops"
    elif not text and chat.messages and chat.messages[-1].state is MessageState.FAILED:
        text = f"failed · {label('reply.regenerate')} asks again"
    queue = f"{len(chat.queue)} queued" if chat.queue else ""
    if is_held(chat, session):
        queue += f", held · {label('send')} sends · {label('input.previous')} edits the last"
    return RuleInfo(text, queue)


def empty_hint(
    manager: SessionManager,
    chat: ChatInstance | None,
    session: SessionInfo | None,
    options: ShellOptions,
    width: int,
) -> str:
    """What stands where no message is; `width` is what there is room for, in cells."""
    if chat is None:
        return options.no_chat_hint(session is not None)
    description = chat.description
    if not description and chat.agent_template is not None:
        workspace_id = session.workspace_id if session else None
        template = manager.templates.get_template_details(chat.agent_template, workspace_id)
        description = template.description if template else ""
    return options.empty_hint(chat.name, description, width)


def status_info(
    manager: SessionManager,
    wanting: Sequence[ChatInstance],
    session: SessionInfo | None,
    chat: ChatInstance | None,
    figures: ChatStats | None,
    notice: str,
) -> StatusInfo:
    """What the status line says; `figures` are the chat's, as far as they are known."""
    session_id = session.id if session else None
    entries = hotlist(manager, wanting, session_id, chat.id if chat else None)
    state = session.state if session else SessionState.ACTIVE
    if chat is None:
        return StatusInfo(entries, notice, state)
    info = chat.info()
    return StatusInfo(
        entries,
        notice,
        state,
        info.model,
        info.provider,
        figures.total_tokens if figures else None,
        figures.cost if figures else None,
    )
