"""Everything that can be gone to or chosen from, as the dialogs want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robota_tui.ui.dialogs import GotoEntry, HelpRow, TemplateChoice
from robota_tui.ui.keynames import key_label
from robota_tui.ui.statuses import STATUS_LOOKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robota_tui.sessions.manager import SessionManager
    from robota_tui.ui.actions import ActionRow


def goto_entries(manager: SessionManager, recent: Sequence[str]) -> list[GotoEntry]:
    """Every chat, those that were shown last first, then every session."""
    places = {chat_id: place for place, chat_id in enumerate(recent)}
    chats = sorted(manager.chats, key=lambda chat: places.get(chat.id, len(places)))
    sessions = manager.list_sessions()
    names = {session.id: session.name for session in sessions}
    entries = [
        GotoEntry(
            chat.id,
            "chat",
            chat.name,
            names.get(chat.session_id, ""),
            STATUS_LOOKS[chat.status].glyph.strip(),
            STATUS_LOOKS[chat.status].style,
        )
        for chat in chats
    ]
    for session in sessions:
        count = f"{session.chat_count} chat{'' if session.chat_count == 1 else 's'}"
        entries.append(GotoEntry(session.id, "session", session.name, count))
    return entries


def template_choices(manager: SessionManager, workspace_id: str | None) -> list[TemplateChoice]:
    """The templates that a workspace may use, each with the model that would answer."""
    shared = set(manager.templates.list_templates())
    choices: list[TemplateChoice] = []
    for template in manager.templates.visible(workspace_id):
        default = manager.templates.default_model
        provider = template.provider or (default.provider if default else "")
        model = template.model or (default.model if default and default.provider == provider else "")
        choices.append(
            TemplateChoice(
                template.id,
                template.name,
                template.description,
                template.category or "",
                template.tags,
                " · ".join(filter(None, (model, provider))),
                "" if template.id in shared else "this workspace",
                template.system_message or "",
            )
        )
    return choices


def help_rows(rows: Sequence[ActionRow], leader: str) -> list[HelpRow]:
    """The table of actions for the help screen; chats 1 to 9 share a row."""
    shown: list[HelpRow] = []
    for row in rows:
        if row.id[5:] in set("23456789"):
            continue
        keys = [key_label(key) for key in row.keys]
        leader_keys = list(row.leader)
        description = row.tooltip
        if row.id == "chat.1":
            keys = [f"{keys[0]} …"] if keys else []
            leader_keys, description = (
                ["1 … 9"],
                "Show chat 1 … 9 of this session.",
            )
        elif row.empty_keys:
            keys += [key_label(key) for key in row.empty_keys]
        sequences = [f"{leader} {key}" for key in leader_keys] if leader else []
        shown.append(HelpRow(row.group, ", ".join(keys), ", ".join(sequences), description))
    return shown
