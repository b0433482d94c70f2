"""How the status of a chat is shown: a glyph, a colour and a word, the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from robota_tui.sessions.state import ChatStatus


@dataclass(frozen=True, slots=True)
class StatusLook:
    """How one status is drawn."""

    glyph: str
    """One cell wide."""
    component: str
    """The component class that colours it in line-drawn widgets."""
    style: str
    """The same colour as a Textual style."""
    word: str
    """What it says in the status line."""


STATUS_LOOKS: dict[ChatStatus, StatusLook] = {
    ChatStatus.NEEDS_YOU: StatusLook("!", "status--needs-you", "bold $text-warning", "asks"),
    ChatStatus.FAILED: StatusLook("✗", "status--failed", "bold $text-error", "failed"),
    ChatStatus.UNSEEN: StatusLook("●", "status--unseen", "$text-success", "done"),
    ChatStatus.WORKING: StatusLook("✎", "status--working", "$text-accent", "writing"),
    ChatStatus.IDLE: StatusLook(" ", "status--idle", "$foreground-muted", "idle"),
}

STATUS_COMPONENTS = frozenset(look.component for look in STATUS_LOOKS.values())
"""The component classes that every widget with status glyphs declares."""
