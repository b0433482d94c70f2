"""Ask for one name: of a new session, or a new one for a session or chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.getters import query_one
from textual.widgets import Input, Static

from robota_tui.ui.dialogs.base import Dialog, LineInput, prompt_line
from robota_tui.ui.plain import plain_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

LONGEST_NAME = 200
"""Characters; names are shown on one line everywhere."""


class NameDialog(Dialog[str | None]):
    """A line of input; returns the name without white space at its ends, `None` when cancelled."""

    DEFAULT_CSS = """
    NameDialog {
        & > #dialog { max-width: 60; }
        #problem { color: $text-error; height: auto; }
    }
    """
    hints: ClassVar[Sequence[tuple[str, str]]] = (("enter", "save"), ("esc", "cancel"))

    _line = query_one("#name", LineInput)
    _problem = query_one("#problem", Static)

    def __init__(self, title: str, initial: str = "", placeholder: str = "") -> None:
        super().__init__(title, None)
        self._initial = initial
        self._placeholder = placeholder

    def compose_body(self) -> ComposeResult:
        """The line of input and, below it, why a name is not accepted."""
        yield prompt_line(LineInput(self._initial, self._placeholder, id="name"))
        yield Static(markup=False, id="problem")

    @on(Input.Changed)
    def _clear_problem(self) -> None:
        self._problem.update()

    @on(Input.Submitted)
    def _submit(self) -> None:
        name = plain_line(self._line.value)
        if problem := _problem_with(name):
            self._problem.update(problem)
        else:
            self.dismiss(name)


def _problem_with(name: str) -> str:
    if not name:
        return "A name needs at least one letter."
    if len(name) > LONGEST_NAME:
        return f"The name has {len(name)} characters; at most {LONGEST_NAME} are possible."
    return ""
