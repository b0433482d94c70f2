"""Actions that show another chat or session."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from robota_tui.ui.screens.main import MainScreen


def show_numbered_chat(screen: MainScreen, number: int) -> None:
    """Show chat `number` of the session, counted from 1."""
    chats = screen.manager.get_session_chats(screen.manager.active_session_id or "")
    if number > len(chats):
        screen.notify(f"There is no chat {number} in this session.", severity="warning", timeout=2)
    else:
        screen.go_to_chat(chats[number - 1].id)


def show_neighbour_chat(screen: MainScreen, step: int) -> None:
    """Show the chat beside the shown one; the ends of the row are neighbours."""
    chats = [chat.id for chat in screen.manager.get_session_chats(screen.manager.active_session_id or "")]
    if screen.shown_chat_id in chats:
        screen.go_to_chat(chats[(chats.index(screen.shown_chat_id) + step) % len(chats)])


def show_neighbour_session(screen: MainScreen, step: int) -> None:
    """Select the session beside the selected one; the ends of the list are neighbours."""
    sessions = [session.id for session in screen.manager.list_sessions()]
    if screen.manager.active_session_id in sessions:
        place = sessions.index(screen.manager.active_session_id)
        screen.manager.switch_session(sessions[(place + step) % len(sessions)])


def show_last_chat(screen: MainScreen) -> None:
    """Show the chat that was shown before, in whatever session it is."""
    last = screen.visits.last_before(screen.shown_chat_id)
    if last is not None:
        screen.go_to_chat(last)


def show_chat_wanting_attention(screen: MainScreen) -> None:
    """Show the next chat that wants attention, and after the last the one where the round began."""
    wanting = [chat.id for chat in screen.manager.wanting_attention()]
    stop = screen.attention.next_stop(wanting, screen.shown_chat_id)
    if stop is not None and screen.manager.get_chat(stop) is not None:
        screen.go_to_chat(stop)
    else:
        screen.notify("No chat wants your attention.", timeout=2)


async def choose_place(screen: MainScreen) -> None:
    """Ask for a session or chat by name, and show it."""
    from robota_tui.ui.commands.places import goto_entries
    from robota_tui.ui.dialogs import GotoDialog

    entries = goto_entries(screen.manager, screen.visits.recent_first())
    # One goes elsewhere: the chat to begin with is the one before the shown one.
    last = screen.visits.last_before(screen.shown_chat_id)
    begin = next((place for place, entry in enumerate(entries) if entry.id == last), 0)
    chosen = await screen.app.push_screen_wait(GotoDialog(entries, highlighted=begin))
    if chosen is None:
        return
    if screen.manager.get_chat(chosen) is not None:
        screen.go_to_chat(chosen)
    else:
        screen.manager.switch_session(chosen)
