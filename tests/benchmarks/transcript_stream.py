"""Streaming into the visible chat: CPU per token against the length of the message so far.

To reach: flat, at most 1.2 times from 1k to the longest message, for mixed Markdown, one fence, one list,
one paragraph and one table; no settle over 8 ms. `token_us` is parsing and layout alone, three tokens at a
time as at 100 tokens and 30 paints a second; `frame_us` is the same with all that Textual does around it.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Iterator

from tests.benchmarks._transcript_app import FakeChat, TranscriptApp

KINDS = ("mixed", "fence", "list", "paragraph", "table")
_PER_PAINT = 3
_WINDOW = 600
_WORDS = "the quick brown **fox jumps** over a `lazy` dog, and [runs](http://a.b/c) far away"


def tokens(kind: str) -> Iterator[str]:
    """A text of one kind, token by token, without end."""
    words = _WORDS.split(" ")
    if kind == "fence":
        yield "```python\n"
    elif kind == "table":
        yield "| name | what | why |\n|------|------|----:|\n"
    number = 0
    while True:
        line = [f"{word} " for word in words[number % 5 :]]
        if kind == "fence":
            line = [
                "def ",
                "f",
                str(number % 10),
                "(x):",
                "  # ",
                "note\n",
                "    return ",
                "'text'",
                " + ",
                "x\n",
            ]
        elif kind == "list":
            line = ["- ", *line, "\n"]
        elif kind == "table":
            line = ["| ", *line[:3], "| ", *line[3:7], "| ", str(number % 10), " |\n"]
        elif kind == "mixed":
            line = (
                [*line, "\n\n", "- one\n", "- two\n", "\n"]
                if number % 5
                else ["## Heading\n\n", "```py\n", "x = 1\n", "```\n\n"]
            )
        yield from line
        number += 1


def model_row(kind: str, lengths: list[int], window: int) -> list[dict[str, object]]:
    """CPU per token of parsing and layout when the message has so many tokens already."""
    from robota_tui.ui.markdown.stream import StreamingMarkdown

    streamed = StreamingMarkdown(100)
    source = tokens(kind)
    rows: list[dict[str, object]] = []
    done = 0
    for length in lengths:
        streamed.append("".join(next(source) for _ in range(length - done)))
        streamed.settle()
        spent, slowest = 0.0, 0.0
        for _ in range(window // _PER_PAINT):
            started = time.process_time()
            for _ in range(_PER_PAINT):
                streamed.append(next(source))
            streamed.settle()
            taken = time.process_time() - started
            spent += taken
            slowest = max(slowest, taken)
        done = length + window
        rows.append(
            {
                "case": f"{kind} at {length}",
                "token_us": round(spent / window * 1e6, 1),
                "slowest_ms": round(slowest * 1e3, 2),
            }
        )
    first = rows[0]["token_us"]
    assert isinstance(first, float)
    for row in rows:
        assert isinstance(row["token_us"], float)
        row["ratio_token"] = round(row["token_us"] / first, 2)
    return rows


async def frame_row(kind: str, lengths: list[int], window: int) -> list[dict[str, object]]:
    """CPU per token with the whole of a headless Textual around it."""
    chat = FakeChat(3)
    app = TranscriptApp([chat])
    found: list[dict[str, object]] = []
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        live = chat.begin()
        source = tokens(kind)
        done = 0
        for length in lengths:
            live.append("".join(next(source) for _ in range(length - done)))
            app.changed()
            await pilot.pause()
            for _ in range(length):  # so much text at once is rendered in turns
                if not app.documents[0].is_behind:
                    break
                await asyncio.sleep(0)
            await pilot.pause()
            gc.collect()
            started = time.process_time()
            for _ in range(window // _PER_PAINT):
                for _ in range(_PER_PAINT):
                    live.append(next(source))
                app.changed()
                await asyncio.sleep(0.005)
            found.append(
                {
                    "case": f"{kind} at {length}",
                    "frame_us": round((time.process_time() - started) / window * 1e6, 1),
                }
            )
            done = length + window
    first = found[0]["frame_us"]
    assert isinstance(first, float)
    for row in found:
        assert isinstance(row["frame_us"], float)
        row["ratio_frame"] = round(row["frame_us"] / first, 2)
    return found


def run(tiny: bool) -> dict[str, object]:
    """All kinds at all lengths."""
    from robota_tui.ui.markdown.warm import warm_up_steps

    for step in warm_up_steps():
        step()
    lengths = [100, 300] if tiny else [1_000, 10_000, 50_000, 100_000]
    window = 60 if tiny else _WINDOW
    rows: list[dict[str, object]] = []
    gc.freeze()
    for kind in KINDS:
        models = model_row(kind, lengths, window)
        frames = asyncio.run(frame_row(kind, lengths, window))
        rows += [{**model, **frame} for model, frame in zip(models, frames, strict=True)]
    return {"rows": rows}
