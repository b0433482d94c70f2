"""Markdown to terminal lines: pure, theme-free, incremental; knows nothing of Textual."""
