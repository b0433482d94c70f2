"""The modal dialogs: plain data in, a value out; escape gives `None`, or `False` to a question."""

from __future__ import annotations

from robota_tui.ui.dialogs.code_blocks import CodeBlockChoice, CodeBlockPicker
from robota_tui.ui.dialogs.confirm import ConfirmDialog
from robota_tui.ui.dialogs.goto import GotoDialog, GotoEntry
from robota_tui.ui.dialogs.help_screen import HelpRow, HelpScreen
from robota_tui.ui.dialogs.name_dialog import NameDialog
from robota_tui.ui.dialogs.problems import ProblemsDialog
from robota_tui.ui.dialogs.template_picker import NewChat, TemplateChoice, TemplatePicker

__all__ = [
    "CodeBlockChoice",
    "CodeBlockPicker",
    "ConfirmDialog",
    "GotoDialog",
    "GotoEntry",
    "HelpRow",
    "HelpScreen",
    "NameDialog",
    "NewChat",
    "ProblemsDialog",
    "TemplateChoice",
    "TemplatePicker",
]
