"""Take the README's picture anew, of the real program with the real model: `python -m tests.picture`."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

os.environ.setdefault("TEXTUAL_FPS", "240")

PICTURE = Path(__file__).parent / "pictures" / "screen.svg"


async def main() -> None:
    """Ask three agents, look at the first one while the others write."""
    from robota_tui.compose import build_workbench, open_sessions
    from robota_tui.config.paths import sample_configs
    from robota_tui.ui.app import RobotaApp

    workbench = build_workbench(None, [sample_configs() / "development.toml"], lambda keymap: ())
    await open_sessions(workbench)
    app = RobotaApp(
        workbench.manager,
        notice=workbench.notice,
        themes=workbench.configuration.theme_list,
        theme=sys.argv[1] if len(sys.argv) > 1 else "robota-dark",
    )
    async with app.run_test(size=(110, 32)) as pilot:
        await pilot.press(*"Write a Python function that reverses a string.", "enter", "alt+3")
        await pilot.press(*"What belongs into a README? Answer with a list.", "enter", "alt+1")
        coder, _, documenter, *_ = workbench.manager.chats
        await coder.settled()
        await pilot.press("alt+2", *"Name three things to look for in a code review, as a list.", "enter")
        await asyncio.sleep(0.3)
        await pilot.press("alt+1")
        await asyncio.sleep(0.2)
        await pilot.press(*"Now with a test")
        await pilot.pause()
        # The fonts that the export asks for stand on a server; the picture must need none.
        svg = re.sub(r"@font-face \{.*?\}\s*", "", app.export_screenshot(title="robota-tui"), flags=re.DOTALL)
        PICTURE.write_text(svg, encoding="utf-8")
        documenter.cancel()


if __name__ == "__main__":
    asyncio.run(main())
