"""What all dialogs share: the frame, escape and a click beside it to leave, and a safe line of input."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from robota_tui.ui.plain import line_content, plain_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

ResultT = TypeVar("ResultT")


class LineInput(Input):
    """A line of input that takes no control characters, however they are pasted.

    While it is empty it leaves the keys `leaves` to the bindings around it.
    """

    def __init__(
        self,
        value: str = "",
        placeholder: str = "",
        id: str | None = None,  # noqa: A002
        leaves: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(
            value=plain_line(value),
            placeholder=plain_line(placeholder),
            id=id,
            compact=True,
            select_on_focus=True,
        )

        self._leaves = leaves

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether the key is typed into the line."""
        return (bool(self.value) or key not in self._leaves) and super().check_consume_key(key, character)

    def replace(self, text: str, start: int, end: int) -> None:
        """Put text in place of a part of the value; line ends and tabs become blanks."""
        # Not `plain_line`: the blank that is typed between two words stands at the end of `text`.
        cleaned = text if text.isprintable() else plain_line(text)
        super().replace(cleaned, start, end)


class Dialog(ModalScreen[ResultT]):
    """A framed box over the screen; escape, or a click beside it, leaves it with `cancelled_result`."""

    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        & > #dialog {
            width: 90%;
            max-width: 100;
            height: auto;
            max-height: 90%;
            padding: 0 1;
            border: round $primary;
            border-title-color: $text-primary;
            border-title-style: bold;
            border-subtitle-color: $text-muted;
            background: $surface;
        }
        &.-narrow > #dialog {
            width: 100%;
            max-height: 100%;
        }
        &.-short > #dialog {
            width: 100%;
            max-height: 100%;
            border: none;
        }
        Input {
            background: $surface;
            &:focus {
                background-tint: $foreground 0%;
            }
        }
        .prompt {
            height: 1;
            & > Static { width: auto; padding-right: 1; color: $text-primary; text-style: bold; }
            & > Input { width: 1fr; }
        }
        OptionList, VerticalScroll {
            scrollbar-size-vertical: 1;
            scrollbar-color: $foreground 25%;
            scrollbar-color-hover: $foreground 45%;
            scrollbar-color-active: $primary;
            scrollbar-background: $surface;
            scrollbar-background-hover: $surface;
            scrollbar-background-active: $surface;
            background: $surface;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", show=False)]
    # Textual's own annotation reads as an instance variable, so `ClassVar` is refused here.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (64, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (10, "-medium"), (18, "-tall")]  # noqa: RUF012

    hints: ClassVar[Sequence[tuple[str, str]]] = (("esc", "cancel"),)
    """Keys and what they do, for the lower edge; what is cut off where it is narrow stands last."""

    def __init__(self, heading: str, cancelled_result: ResultT) -> None:
        super().__init__()
        self._heading = heading
        self._cancelled_result = cancelled_result

    def compose(self) -> ComposeResult:
        """The frame around what `compose_body` gives."""
        with Vertical(id="dialog") as frame:
            frame.border_title = line_content(self._heading)
            frame.border_subtitle = _hint_line(self.hints)
            yield from self.compose_body()

    def compose_body(self) -> ComposeResult:
        """What stands in the frame."""
        raise NotImplementedError

    def dismiss(self, result: ResultT | None = None) -> AwaitComplete:
        """Leave with a result, once: a second answer sent along would close the screen below."""
        return super().dismiss(result) if self.is_current else AwaitComplete()

    def action_cancel(self) -> None:
        """Leave without a result."""
        self.dismiss(self._cancelled_result)

    def on_click(self, event: events.Click) -> None:
        """Leave by a click beside the box."""
        if event.widget is self:
            self.action_cancel()


def prompt_line(line: LineInput, label: str = "❯") -> Horizontal:
    """A line of input behind its label."""
    return Horizontal(Static(label, markup=False), line, classes="prompt")


def _hint_line(hints: Sequence[tuple[str, str]]) -> Content:
    parts = [Content.assemble((key, "bold $foreground"), f" {what}") for key, what in hints]
    return Content("  ").join(parts)
