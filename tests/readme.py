"""Write the key table into README.md: `python -m tests.readme`."""

from __future__ import annotations

from pathlib import Path

from robota_tui.ui.bindings import key_table_markdown

README = Path(__file__).resolve().parent.parent / "README.md"
BEGIN = "<!-- keys: made by `python -m tests.readme`, tested to be current -->\n"
END = "<!-- end of keys -->"


def with_key_table(text: str) -> str:
    """The README's text with the table as the program has it."""
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}{key_table_markdown().strip()}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_key_table(README.read_text(encoding="utf-8")), encoding="utf-8")
