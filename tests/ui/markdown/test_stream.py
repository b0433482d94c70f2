from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from robota_tui.ui.markdown.blocks import render
from robota_tui.ui.markdown.lines import Line
from robota_tui.ui.markdown.stream import StreamingMarkdown
from tests.ui.markdown.strategies import cut_up, markdown, sizes

WORDS = (
    "the quick brown fox jumps over the lazy dog with **bold words** and `code` in [a link](http://a.b/c) "
)

DISTURBED = (*WORDS.split(" "), "*", "[x", "`", "\n", "日本", "a|b", "===\n", "\n- i\n")


def shown(lines: list[Line]) -> list[tuple[object, ...]]:
    return [(*line.runs, line.fill) for line in lines]


def stream(text: str, width: int, pieces: list[str]) -> StreamingMarkdown:
    streamed = StreamingMarkdown(width)
    for piece in pieces:
        streamed.append(piece)
        streamed.settle()
    return streamed


@settings(max_examples=250, deadline=None)
@given(markdown(), sizes(), st.sampled_from([200, 80, 40, 20, 7, 2, 1]))
@example("[foo] text\n\n> [foo]\n\n- [foo]\n\n[foo]: /late 'title'\n\nend\n\n.", [3], 40)
@example("[foo]: /url\n'tit\n\nle'\n\n[foo]\n\nx\n\n", [1], 40)
@example("- a | b\n- c | d\n--|--\n" * 30, [5], 40)
@example("| a | b |\n|--|--|\n" + "| x | y z |\n" * 40 + "\nend\n\n.", [4], 20)
@example(WORDS * 40 + "\n===\n\nend", [60], 60)
@example(WORDS * 40 + "<br> " + WORDS * 30, [60], 200)
@example(WORDS * 40 + "\na | b\n--|--\n1 | 2\n", [60], 60)
@example("```\n" + "x = 'a' # b\n" * 60 + "```\nend", [7], 40)
@example("a\r\n\r\nb\r", [1], 40)
def test_streamed_lines_are_those_of_the_whole_text(text: str, cuts: list[int], width: int) -> None:
    streamed = stream(text, width, cut_up(text, cuts))
    assert shown(streamed.lines) == shown(render(text, width))


@settings(max_examples=40, deadline=None)
@given(markdown(30), st.integers(1, 9))
def test_the_lines_are_right_after_every_piece(text: str, size: int) -> None:
    streamed = StreamingMarkdown(30)
    so_far = ""
    for piece in cut_up(text, [size]):
        so_far += piece
        streamed.append(piece)
        streamed.settle()
        assert shown(streamed.lines) == shown(render(so_far, 30))


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.sampled_from((*WORDS.split(" "), "*", "[x", "`", "\n", "日本", "a|b", "===\n", "\n- i\n")),
        min_size=300,
        max_size=900,
    )
)
def test_a_giant_paragraph_is_cut_only_where_that_changes_nothing(words: list[str]) -> None:
    text = " ".join(words)
    streamed = stream(text, 50, cut_up(text, [97]))
    assert shown(streamed.lines) == shown(render(text, 50))


def test_a_late_definition_turns_closed_text_into_a_link() -> None:
    streamed = stream("", 60, ["See [the site][1].\n\n", "More text.\n\n", "Even more.\n\nAnd more.\n\n"])
    assert streamed[0].text == "See [the site][1]."
    streamed.append("[1]: https://example.org/\n\nEnd.\n\n.")
    streamed.settle()
    assert streamed[0].text == "See the site (https://example.org/)."


def test_lines_that_stay_the_same_stay_the_same_objects() -> None:
    streamed = stream("", 60, ["# Title\n\nA paragraph.\n\n- one\n- two\n\nAnd then"])
    before = streamed.lines
    streamed.append(" some more")
    streamed.settle()
    assert [a is b for a, b in zip(before, streamed.lines, strict=True)] == [True] * (len(before) - 1) + [
        False
    ]


def giant(kind: str, tokens: int) -> list[str]:
    line = {
        "fence": ["x ", "= ", "foo(", "1", ")", "\n"],
        "list": ["- ", "some ", "**item** ", "of ", "it", "\n"],
        "paragraph": ["some ", "words ", "of ", "**bold** ", "prose, ", "`code` "],
        "table": ["| ", "cell ", "| ", "other ", "words ", "|\n"],
        "mixed": ["words ", "and ", "*more* ", "words", ".\n", "\n"],
    }[kind]
    start = {"fence": "```python\n", "table": "| a | b |\n|---|---|\n"}.get(kind, "")
    return [start, *line * (tokens // len(line))]


@pytest.mark.parametrize("kind", ["fence", "list", "paragraph", "table", "mixed"])
def test_what_is_parsed_again_does_not_grow_with_the_text(kind: str) -> None:
    streamed = StreamingMarkdown(80)
    largest = 0
    for piece in giant(kind, 20_000):
        streamed.append(piece)
        streamed.settle()
        largest = max(largest, streamed.open_size)
    assert largest < 5_000


def test_an_hour_of_prose_renders_in_seconds() -> None:
    started = time.process_time()
    stream("", 80, giant("mixed", 12_000))
    assert time.process_time() - started < 20
