"""The base of all dialogs that find one of many by typing."""

from __future__ import annotations

from abc import abstractmethod
from operator import itemgetter
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from robota_tui.ui.dialogs.base import Dialog, LineInput, ResultT, prompt_line
from robota_tui.ui.dialogs.matching import Match, Searched, rank
from robota_tui.ui.dialogs.rows import ChoiceList, Preview
from robota_tui.ui.plain import line_content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

ChoiceT = TypeVar("ChoiceT")

_MOST_ROWS = 200
"""More rows than anybody reads; each costs layout time at every letter typed."""


class FilterDialog(Dialog[ResultT | None], Generic[ChoiceT, ResultT]):
    """A line to type into, the choices that fit it, and optionally more about the highlighted one."""

    DEFAULT_CSS = """
    FilterDialog {
        & > #dialog { width: 96%; height: 80%; max-height: 32; }
        &.-narrow > #dialog, &.-short > #dialog { height: 100%; }
        #body { height: 1fr; margin-top: 1; }
        &.-short #body { margin-top: 0; }
        ChoiceList {
            width: 1fr;
            height: 1fr;
            border: none;
            padding: 0;
            text-wrap: nowrap;
            text-overflow: ellipsis;
            & > .option-list--option { padding: 0 1; }
            & > .option-list--option-highlighted {
                color: $block-cursor-blurred-foreground;
                background: $block-cursor-blurred-background;
                text-style: bold;
            }
        }
        Preview {
            width: 1fr;
            height: 1fr;
            padding: 0 0 0 1;
            border-left: vkey $foreground 15%;
        }
        &.-narrow #body { layout: vertical; }
        &.-narrow ChoiceList { width: 1fr; }
        &.-narrow Preview {
            width: 1fr;
            height: 2fr;
            padding: 0;
            border-left: none;
            border-top: hkey $foreground 15%;
        }
        &.-narrow.-medium Preview, &.-short Preview { display: none; }
        ChoiceList:ansi > .option-list--option-highlighted {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        # Of priority, because the line of input scrolls with some of these keys.
        Binding("up", "move('cursor_up')", "Up", show=False, priority=True),
        Binding("down", "move('cursor_down')", "Down", show=False, priority=True),
        Binding("pageup", "move('page_up')", "Page up", show=False, priority=True),
        Binding("pagedown", "move('page_down')", "Page down", show=False, priority=True),
        Binding("ctrl+home", "move('first')", "First", show=False, priority=True),
        Binding("ctrl+end", "move('last')", "Last", show=False, priority=True),
        Binding("shift+up", "scroll_preview(-1)", "Preview up", show=False, priority=True),
        Binding("shift+down", "scroll_preview(1)", "Preview down", show=False, priority=True),
    ]

    placeholder: ClassVar[str] = "type to filter"
    """Shown in the empty filter."""
    keys_while_empty: ClassVar[frozenset[str]] = frozenset()
    """Printable keys that do something else than type while the filter is empty."""
    has_preview: ClassVar[bool] = True
    """Whether `preview` has something to show."""

    _filter = query_one("#filter", LineInput)
    _list = query_one(ChoiceList)

    def __init__(self, heading: str, choices: Sequence[ChoiceT], *, highlighted: int = 0) -> None:
        super().__init__(heading, None)
        self._choices = [(choice, self.searched(choice)) for choice in choices]
        self._first_highlighted = highlighted
        self._shown: list[tuple[ChoiceT, Match]] = []
        self._query: str | None = None

    @abstractmethod
    def searched(self, choice: ChoiceT) -> Searched:
        """What of the choice is compared with the filter."""

    @abstractmethod
    def row(self, choice: ChoiceT, match: Match) -> Content:
        """The choice's line in the list."""

    @abstractmethod
    def result(self, choice: ChoiceT) -> ResultT:
        """What the dialog returns for the choice."""

    def preview(self, choice: ChoiceT) -> Content:
        """More about the choice, for the pane beside the list."""
        return Content()

    def compose_body(self) -> ComposeResult:
        """Filter, list and preview."""
        yield prompt_line(LineInput(placeholder=self.placeholder, id="filter", leaves=self.keys_while_empty))
        with Horizontal(id="body"):
            yield ChoiceList(markup=False)
            if self.has_preview:
                with Preview():
                    yield Static(markup=False, id="preview-text")

    def on_mount(self) -> None:
        """Show all choices."""
        self._refilter()
        if self._shown:
            self._list.highlighted = self._first_highlighted
        self._filter.focus()

    @on(Input.Changed, "#filter")
    def _refilter(self) -> None:
        query = self._filter.value
        if query == self._query:
            return
        self._query = query
        ranked = rank(query, self._choices, itemgetter(1))
        self._shown = [(choice, match) for (choice, _), match in ranked[:_MOST_ROWS]]
        options = [Option(self.row(choice, match)) for choice, match in self._shown]
        if not options:
            options = [Option(self._nothing_found(query), disabled=True)]
        self._list.set_options(options)
        self._list.highlighted = 0 if self._shown else None
        self._show_count(len(ranked))
        self._show_preview()

    def _nothing_found(self, query: str) -> Content:
        if not self._choices:
            return Content.styled("There is nothing to choose from.", "dim")
        return Content.assemble(("Nothing matches ", "dim"), line_content(query, "bold"))

    def _show_count(self, count: int) -> None:
        total = len(self._choices)
        numbers = f"{total}" if count == total else f"{count}/{total}"
        if count > len(self._shown):
            numbers += f", the first {len(self._shown)} shown"
        self.query_one("#dialog").border_title = Content.assemble(
            line_content(self._heading), (f" ({numbers})", "not bold dim")
        )

    def _highlighted_choice(self) -> ChoiceT | None:
        index = self._list.highlighted
        return self._shown[index][0] if index is not None and index < len(self._shown) else None

    @on(OptionList.OptionHighlighted)
    def _show_preview(self) -> None:
        if not self.has_preview:
            return
        choice = self._highlighted_choice()
        self.query_one("#preview-text", Static).update(Content() if choice is None else self.preview(choice))
        self.query_one(Preview).scroll_home(animate=False)

    @on(Input.Submitted)
    def _choose_highlighted(self) -> None:
        # Enter may arrive before the letters typed just ahead of it were filtered with.
        self._refilter()
        if (choice := self._highlighted_choice()) is not None:
            self.dismiss(self.result(choice))
        else:
            self.app.bell()

    @on(OptionList.OptionSelected)
    def _choose_clicked(self, event: OptionList.OptionSelected) -> None:
        if event.option_index < len(self._shown):
            self.dismiss(self.result(self._shown[event.option_index][0]))

    def action_move(self, movement: str) -> None:
        """Move the highlight: `movement` names an action of the list."""
        getattr(self._list, f"action_{movement}")()

    def action_scroll_preview(self, direction: int) -> None:
        """Scroll the preview by half its height, up (-1) or down (1)."""
        for preview in self.query(Preview):
            preview.scroll_relative(y=direction * max(1, preview.size.height // 2), animate=False)
