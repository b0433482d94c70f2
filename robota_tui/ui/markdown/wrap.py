"""Runs of text into lines of a given width."""

from __future__ import annotations

from robota_tui.ui.markdown.cells import line_breaks
from robota_tui.ui.markdown.lines import Run


def wrap_runs(runs: list[Run], width: int) -> list[list[Run]]:
    """Wrap one stretch of text (no line breaks inside) at `width` cells; at least one line comes back."""
    if not runs:
        return [[]]
    if len(runs) == 1:
        run = runs[0]
        if len(run.text) <= width and run.text.isascii():
            return [[run]]
        return [[cut(run, start, end)] for start, end in line_breaks(run.text, width)]
    text = "".join([run.text for run in runs])
    if len(text) <= width and text.isascii():
        return [runs]
    return _distribute(runs, line_breaks(text, width))


def _distribute(runs: list[Run], spans: list[tuple[int, int]]) -> list[list[Run]]:
    lines: list[list[Run]] = []
    index, offset = 0, 0  # the run that a span begins in, and where that run begins in the whole text
    for start, end in spans:
        line: list[Run] = []
        while index < len(runs):
            run = runs[index]
            run_end = offset + len(run.text)
            if run_end > start:
                first, last = max(start, offset) - offset, min(end, run_end) - offset
                if last > first:
                    line.append(cut(run, first, last))
                if run_end > end:
                    break
            index += 1
            offset = run_end
        lines.append(line)
    return lines


def cut(run: Run, first: int, last: int) -> Run:
    """The characters `first` to `last` of `run`, with their place in the source."""
    text, look, start, end = run
    if first == 0 and last == len(text):
        return run
    if end - start == len(text):
        return Run(text[first:last], look, start + first, start + last)
    return Run(text[first:last], look, start, end)
