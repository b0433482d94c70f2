"""What is wrong in the configuration files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from robota_tui.ui.dialogs.reader import ReaderDialog, hanging
from robota_tui.ui.plain import block_content, line_content

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLACE_AND_MESSAGE = re.compile(r"(?P<place>[^\n]+?:\d+(?::\d+)?):?\s+(?P<message>.+)", re.DOTALL)


class ProblemsDialog(ReaderDialog):
    """One paragraph for each problem, its file and line first."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,q", "cancel", "Close", show=False)]
    hints: ClassVar[Sequence[tuple[str, str]]] = (("esc", "close"), ("↑↓", "scroll"))

    def __init__(self, problems: Sequence[str], title: str = "") -> None:
        self._problems = tuple(problems)
        super().__init__(title or _heading(len(self._problems)), None)

    def text(self, width: int) -> Content:
        """The problems, the place of each on a line of its own."""
        return Content("\n\n").join([_paragraph(problem, width) for problem in self._problems])


def _heading(count: int) -> str:
    return "1 problem in the configuration" if count == 1 else f"{count} problems in the configuration"


def _paragraph(problem: str, width: int) -> Content:
    found = _PLACE_AND_MESSAGE.fullmatch(problem.strip())
    if found is None:
        return hanging(Content.styled("• ", "$text-error"), block_content(problem), width)
    return Content.assemble(
        hanging(Content.styled("• ", "$text-error"), line_content(found["place"], "bold"), width),
        "\n",
        hanging(Content("  "), block_content(found["message"]), width),
    )
