from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from robota_tui.ui.markdown.blocks import render
from robota_tui.ui.markdown.cells import text_width
from robota_tui.ui.markdown.lines import BOLD, ITALIC, STRIKE, TEXT, Line
from robota_tui.ui.markdown.plain import render_plain
from robota_tui.ui.markdown.sanitize import clean, normalise_newlines
from tests.ui.markdown.strategies import markdown


def texts(source: str, width: int = 40) -> list[str]:
    return [line.text.rstrip() for line in render(source, width)]


def roles(line: Line) -> list[tuple[str, str]]:
    return [(run.text, run.look.role) for run in line.runs if run.text.strip()]


@settings(max_examples=200, deadline=None)
@given(markdown(), st.integers(1, 250))
def test_every_line_fits_at_every_width(source: str, width: int) -> None:
    for line in render(source, width):
        # A character of two cells is the only thing that cannot be made to fit.
        assert line.width <= width or width < 6 or any(text_width(char) > width for char in line.text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.integers(1, 250))
def test_any_unicode_string_renders_without_a_control_character(source: str, width: int) -> None:
    for line in [*render(source, width), *render_plain(source, width, TEXT)]:
        assert line.text == clean(line.text)
        assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in line.text)
        line.text.encode()


@settings(max_examples=200, deadline=None)
@given(markdown(), st.sampled_from([80, 20, 5]))
@example("- item\n\theading\n===\n", 80)
@example("- item\n\t\x1b[31m", 80)
@example("\xa0\ntext with some words ", 80)
def test_runs_of_the_source_say_what_stands_there(source: str, width: int) -> None:
    source = normalise_newlines(source)
    for line in render(source, width):
        for run in line.runs:
            assert 0 <= run.start <= run.end <= len(source)
            if run.end - run.start == len(run.text) and run.look.role in ("text", "quote", "code-block"):
                assert run.text == clean(source[run.start : run.end]).replace("␊", " ")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.integers(1, 100))
def test_plain_text_loses_nothing_but_spaces_at_the_breaks(source: str, width: int) -> None:
    source = normalise_newlines(source)
    runs = [run for line in render_plain(source, width, TEXT) for run in line.runs]
    covered = {offset for run in runs for offset in range(run.start, run.end)}
    assert all(source[offset] in " \n" for offset in range(len(source)) if offset not in covered)


def test_headings_lists_quotes_and_rules() -> None:
    source = "# One\n\n- a\n- b\n  1. x\n  2. y\n- [ ] open\n- [x] done\n\n> said\n> again\n\n---\n"
    assert texts(source, 20) == [
        "One", "", "• a", "• b", "  1. x", "  2. y", "☐ open", "☑ done", "", "▎ said again", "", "─" * 20,
    ]  # fmt: skip


def test_ordered_lists_count_from_where_they_start() -> None:
    assert texts("7. a\n1. b\n") == ["7. a", "8. b"]


def test_blank_lines_between_items_are_those_of_the_source() -> None:
    assert texts("- a\n\n- b\n- c\n") == ["• a", "", "• b", "• c"]


def test_emphasis_is_told_by_flags() -> None:
    (line,) = render("**b** *i* ~~s~~ `c`", 40)
    flags = {run.text: run.look.flags for run in line.runs if run.text.strip()}
    assert flags == {"b": BOLD, "i": ITALIC, "s": STRIKE, "c": 0}
    assert ("c", "code") in roles(line)


def test_a_link_shows_its_address_unless_the_text_is_the_address() -> None:
    assert texts("[here](https://a.b/c) <https://d.e> [x@y.z](mailto:x@y.z)", 80) == [
        "here (https://a.b/c) https://d.e x@y.z"
    ]


def test_each_wrapped_piece_of_a_link_carries_the_target() -> None:
    lines = render("[some words that wrap](https://a.b/c)", 10)
    assert len(lines) > 2
    assert all(run.look.link == "https://a.b/c" for line in lines for run in line.runs if run.text.strip())


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "ssh://host", "#top", "data:a,b"]
)
def test_only_harmless_addresses_can_be_clicked(url: str) -> None:
    assert not [run.look.link for line in render(f"[x]({url})", 60) for run in line.runs if run.look.link]


@settings(deadline=None)
@given(st.text(max_size=30))
def test_an_address_never_brings_more_to_the_terminal_than_printable_ascii(text: str) -> None:
    for line in render(f"[x](http://a.b/{text}) <https://{text}> https://c.d/{text}", 60):
        for run in line.runs:
            assert run.look.link.isascii()
            assert run.look.link.isprintable()


def test_a_bare_address_is_a_link_without_the_full_stop() -> None:
    (line,) = render("See https://a.b/c?d=1. Now", 60)
    assert [run.look.link for run in line.runs if run.look.link] == ["https://a.b/c?d=1"]


def test_html_is_literal_text() -> None:
    assert texts("<b>x</b> &lt;\n\n<div>\n <i>y</i>\n</div>\n") == [
        "<b>x</b> <",
        "",
        "<div>",
        " <i>y</i>",
        "</div>",
    ]


def test_images_show_text_and_address() -> None:
    assert texts("![a cat](http://a.b/c.png)") == ["▣ a cat (http://a.b/c.png)"]


def test_code_keeps_its_lines_and_is_coloured() -> None:
    lines = render("```python\ndef f():\n\treturn 1\n\n```\n", 40)
    assert [line.text.rstrip() for line in lines] == [" python", " def f():", "     return 1", ""]
    assert ("def", "code-keyword") in roles(lines[1])
    assert all(line.fill.role == "code-block" for line in lines)


def test_an_unknown_language_is_plain() -> None:
    assert roles(render("```nonsense\nx = 1\n```", 40)[1]) == [("x = 1", "code-block")]


def test_long_code_lines_are_cut_between_graphemes() -> None:
    lines = render("```\n" + "ab日本👨‍👩‍👧" * 4 + "\n```", 12)
    assert "".join(line.text.strip() for line in lines) == "ab日本👨‍👩‍👧" * 4
    assert all(line.width <= 12 for line in lines)


TABLE = "| name | what it is |\n|:-----|-----------:|\n| one | the first of all the things |\n| two | 2 |\n"


def test_a_table_that_fits_is_a_grid() -> None:
    assert texts(TABLE, 60) == [
        "name │                  what it is",
        "─────┼────────────────────────────",
        "one  │ the first of all the things",
        "two  │                           2",
    ]


def test_a_table_that_does_not_fit_wraps_its_cells() -> None:
    assert texts(TABLE, 20) == [
        "name │    what it is",
        "─────┼──────────────",
        "one  │  the first of",
        "     │       all the",
        "     │        things",
        "╌╌╌╌╌┼╌╌╌╌╌╌╌╌╌╌╌╌╌╌",
        "two  │             2",
    ]


def test_a_table_in_a_very_narrow_view_is_a_list_of_values() -> None:
    assert texts(TABLE, 11)[:5] == ["name: one", "what it is:", "the first", "of all the", "things"]


def test_wrapping_keeps_graphemes_whole() -> None:
    family = "👨‍👩‍👧"
    for width in (1, 2, 3, 5):
        lines = render(f"{family}{family} e\u0301e\u0301e\u0301 🇩🇪🇫🇷", width)
        joined = "|".join(line.text for line in lines)
        assert joined.count(family) == 2
        assert "|\u0301" not in joined
        assert "🇩🇪" in joined
        assert "🇫🇷" in joined


def test_east_asian_text_wraps_anywhere_but_before_closing_marks() -> None:
    assert texts("日本語、日本語。", 6) == ["日本", "語、日", "本語。"]


def test_definitions_apply_wherever_they_stand() -> None:
    assert texts("[a]\n\n[a]: http://b.c/\n", 60) == ["a (http://b.c/)"]


def test_prose_is_no_wider_than_an_eye_can_follow_but_code_and_tables_are() -> None:
    words = "word " * 60
    lines = render(f"{words}\n\n- {words}\n\n```\n{'x' * 150}\n```\n\n| a |\n|--|\n| {'y ' * 70}|\n", 200)
    widths = {line.text.lstrip(" •")[:1]: line.width for line in lines if line.text.strip()}
    assert max(line.width for line in lines if "word" in line.text) <= 102
    assert max(line.width for line in lines if "xxx" in line.text) >= 150
    assert widths["y"] >= 130


@pytest.mark.parametrize("tag", ["<br>", "<br/>", "<BR />"])
def test_a_break_tag_breaks_the_line(tag: str) -> None:
    assert texts(f"one{tag} two {tag}{tag}\nthree **four{tag}five**{tag}") == [
        "one",
        "two",
        "",
        "three four",
        "five",
    ]
    assert texts(f"a\n\n{tag}\n\nb") == ["a", "", "", "", "b"]


def test_a_break_tag_breaks_the_line_in_the_cell_of_a_table() -> None:
    table = "| name | says |\n|---|---|\n| x | one<br>two |\n| y | z |"
    assert texts(table)[2:] == ["x    │ one", "     │ two", "y    │ z"]
    assert texts(table, 8)[:2] == ["name: x", "says:"]
    assert {"one", "two"} <= {line.strip() for line in texts(table, 8)}


def test_the_text_after_a_break_tag_stands_where_it_is_in_the_source() -> None:
    source = "one<br>  two"
    (run,) = render(source, 40)[1].runs
    assert source[run.start : run.end] == run.text == "two"
