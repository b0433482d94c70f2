"""The main screen: sessions, tabs, transcript, composer and status, wired to the manager."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.getters import query_one
from textual.screen import Screen

from robota_tui.agents.errors import RobotaError
from robota_tui.agents.messages import Role
from robota_tui.sessions import events as happened
from robota_tui.ui import presenter
from robota_tui.ui.bindings import default_bindings, key_meanings
from robota_tui.ui.bridge import Bridge, MessageEvent
from robota_tui.ui.chat_views import ChatViews
from robota_tui.ui.commands.chats import close_chat
from robota_tui.ui.commands.program import copy_selection
from robota_tui.ui.commands.registry import COMMANDS
from robota_tui.ui.leader_control import LeaderControl
from robota_tui.ui.markdown.sanitize import safe_url
from robota_tui.ui.seen import SeenWatch
from robota_tui.ui.transcript import Transcript
from robota_tui.ui.visits import AttentionRound, Visits
from robota_tui.ui.widgets.composer import Composer
from robota_tui.ui.widgets.composer_rule import ComposerRule, Prompt
from robota_tui.ui.widgets.key_bar import KeyBar
from robota_tui.ui.widgets.sidebar import Sidebar, SidebarHeader
from robota_tui.ui.widgets.status_line import StatusLine
from robota_tui.ui.widgets.tab_strip import TabStrip
from robota_tui.ui.widgets.which_key import WhichKey

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from textual import events
    from textual.app import ComposeResult
    from textual.widgets import TextArea

    from robota_tui.sessions.chat import ChatInstance
    from robota_tui.sessions.manager import SessionManager
    from robota_tui.sessions.state import SessionInfo
    from robota_tui.ui.options import ShellOptions

_NARROW = 100
"""Cells; as wide as this or less, the status line has no room for a notice and the facts."""
_COUNT_AFTER = 0.2
"""Seconds until the figures of a long chat are counted: not in the frame that shows it."""


class MainScreen(Screen[None]):
    """Composes the widgets, shows what the manager says, and runs the actions of the table."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *default_bindings("screen"),
        Binding("ctrl+c", "copy_or_quit", "copy, twice: quit", priority=True, show=False),
    ]
    # Textual declares these two as variables of the instance, so that `ClassVar` is no option.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (8, "-medium"), (14, "-tall")]  # noqa: RUF012

    tabs = query_one("#tabs", TabStrip)
    transcript = query_one("#transcript", Transcript)
    rule = query_one("#rule", ComposerRule)
    composer = query_one("#composer", Composer)
    sidebar = query_one("#sessions", Sidebar)
    status = query_one("#status", StatusLine)
    keys = query_one("#keys", KeyBar)
    which_key = query_one("#which-key", WhichKey)

    def __init__(self, manager: SessionManager, options: ShellOptions) -> None:
        super().__init__()
        self.manager = manager
        self.options = options
        self.views = ChatViews(manager)
        self.visits = Visits()
        self.attention = AttentionRound()
        self.leader = LeaderControl(self)
        self._meanings = key_meanings(options.rows)
        self._shown: ChatInstance | None = None
        self._shown_session_id: str | None = None
        self._was_answered = False
        # Found out when a status changes, not at each switch: it means asking every chat there is.
        self._wanting: list[ChatInstance] = []
        self._bridge: Bridge | None = None
        self._seen = SeenWatch(options.seen_after, self.set_timer, self._is_in_sight)

    def compose(self) -> ComposeResult:
        """All widgets there ever are; nothing is mounted later on."""
        with Horizontal(id="body"):
            with Vertical(id="sidebar"):
                yield SidebarHeader(id="sidebar-header")
                yield Sidebar(self.manager, id="sessions")
            with Vertical(id="main"):
                yield TabStrip(id="tabs")
                yield Transcript(id="transcript")
                yield ComposerRule(id="rule")
                with Horizontal(id="writing"):
                    yield Prompt(id="prompt")
                    blink = self.app.animation_level != "none"
                    yield Composer(self.options.placeholder(), self.take_key, blink=blink, id="composer")
        yield StatusLine(id="status")
        yield KeyBar(self.options.rows, id="keys")
        yield WhichKey(self.options.rows, id="which-key")

    def on_mount(self) -> None:
        """Begin to listen, and show what is selected."""
        self._place_sidebar()
        self._bridge = Bridge(self.manager, self, self.set_timer)
        self.composer.focus()
        self.refresh_structure()
        self.show_selected()

    def on_unmount(self) -> None:
        """Listen no more."""
        if self._bridge is not None:
            self._bridge.stop()

    def on_resize(self) -> None:
        """What is shown depends on the width."""
        self.call_after_refresh(self.show_chat_state)

    def use_options(self, options: ShellOptions) -> None:
        """Take over other keys and other choices about the screen."""
        before, self.options = self.options, options
        self._meanings = key_meanings(options.rows)
        self.leader = LeaderControl(self)
        self.keys.use_rows(options.rows)
        self.composer.placeholder = options.placeholder()
        if (before.sidebar, before.sidebar_width) != (options.sidebar, options.sidebar_width):
            self._place_sidebar()
        self.show_chat_state()

    def _place_sidebar(self) -> None:
        self.query_one("#sidebar").styles.width = self.options.sidebar_width
        self.set_class(not self.options.sidebar, "-sidebar-hidden")

    # ----------------------------------------------------------------- what is selected

    @property
    def session(self) -> SessionInfo | None:
        """The selected session."""
        session_id = self.manager.active_session_id
        return self.manager.get_session(session_id) if session_id is not None else None

    @property
    def chat(self) -> ChatInstance | None:
        """The chat in the transcript."""
        return self._shown

    @property
    def shown_chat_id(self) -> str | None:
        """The id of the chat in the transcript."""
        return self._shown.id if self._shown else None

    def go_to_chat(self, chat_id: str) -> None:
        """Show a chat, whatever session it is in."""
        chat = self.manager.get_chat(chat_id)
        if chat is not None:
            # The chat first: while its session is not the selected one, that draws nothing.
            self.manager.switch_chat(chat.session_id, chat.id)
            self.manager.switch_session(chat.session_id)

    # ----------------------------------------------------------------- what the bridge tells

    def show_selected(self) -> None:
        """Show the selected session's active chat: references change, and one frame is drawn."""
        session = self.session
        chat_id = session.active_chat_id if session else None
        chat = self.manager.get_chat(chat_id) if chat_id is not None else None
        session_id = session.id if session else None
        if chat is not self._shown or session_id != self._shown_session_id:
            self.views.keep(self._shown, self._shown_session_id, self.composer)
            self._shown, self._shown_session_id = chat, session_id
            self.views.restore(chat, session_id, self.composer)
            self.transcript.show(self.views.document(chat) if chat else None)
            if chat is not None:
                chat.note_use()
                self.visits.visit(chat.id)
        self.tabs.show(presenter.tab_items(self.manager, session.id if session else None), chat_id)
        self.sidebar.show_active(session.id if session else None, chat_id)
        self.show_chat_state()
        self._seen.watch(self._shown)

    def show_message_event(self, event: MessageEvent) -> None:
        """Hand an event to the document of its chat; a reply that is complete has used tokens."""
        self.views.tell(event)
        if isinstance(event, happened.MessageStreamed):
            return
        self.views.forget_figures(event.chat_id)
        if event.chat_id == self.shown_chat_id:
            self.show_chat_state()
            self._seen.watch(self._shown)

    def show_chat_state(self) -> None:
        """Model, tokens, queue and state of what is shown."""
        session, chat = self.session, self._shown
        self.rule.show(presenter.rule_info(chat, session, self.options))
        figures = self.views.figures(chat, self._count_later)
        notice = self.options.notice if self._has_room_for_notice() else ""
        info = presenter.status_info(self.manager, self._wanting, session, chat, figures, notice)
        self.status.show(info)
        width = self.transcript.size.width - 4
        hint = presenter.empty_hint(self.manager, chat, session, self.options, width)
        if hint != self.transcript.empty_hint:
            self.transcript.empty_hint = hint
            self.transcript.refresh()

    def _has_room_for_notice(self) -> bool:
        """In a narrow terminal the notice gives way to the facts as soon as the first answer came."""
        if not self._was_answered and self._shown is not None:
            self._was_answered = any(message.role is Role.ASSISTANT for message in self._shown.messages)
        return self.size.width > _NARROW or not self._was_answered

    def show_send_failure(self, event: happened.SendFailed) -> None:
        """Tell of a message that never came into the history, and give it back to the user."""
        if not event.stored:
            self.tell_error(RobotaError(event.error, hint=event.hint))
            is_shown = event.chat_id == self.shown_chat_id
            self.views.give_back(event.chat_id, event.text, self.composer if is_shown else None)

    def forget_chat(self, chat_id: str) -> None:
        """Drop what belongs to a chat that is gone."""
        self.views.forget(chat_id)
        self.visits.forget(chat_id)

    def refresh_structure(self) -> None:
        """Draw the list of sessions and the tabs anew."""
        session = self.session
        self._wanting = self.manager.wanting_attention()
        self.sidebar.rebuild()
        self.tabs.show(presenter.tab_items(self.manager, session.id if session else None), self.shown_chat_id)
        self.sidebar.show_active(session.id if session else None, self.shown_chat_id)
        self.show_chat_state()

    def refresh_badges(self, chats: set[tuple[str, str]]) -> None:
        """Draw the statuses of some chats anew."""
        session = self.session
        self._wanting = self.manager.wanting_attention()
        for session_id, chat_id in chats:
            self.sidebar.refresh_row(chat_id)
            self.sidebar.refresh_row(session_id)
        self.tabs.show(presenter.tab_items(self.manager, session.id if session else None), self.shown_chat_id)
        self.show_chat_state()
        self._seen.watch(self._shown)

    def _count_later(self) -> None:
        self.set_timer(_COUNT_AFTER, self._figures_came)

    def _figures_came(self) -> None:
        if self._shown is not None:
            self.views.count(self._shown)
            self.show_chat_state()

    def _is_in_sight(self, chat: ChatInstance) -> bool:
        return chat is self._shown and self.is_current and self.transcript.is_at_bottom

    @on(Transcript.ReachedBottom)
    def _note_reached_bottom(self) -> None:
        self._seen.watch(self._shown)

    # ----------------------------------------------------------------- what the widgets want

    @on(TabStrip.Chosen)
    @on(Sidebar.ChatChosen)
    @on(StatusLine.Chosen)
    def _go_to_chosen_chat(self, event: TabStrip.Chosen | Sidebar.ChatChosen | StatusLine.Chosen) -> None:
        self.go_to_chat(event.chat_id)
        self.composer.focus()

    @on(Sidebar.SessionChosen)
    def _go_to_chosen_session(self, event: Sidebar.SessionChosen) -> None:
        self.manager.switch_session(event.session_id)
        self.composer.focus()

    @on(Transcript.LinkClicked)
    def _open_link(self, event: Transcript.LinkClicked) -> None:
        if safe_url(event.url):
            self.app.open_url(event.url)

    @on(TabStrip.CloseRequested)
    def _close_chosen_chat(self, event: TabStrip.CloseRequested) -> None:
        self._go_on(close_chat(self, event.chat_id))

    @on(TabStrip.NewRequested)
    async def _open_new_chat(self) -> None:
        await self.action_run("chat.new")

    @on(KeyBar.Chosen)
    async def _run_chosen_key(self, event: KeyBar.Chosen) -> None:
        await self.action_run(event.action_id)

    @on(Composer.Changed)
    def _keep_draft(self, event: TextArea.Changed) -> None:
        if self._shown is not None:
            self._shown.draft = self.composer.text

    # ----------------------------------------------------------------- actions

    async def action_run(self, action_id: str) -> None:
        """Run an action of the table; those that ask something go on in the background."""
        try:
            waiting = COMMANDS[action_id](self)
        except RobotaError as error:
            self.tell_error(error)
        else:
            if waiting is not None:
                self._go_on(waiting)

    def _go_on(self, waiting: Awaitable[None]) -> None:
        self.run_worker(self._finish(waiting), group="asking", exit_on_error=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While the composer has the focus it hands on the keys itself, in the order of typing."""
        return not (action == "run" and self.composer.has_focus)

    async def take_key(self, event: events.Key) -> bool:
        """Run what a key in the composer means; says whether it means anything but text."""
        if self.leader.is_waiting:
            await self.leader.press(event)
            return True
        meaning = self._meanings.get(event.key)
        if meaning is None:
            return False
        if meaning.only_when_empty and self.composer.text:
            move = self.composer.action_cursor_word_left, self.composer.action_cursor_word_right
            move[event.key.endswith("right")]()
        else:
            await self.action_run(meaning.action_id)
        return True

    async def action_copy_or_quit(self) -> None:
        """Copy what is selected; with nothing selected, the second time in a row quits."""
        if not copy_selection(self):
            await self.app.run_action("app.quit_twice")

    async def _finish(self, waiting: Awaitable[None]) -> None:
        try:
            await waiting
        except RobotaError as error:
            self.tell_error(error)

    def tell_error(self, error: RobotaError) -> None:
        """Say what could not be done, and what to do about it."""
        text = f"{error}\n{error.hint}" if error.hint else str(error)
        self.notify(text, severity="error", markup=False)

    def turn_to_composer(self, event: events.Key) -> None:
        """Give the composer the focus before a typed character is handed on, wherever the focus was.

        At once, not by `focus()`: what is typed right after it, a blank above all, must follow it.
        """
        is_typed = event.is_printable and event.character is not None
        if is_typed and self.focused is not self.composer and event.key not in self.active_bindings:
            self.set_focus(self.composer)
