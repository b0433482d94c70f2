"""Pick the template of a new chat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.getters import query_one

from robota_tui.ui.dialogs.base import LineInput, prompt_line
from robota_tui.ui.dialogs.filter_dialog import FilterDialog
from robota_tui.ui.dialogs.matching import Match, Searched
from robota_tui.ui.dialogs.rows import column, marked
from robota_tui.ui.plain import block_content, line_content, plain_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

_WIDEST_NAME = 20


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """A template as the picker shows it."""

    id: str
    name: str
    description: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    model: str = ""
    """The model that would answer, with its provider; empty when not known."""
    source: str = ""
    """Where the template comes from: built-in, user, or the workspace's name."""
    system_message: str = ""


@dataclass(frozen=True, slots=True)
class NewChat:
    """What the user asked for."""

    template_id: str
    name: str | None
    """The name typed for the chat; `None` leaves it to the template."""


class TemplatePicker(FilterDialog[TemplateChoice, NewChat]):
    """The templates with what each is for; enter creates at once, tab gives the chat a name first."""

    DEFAULT_CSS = """
    TemplatePicker {
        .prompt:last-child {
            margin-top: 1;
        }
        &.-short .prompt:last-child { display: none; }
    }
    """
    placeholder = "template, tag or model"
    hints: ClassVar[Sequence[tuple[str, str]]] = (
        ("enter", "create"),
        ("esc", "cancel"),
        ("tab", "name"),
        ("↑↓", "move"),
    )

    _chat_name = query_one("#chat-name", LineInput)

    def __init__(
        self, choices: Sequence[TemplateChoice], heading: str = "New chat", *, highlighted_id: str = ""
    ) -> None:
        ids = [choice.id for choice in choices]
        highlighted = ids.index(highlighted_id) if highlighted_id in ids else 0
        super().__init__(heading, choices, highlighted=highlighted)
        widths = [line_content(choice.name).cell_length for choice in choices]
        self._name_width = min(max(widths, default=0), _WIDEST_NAME)

    def compose_body(self) -> ComposeResult:
        """The list with its preview, and below it the name of the new chat."""
        yield from super().compose_body()
        yield prompt_line(LineInput(placeholder="optional", id="chat-name"), "name")

    def searched(self, choice: TemplateChoice) -> Searched:
        """The name and category; besides them id, tags, model, source and description."""
        hidden = (choice.id, *choice.tags, choice.model, choice.source, choice.description)
        return Searched(
            (plain_line(choice.name), plain_line(choice.category)),
            hidden=plain_line(" ".join(hidden), max_characters=2000),
        )

    def row(self, choice: TemplateChoice, match: Match) -> Content:
        """The name and, in a column of its own, the category."""
        return Content.assemble(
            column(marked(choice.name, match.positions_in(0)), self._name_width),
            "  ",
            marked(choice.category, match.positions_in(1), "dim"),
        )

    def result(self, choice: TemplateChoice) -> NewChat:
        """The template's id and the name typed, if any."""
        return NewChat(choice.id, plain_line(self._chat_name.value) or None)

    def preview(self, choice: TemplateChoice) -> Content:
        """What the template is for, which model answers, and the system message."""
        facts = (
            ("model", choice.model),
            ("category", choice.category),
            ("tags", ", ".join(choice.tags)),
            ("source", choice.source),
            ("id", choice.id),
        )
        parts = [line_content(choice.name, "bold $text-primary")]
        if choice.description:
            parts.append(block_content(choice.description))
        parts.append(Content())
        parts += [
            Content.assemble((f"{label:9}", "dim"), line_content(value)) for label, value in facts if value
        ]
        if choice.system_message:
            parts += [
                Content(),
                Content.styled("system message", "dim"),
                block_content(choice.system_message),
            ]
        return Content("\n").join(parts)
