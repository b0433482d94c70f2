"""The least that can echo a key in Textual: what the composer is measured against."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import TextArea


class MinimalApp(App[None]):
    """One text area, and nothing else that could be drawn."""

    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        yield TextArea("", placeholder="ready", soft_wrap=True)


if __name__ == "__main__":
    MinimalApp().run()
