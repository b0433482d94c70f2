"""Ask before something that cannot be taken back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widgets import Button, Static

from robota_tui.ui.dialogs.base import Dialog
from robota_tui.ui.plain import block_content, line_content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult


class ConfirmDialog(Dialog[bool]):
    """A question with two buttons; where it is about a danger, the harmless one has the focus."""

    DEFAULT_CSS = """
    ConfirmDialog {
        & > #dialog { max-width: 64; }
        &.-danger > #dialog {
            border: round $error;
            border-title-color: $text-error;
        }
        #question {
            height: auto;
            max-height: 1fr;
        }
        #buttons {
            dock: bottom;
            height: 1;
            align-horizontal: right;
        }
        &.-medium #buttons, &.-tall #buttons { margin-top: 1; }
        &.-danger.-short > #dialog { border: none; }
        Button {
            min-width: 8;
            margin-left: 1;
        }
        #cancel { background: $panel; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "confirm", "Yes", show=False),
        Binding("n", "cancel", "No", show=False),
        Binding("left,up", "app.focus_previous", "Previous button", show=False),
        Binding("right,down", "app.focus_next", "Next button", show=False),
    ]
    hints: ClassVar[Sequence[tuple[str, str]]] = (("y", "yes"), ("n", "no"), ("enter", "the focused one"))

    def __init__(self, title: str, text: str, confirm_label: str, danger: bool = False) -> None:
        super().__init__(title, False)
        self._text = text
        self._confirm_label = confirm_label
        self._is_danger = danger
        self._painted_at = math.inf
        self.set_class(danger, "-danger")

    def compose_body(self) -> ComposeResult:
        """The question above its two buttons."""
        with VerticalScroll(id="question", can_focus=False):
            yield Static(block_content(self._text), markup=False)
        with Horizontal(id="buttons"):
            yield Button("Cancel", id="cancel", compact=True)
            yield Button(
                line_content(self._confirm_label),
                "error" if self._is_danger else "primary",
                id="confirm",
                compact=True,
            )

    def on_mount(self) -> None:
        """Focus the button that enter presses."""
        self.query_one("#cancel" if self._is_danger else "#confirm").focus()
        self.call_after_refresh(self._note_painted)

    def _note_painted(self) -> None:
        # Read off a message, so that it is the clock that stamps the keys.
        self._painted_at = Message().time

    def on_key(self, event: events.Key) -> None:
        """Drop the keys that were pressed before the question could be read, but for escape."""
        if event.time < self._painted_at and event.key != "escape":
            event.stop()

    def action_confirm(self) -> None:
        """Answer yes."""
        self.dismiss(True)

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "confirm")


class QuitDialog(ConfirmDialog):
    """The question whether to leave; asking to quit once more answers it."""

    def __init__(self, text: str) -> None:
        super().__init__("Quit", text, "Quit")
