"""The table of actions: what the user can do, and by which keys; `bindings` derives everything from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scope = Literal["program", "screen", "composer"]
"""Where the keys of an action count: always, on the main screen, or while the composer has the focus."""

LEADER_ID = "leader"
"""The id under which a keymap changes the leader key."""


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One thing the user can do, and the keys that do it."""

    id: str
    """Stable dotted name, the one that keymaps use."""
    description: str
    """What it does, in a few words."""
    tooltip: str
    """What it does, in a sentence."""
    group: str
    """Heading in help and in the key table."""
    keys: tuple[str, ...] = ()
    """Keys that do it directly; the first one is shown first."""
    leader: tuple[str, ...] = ()
    """Keys that do it after the leader key."""
    empty_keys: tuple[str, ...] = ()
    """Keys that do it only while the composer is empty, as they move the cursor in text."""
    palette: bool = True
    """Whether the command palette offers it."""
    footer: str = ""
    """Its word in the footer; empty leaves it out. `FOOTER_ORDER` has their order."""
    scope: Scope = "screen"


def _numbered_chats() -> tuple[ActionRow, ...]:
    return tuple(
        ActionRow(
            f"chat.{number}",
            f"chat {number}",
            f"Show chat {number} of this session.",
            "Switch",
            (f"alt+{number}",),
            (str(number),),
            palette=False,
        )
        for number in range(1, 10)
    )


ACTIONS: tuple[ActionRow, ...] = (
    *_numbered_chats(),
    ActionRow(
        "chat.previous",
        "previous chat",
        "Show the chat to the left; after the first comes the last.",
        "Switch",
        ("ctrl+pageup",),
        ("p",),
        empty_keys=("alt+left",),
    ),
    ActionRow(
        "chat.next",
        "next chat",
        "Show the chat to the right; after the last comes the first.",
        "Switch",
        ("ctrl+pagedown",),
        ("n",),
        empty_keys=("alt+right",),
    ),
    ActionRow(
        "session.previous",
        "previous session",
        "Show the session above, with the chat you last used in it.",
        "Switch",
        ("alt+up",),
        ("[",),
    ),
    ActionRow(
        "session.next",
        "next session",
        "Show the session below, with the chat you last used in it.",
        "Switch",
        ("alt+down",),
        ("]",),
    ),
    ActionRow(
        "chat.attention",
        "next that needs you",
        "Go to the next chat that needs you, failed or finished; after the last, back to where you started.",
        "Switch",
        ("alt+a",),
        ("a",),
        footer="attention",
    ),
    ActionRow(
        "chat.last",
        "last used chat",
        "Go back to the chat you were in before, in whatever session it is.",
        "Switch",
        ("alt+slash",),
        ("l",),
    ),
    ActionRow(
        "goto",
        "go to …",
        "Go to any session or chat by a few letters of its name.",
        "Switch",
        ("ctrl+o",),
        ("g",),
        footer="go to",
    ),
    ActionRow(
        "palette",
        "command palette",
        "Find a command by name and run it.",
        "Program",
        ("ctrl+p",),
        (":",),
        palette=False,
        footer="commands",
    ),
    ActionRow(
        "chat.new",
        "new chat",
        "Open a chat in this session; you choose the template of its agent.",
        "Chats",
        ("ctrl+n",),
        ("c",),
        footer="new chat",
    ),
    ActionRow("chat.rename", "rename chat", "Give this chat another name.", "Chats", ("f2",), ("r",)),
    ActionRow("chat.close", "close chat", "Close this chat and forget its messages.", "Chats", (), ("x",)),
    ActionRow(
        "chat.move_left", "move chat left", "Move this chat one place to the left.", "Chats", (), ("<",)
    ),
    ActionRow(
        "chat.move_right", "move chat right", "Move this chat one place to the right.", "Chats", (), (">",)
    ),
    ActionRow("session.new", "new session", "Add a session to the list.", "Sessions", ("ctrl+t",), ("s",)),
    ActionRow("session.rename", "rename session", "Give this session another name.", "Sessions", (), ("R",)),
    ActionRow(
        "session.close", "close session", "Close this session with all its chats.", "Sessions", (), ("X",)
    ),
    ActionRow(
        "session.move_up", "move session up", "Move this session up in the list.", "Sessions", (), ("{",)
    ),
    ActionRow(
        "session.move_down",
        "move session down",
        "Move this session down in the list.",
        "Sessions",
        (),
        ("}",),
    ),
    ActionRow(
        "session.pause",
        "pause or resume session",
        "A paused session takes no new messages; resuming it sends what is queued.",
        "Sessions",
        (),
        ("P",),
    ),
    ActionRow(
        "send",
        "send",
        "Send the message; while the chat works it waits in the queue.",
        "Message",
        ("enter",),
        palette=False,
        footer="send",
        scope="composer",
    ),
    ActionRow(
        "newline",
        "new line",
        "Start a new line in the message.",
        "Message",
        ("ctrl+j", "shift+enter", "alt+enter", "ctrl+enter"),
        palette=False,
        footer="line",
        scope="composer",
    ),
    ActionRow(
        "input.previous",
        "earlier message",
        "On the first line: bring back the message you sent before.",
        "Message",
        ("up",),
        palette=False,
        scope="composer",
    ),
    ActionRow(
        "input.next",
        "later message",
        "On the last line: the message after it, at last your own draft.",
        "Message",
        ("down",),
        palette=False,
        scope="composer",
    ),
    ActionRow(
        "input.editor",
        "write in $EDITOR",
        "Write the message in the editor that $VISUAL or $EDITOR names.",
        "Message",
        ("ctrl+g",),
        ("e",),
    ),
    ActionRow(
        "reply.stop",
        "stop the reply",
        "Stop the reply and keep what has come.",
        "Reply",
        ("escape",),
        footer="stop",
    ),
    ActionRow(
        "reply.regenerate",
        "answer again",
        "Ask for another answer to your last message.",
        "Reply",
        (),
        ("t",),
    ),
    ActionRow(
        "reply.copy", "copy last answer", "Copy the last answer to the clipboard.", "Reply", (), ("y",)
    ),
    ActionRow(
        "reply.code",
        "copy a code block",
        "Choose a code block of this chat and copy it.",
        "Reply",
        (),
        ("Y",),
    ),
    ActionRow("view.page_up", "page up", "Scroll the conversation up.", "View", ("pageup",), palette=False),
    ActionRow(
        "view.page_down", "page down", "Scroll the conversation down.", "View", ("pagedown",), palette=False
    ),
    ActionRow("view.top", "to the beginning", "Scroll to the first message.", "View", ("ctrl+home",)),
    ActionRow(
        "view.bottom", "to the end", "Scroll to the newest message and follow it.", "View", ("ctrl+end",)
    ),
    ActionRow(
        "view.previous_message",
        "previous message",
        "Put the beginning of this message, or of the one before it, at the top.",
        "View",
        ("alt+pageup",),
        ("k",),
    ),
    ActionRow(
        "view.next_message",
        "next message",
        "Put the beginning of the next message at the top.",
        "View",
        ("alt+pagedown",),
        ("j",),
    ),
    ActionRow(
        "view.details",
        "details of messages",
        "Show or hide model, tokens and duration of each answer.",
        "View",
        (),
        ("i",),
    ),
    ActionRow(
        "sidebar.toggle", "show or hide sidebar", "Show or hide the list of sessions.", "View", (), ("b",)
    ),
    ActionRow(
        "sidebar.focus",
        "move in the sidebar",
        "Move by arrow keys in the list of sessions.",
        "View",
        (),
        ("o",),
    ),
    ActionRow("problems", "show problems", "Show what is wrong in the configuration.", "Program", (), ("!",)),
    ActionRow("help", "help", "Show all keys.", "Program", ("f1",), ("h",), footer="help"),
    ActionRow(
        LEADER_ID,
        "leader key",
        "Press it, then one of the keys shown: that works in every terminal.",
        "Program",
        ("ctrl+x",),
        palette=False,
        footer="all keys",
    ),
    ActionRow(
        "quit",
        "quit",
        "Leave the program; asks only while an agent is working. Twice ctrl+c does it too.",
        "Program",
        ("ctrl+q",),
        ("q",),
        footer="quit",
        scope="program",
    ),
)

FOOTER_ORDER = (
    LEADER_ID,
    "help",
    "goto",
    "chat.attention",
    "chat.new",
    "palette",
    "reply.stop",
    "newline",
    "send",
    "quit",
)
"""The actions with a word for the footer, the most needed first; what does not fit is left out."""
