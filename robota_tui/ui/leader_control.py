"""The leader key on the screen: the hint in the key bar, the panel, and running what is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robota_tui.ui.actions import LEADER_ID
from robota_tui.ui.leader import Leader, LeaderRun, LeaderUnknown

if TYPE_CHECKING:
    from textual import events
    from textual.timer import Timer

    from robota_tui.ui.screens.main import MainScreen


class LeaderControl:
    """Between the leader key and the key after it."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen
        self._leader = Leader(screen.options.rows, screen.options.keys_of(LEADER_ID))
        self._timer: Timer | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether the next key belongs to the leader."""
        return self._leader.is_waiting

    def begin(self) -> None:
        """The leader key was pressed: the next key counts at once, the panel comes after a moment."""
        self._leader.begin()
        self._screen.keys.show_leader(True)
        self._timer = self._screen.set_timer(self._screen.options.leader_delay, self._open_panel)

    async def press(self, event: events.Key) -> None:
        """Run what the key after the leader key means."""
        outcome = self._leader.press(event.key, event.character)
        if self._timer is not None:
            self._timer.stop()
        self._screen.which_key.close()
        self._screen.keys.show_leader(False)
        match outcome:
            case LeaderRun(action_id):
                await self._screen.action_run(action_id)
            case LeaderUnknown(label):
                leader = self._screen.options.label_of(LEADER_ID)
                text = f"{leader} {label} does nothing."
                self._screen.notify(text, severity="warning", timeout=2, markup=False)

    def _open_panel(self) -> None:
        if self._leader.is_waiting:
            self._screen.which_key.open(self._screen.size.width, self._screen.size.height * 2 // 3)
