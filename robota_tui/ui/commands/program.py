"""Actions on the program as a whole: sidebar, help, palette, problems, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robota_tui.ui.actions import LEADER_ID
from robota_tui.ui.keynames import key_label

if TYPE_CHECKING:
    from robota_tui.ui.screens.main import MainScreen


def toggle_sidebar(screen: MainScreen) -> None:
    """Show or hide the sidebar; in a narrow terminal it is hidden until asked for."""
    is_shown = screen.query_one("#sidebar").display
    screen.set_class(is_shown, "-sidebar-hidden")
    screen.set_class(not is_shown, "-sidebar-shown")
    if is_shown and screen.sidebar.has_focus:
        screen.composer.focus()


def focus_sidebar(screen: MainScreen) -> None:
    """Move in the sidebar by keys; it is shown if it was not."""
    if not screen.query_one("#sidebar").display:
        toggle_sidebar(screen)
    screen.sidebar.focus()


async def open_palette(screen: MainScreen) -> None:
    """Find a command by typing, and run it."""
    from robota_tui.ui.palette import PaletteDialog, commands

    leader = next((key_label(key) for key in screen.options.keys_of(LEADER_ID)), "")
    offered = commands(screen.options.rows, leader, screen.app.available_themes)
    chosen = await screen.app.push_screen_wait(PaletteDialog(offered))
    if chosen is not None and chosen.kind == "theme":
        screen.app.theme = chosen.id
    elif chosen is not None:
        await screen.action_run(chosen.id)


def show_help(screen: MainScreen) -> None:
    """Show all keys."""
    from robota_tui.ui.commands.places import help_rows
    from robota_tui.ui.dialogs import HelpScreen

    leader = screen.options.keys_of(LEADER_ID)
    rows = help_rows(screen.options.rows, key_label(leader[0]) if leader else "")
    screen.app.push_screen(HelpScreen(rows))


def show_problems(screen: MainScreen) -> None:
    """Show what is wrong in the configuration."""
    from robota_tui.ui.dialogs import ProblemsDialog

    if screen.options.problems:
        screen.app.push_screen(ProblemsDialog(screen.options.problems))
    else:
        screen.notify("The configuration is in order.", timeout=2)


def copy_selection(screen: MainScreen) -> bool:
    """Copy the text that is selected in the composer or the transcript; says whether there was any."""
    from robota_tui.ui.commands.replies import copy

    selected = screen.composer.selected_text if screen.composer.has_focus else ""
    text = selected or screen.get_selected_text()
    if text:
        copy(screen, text)
    return bool(text)


def page(screen: MainScreen, direction: int) -> None:
    """Scroll by a page: the sidebar if it has the focus, else the transcript."""
    target = screen.sidebar if screen.sidebar.has_focus else screen.transcript
    if direction < 0:
        target.action_page_up()
    else:
        target.action_page_down()


def scroll_to_top(screen: MainScreen) -> None:
    """Show the first message."""
    screen.transcript.action_scroll_home()


def scroll_to_end(screen: MainScreen) -> None:
    """Show the newest message, and follow what comes."""
    screen.transcript.follow()


def show_previous_message(screen: MainScreen) -> None:
    """Put the beginning of this message, or of the one before it, at the top."""
    screen.transcript.action_previous_message()


def show_next_message(screen: MainScreen) -> None:
    """Put the beginning of the next message at the top."""
    screen.transcript.action_next_message()


def toggle_details(screen: MainScreen) -> None:
    """Show or hide what each answer has used."""
    screen.transcript.action_toggle_details()


def begin_leader(screen: MainScreen) -> None:
    """Wait for the key after the leader key."""
    screen.leader.begin()


async def leave(screen: MainScreen) -> None:
    """Quit; asks while an agent is working."""
    await screen.app.run_action("app.quit")
