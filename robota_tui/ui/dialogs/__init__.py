"""The modal dialogs: plain data in, a value out; escape gives `None`, or `False` to a question.

A dialog's module is imported when its name is first asked for: no dialog is open when the program starts.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from robota_tui.ui.dialogs.code_blocks import CodeBlockChoice, CodeBlockPicker
    from robota_tui.ui.dialogs.confirm import ConfirmDialog, QuitDialog
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
    "QuitDialog",
    "TemplateChoice",
    "TemplatePicker",
]

_MODULES = {
    "CodeBlockChoice": "code_blocks",
    "CodeBlockPicker": "code_blocks",
    "ConfirmDialog": "confirm",
    "GotoDialog": "goto",
    "GotoEntry": "goto",
    "HelpRow": "help_screen",
    "HelpScreen": "help_screen",
    "NameDialog": "name_dialog",
    "NewChat": "template_picker",
    "ProblemsDialog": "problems",
    "QuitDialog": "confirm",
    "TemplateChoice": "template_picker",
    "TemplatePicker": "template_picker",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
