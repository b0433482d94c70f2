"""The panes of the dialogs that find one of many, and what their rows are made of."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList

from robota_tui.ui.plain import plain_line


class ChoiceList(OptionList, can_focus=False):
    """The list under the filter; keys reach it through the dialog, so that typing never leaves the filter."""


class Preview(VerticalScroll, can_focus=False):
    """The pane that shows more of the highlighted choice."""


def marked(text: str, positions: frozenset[int], style: str = "") -> Content:
    """One line of foreign text in which the characters that were found are underlined.

    The positions count in `plain_line(text)`, which is what has to be searched.
    """
    content = Content.styled(plain_line(text), style)
    for position in positions:
        content = content.stylize("bold underline", position, position + 1)
    return content


def column(content: Content, width: int) -> Content:
    """The content padded with blanks, or cut with an ellipsis, to exactly `width` cells."""
    return content.truncate(width, ellipsis=True, pad=True)
