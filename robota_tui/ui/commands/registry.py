"""Which function runs which action of the table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from robota_tui.ui.commands import chats, program, replies, switching

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from robota_tui.ui.screens.main import MainScreen

COMMANDS: Mapping[str, Callable[[MainScreen], Awaitable[None] | None]] = {
    **{f"chat.{number}": partial(switching.show_numbered_chat, number=number) for number in range(1, 10)},
    "chat.previous": partial(switching.show_neighbour_chat, step=-1),
    "chat.next": partial(switching.show_neighbour_chat, step=1),
    "session.previous": partial(switching.show_neighbour_session, step=-1),
    "session.next": partial(switching.show_neighbour_session, step=1),
    "chat.attention": switching.show_chat_wanting_attention,
    "chat.last": switching.show_last_chat,
    "goto": switching.choose_place,
    "palette": program.open_palette,
    "chat.new": chats.open_chat,
    "chat.rename": chats.rename_chat,
    "chat.close": chats.close_chat,
    "chat.move_left": partial(chats.move_chat, step=-1),
    "chat.move_right": partial(chats.move_chat, step=1),
    "session.new": chats.open_session,
    "session.rename": chats.rename_session,
    "session.close": chats.close_session,
    "session.move_up": partial(chats.move_session, step=-1),
    "session.move_down": partial(chats.move_session, step=1),
    "session.pause": chats.pause_session,
    "send": replies.send,
    "newline": partial(replies.run_in_composer, action_id="newline"),
    "input.previous": partial(replies.run_in_composer, action_id="input.previous"),
    "input.next": partial(replies.run_in_composer, action_id="input.next"),
    "input.editor": replies.edit_in_editor,
    "reply.stop": replies.stop_reply,
    "reply.regenerate": replies.regenerate,
    "reply.copy": replies.copy_last_answer,
    "reply.code": replies.copy_code_block,
    "view.page_up": partial(program.page, direction=-1),
    "view.page_down": partial(program.page, direction=1),
    "view.top": program.scroll_to_top,
    "view.bottom": program.scroll_to_end,
    "view.previous_message": program.show_previous_message,
    "view.next_message": program.show_next_message,
    "view.details": program.toggle_details,
    "sidebar.toggle": program.toggle_sidebar,
    "sidebar.focus": program.focus_sidebar,
    "problems": program.show_problems,
    "help": program.show_help,
    "leader": program.begin_leader,
    "quit": program.leave,
}
"""By action id; what returns something to wait for asks the user, and goes on in the background."""
