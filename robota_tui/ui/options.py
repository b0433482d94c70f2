"""What can be chosen about the screen, apart from the keys."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from rich.cells import cell_len

from robota_tui.ui.actions import ACTIONS, LEADER_ID, ActionRow
from robota_tui.ui.keynames import key_label
from robota_tui.ui.plain import plain_block, plain_line

_SHORTEST = 0.001
_WIDEST_HINT = 60
"""Cells; longer lines are hard to read."""


@dataclass(frozen=True, slots=True)
class ShellOptions:
    """Choices that hold while the program runs."""

    rows: tuple[ActionRow, ...] = ACTIONS
    """The table of actions with the user's keys in it."""
    notice: str = ""
    """A sentence for the first start: which model answers, and how to connect a better one."""
    problems: tuple[str, ...] = ()
    """What is wrong in the configuration, a sentence each."""
    sidebar: bool = True
    """Whether the sidebar is shown at the start, where there is room."""
    sidebar_width: int = 26
    """Cells."""
    confirm_quit: bool = True
    """Whether to ask before quitting while an agent works."""
    seen_after: float = 0.5
    """Seconds that the end of a chat must be in sight until it counts as seen."""
    leader_delay: float = 0.35
    """Seconds until the panel of leader keys appears; the keys themselves count at once."""

    def __post_init__(self) -> None:
        # Textual divides by the interval of a timer.
        object.__setattr__(self, "seen_after", max(self.seen_after, _SHORTEST))
        object.__setattr__(self, "leader_delay", max(self.leader_delay, _SHORTEST))

    def keys_of(self, action_id: str) -> tuple[str, ...]:
        """The keys of an action."""
        return next((row.keys for row in self.rows if row.id == action_id), ())

    def label_of(self, action_id: str) -> str:
        """How the user is told to run an action: its first key, or leader and key."""
        row = next(row for row in self.rows if row.id == action_id)
        if row.keys:
            return key_label(row.keys[0])
        leader = self.keys_of(LEADER_ID)
        return f"{key_label(leader[0])} {row.leader[0]}" if leader and row.leader else ""

    def empty_hint(self, name: str, description: str, width: int) -> str:
        """What stands in a chat without messages: who it is, and how to begin; `width` is in cells."""
        goto, help_key = self.label_of("goto"), self.label_of("help")
        begin = f"Write a message below.\n{goto} goes to any chat, {help_key} shows all keys."
        who = "\n".join(filter(None, (plain_line(name), plain_line(description))))
        return left_aligned("\n\n".join(filter(None, (who, plain_block(self.notice), begin))), width)

    def no_chat_hint(self, has_session: bool) -> str:
        """What stands where there is no chat."""
        missing = "This session has no chat" if has_session else "There is no session"
        return f"{missing}; {self.label_of('chat.new')} opens one."

    def placeholder(self) -> str:
        """What stands in the empty composer."""
        send, newline, help_key = map(self.label_of, ("send", "newline", "help"))
        return f"Message · {send} sends · {newline} new line · {help_key} help"


def left_aligned(text: str, width: int) -> str:
    """Text broken to lines that are all as wide as the widest: centred, they stay one block."""
    room = max(min(width, _WIDEST_HINT), 1)
    lines = [part for line in text.split("\n") for part in textwrap.wrap(line, room) or [""]]
    widest = max(map(cell_len, lines))
    return "\n".join(line + "\N{NO-BREAK SPACE}" * (widest - cell_len(line)) for line in lines)
