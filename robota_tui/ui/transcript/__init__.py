"""The transcript of a chat: one widget that draws lines, whatever the number of messages.

`document` and what it is made of know nothing of widgets; `view` is the widget.
"""

from robota_tui.ui.transcript.copying import CodeBlock
from robota_tui.ui.transcript.document import TranscriptDocument
from robota_tui.ui.transcript.view import Transcript

__all__ = ["CodeBlock", "Transcript", "TranscriptDocument"]
