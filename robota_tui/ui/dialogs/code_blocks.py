"""Pick one of the code blocks of a chat, to copy it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from robota_tui.ui.dialogs.filter_dialog import FilterDialog
from robota_tui.ui.dialogs.matching import Match, Searched
from robota_tui.ui.dialogs.rows import column, marked
from robota_tui.ui.plain import line_content, plain_block, plain_line

if TYPE_CHECKING:
    from collections.abc import Sequence


_LANGUAGE_WIDTH = 10


@dataclass(frozen=True, slots=True)
class CodeBlockChoice:
    """A code block as the picker shows it."""

    index: int
    """The caller's own number for the block; the digits that pick count from the top of the list."""
    language: str
    source: str
    origin: str = ""
    """Who wrote it and when, for instance `Coder, 3 messages ago`."""


class CodeBlockPicker(FilterDialog[CodeBlockChoice, CodeBlockChoice]):
    """The blocks in the order given; while nothing is typed, a digit picks one of the first nine at once."""

    DEFAULT_CSS = """
    CodeBlockPicker #preview-text {
        text-wrap: nowrap;
        text-overflow: clip;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(str(digit), f"pick({digit})", f"Pick block {digit}", show=False, priority=True)
        for digit in range(1, 10)
    ]
    placeholder = "language or code"
    keys_while_empty: ClassVar[frozenset[str]] = frozenset("123456789")
    hints: ClassVar[Sequence[tuple[str, str]]] = (
        ("enter", "copy"),
        ("esc", "cancel"),
        ("1-9", "at once"),
        ("↑↓", "move"),
    )

    def __init__(self, blocks: Sequence[CodeBlockChoice], heading: str = "Copy a code block") -> None:
        self._blocks = tuple(blocks)
        self._numbers = {id(block): number for number, block in enumerate(self._blocks, start=1)}
        super().__init__(heading, blocks)

    def action_pick(self, number: int) -> None:
        """Return the block of that number, counted from 1 at the top of the unfiltered list."""
        if number <= len(self._blocks):
            self.dismiss(self._blocks[number - 1])
        else:
            self.app.bell()

    def searched(self, choice: CodeBlockChoice) -> Searched:
        """The first line and the language; besides them the whole source and its origin."""
        return Searched(
            (_first_line(choice.source), plain_line(choice.language)),
            hidden=plain_line(f"{choice.origin} {choice.source}", max_characters=5000),
        )

    def row(self, choice: CodeBlockChoice, match: Match) -> Content:
        """The digit, the language, the number of lines and the first line."""
        number = self._numbers[id(choice)]
        lines = choice.source.rstrip("\n").count("\n") + 1
        return Content.assemble(
            (f"{number} " if number <= 9 else "  ", "dim"),
            column(marked(choice.language or "text", match.positions_in(1)), _LANGUAGE_WIDTH),
            (f"{lines:>4} ", "dim"),
            marked(_first_line(choice.source), match.positions_in(0)),
        )

    def result(self, choice: CodeBlockChoice) -> CodeBlockChoice:
        """The block itself."""
        return choice

    def preview(self, choice: CodeBlockChoice) -> Content:
        """The origin and the source, coloured where the language is known."""
        from textual.highlight import highlight

        source = highlight(plain_block(choice.source), language=plain_line(choice.language) or "text")
        return Content("\n").join([line_content(choice.origin, "dim"), source]) if choice.origin else source


def _first_line(source: str) -> str:
    return plain_line(next((line for line in source.splitlines() if line.strip()), ""))
