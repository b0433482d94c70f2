from __future__ import annotations

import asyncio
import subprocess
import sys
from itertools import pairwise

from textual.geometry import Offset

from robota_tui.agents.messages import MessageState, Role
from robota_tui.ui.transcript import CodeBlock, Transcript, TranscriptDocument
from robota_tui.ui.transcript.cache import LayoutCache
from tests.ui.transcript.conftest import Changed, FakeChat, Host, MessageStreamed, changed, message


async def test_an_empty_transcript_shows_the_hint() -> None:
    app = Host(FakeChat())
    async with app.run_test(size=(40, 10)):
        assert [line.strip() for line in app.lines() if line] == ["Nothing here yet."]


async def test_the_newest_message_is_in_sight_at_first() -> None:
    app = Host(FakeChat(30))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        assert app.lines()[-2] == "  And a link (http://a.b/c)."
        assert app.transcript.is_at_bottom


async def test_it_follows_what_is_streamed_while_at_the_bottom() -> None:
    chat = FakeChat(5)
    app = Host(chat)
    async with app.run_test(size=(60, 12)) as pilot:
        live = chat.begin()
        for number in range(40):
            live.append(f"- item {number}\n")
        await changed(pilot)
        assert app.lines()[-2] == "  • item 39"
        chat.end()
        await changed(pilot)
        assert app.lines()[-2] == "  • item 39"
        assert app.transcript.is_at_bottom


async def test_scrolled_up_it_holds_still_and_counts_what_is_new() -> None:
    chat = FakeChat(20)
    app = Host(chat)
    async with app.run_test(size=(60, 12)) as pilot:
        app.transcript.action_page_up()
        await pilot.pause()
        before = app.lines()[:-1]
        chat.begin().append("text\n\n" * 30)
        await changed(pilot)
        assert app.lines()[:-1] == before
        assert app.lines()[-1].endswith("↓ 1 new")
        assert Transcript.NewBelow(1).count in [
            e.count for e in app.heard if isinstance(e, Transcript.NewBelow)
        ]
        app.transcript.follow()
        await pilot.pause()
        assert app.transcript.is_at_bottom
        assert isinstance(app.heard[-1], Transcript.ReachedBottom)


async def test_a_click_on_the_count_of_new_messages_leads_to_the_bottom() -> None:
    chat = FakeChat(20)
    app = Host(chat)
    async with app.run_test(size=(60, 12)) as pilot:
        app.transcript.action_page_up()
        await pilot.pause()
        await pilot.click(app.transcript, offset=(57, 11))
        await pilot.pause()
        assert app.transcript.is_at_bottom


async def test_the_wheel_and_the_keys_scroll_by_real_lines() -> None:
    app = Host(FakeChat(20))
    async with app.run_test(size=(60, 12)) as pilot:
        view = app.transcript
        bottom = app.lines()
        view.action_line_up()
        await pilot.pause()
        assert app.lines()[1:-1] == bottom[:-2]
        view.action_line_down()
        await pilot.pause()
        assert app.lines() == bottom
        assert view.is_following
        view.action_scroll_home()
        await pilot.pause()
        assert app.lines()[1] == "  Question 0?"
        view.action_page_down()
        view.action_page_up()
        await pilot.pause()
        assert view.scroll_y == 0
        view.action_scroll_end()
        await pilot.pause()
        assert app.lines() == bottom


async def test_next_and_previous_message() -> None:
    app = Host(FakeChat(20))
    async with app.run_test(size=(60, 12)) as pilot:
        view = app.transcript
        view.action_scroll_home()
        view.action_next_message()
        view.action_next_message()
        await pilot.pause()
        assert app.lines()[1] == "  Question 1?"
        view.action_line_down()
        view.action_previous_message()
        await pilot.pause()
        assert app.lines()[1] == "  Question 1?"
        view.action_previous_message()
        view.action_previous_message()
        await pilot.pause()
        assert app.lines()[1] == "  Question 0?"


async def test_the_scroll_bar_goes_by_the_heights_known() -> None:
    app = Host(FakeChat(50))
    async with app.run_test(size=(60, 12)) as pilot:
        view = app.transcript
        assert view.vertical_scrollbar.position == view.scroll_y == view.max_scroll_y
        view.scroll_to(y=0)
        await pilot.pause()
        assert app.lines()[1] == "  Question 0?"
        view.scroll_to(y=100)
        await pilot.pause()
        assert view.scroll_y == 100
        assert view.vertical_scrollbar.position == 100


async def test_a_change_of_size_keeps_the_line_at_the_top() -> None:
    chat = FakeChat()
    for number in range(10):
        chat.messages.append(message(Role.ASSISTANT, " ".join(f"m{number}w{word}" for word in range(90))))
    app = Host(chat)
    async with app.run_test(size=(80, 12)) as pilot:
        app.transcript.scroll_lines(-30)
        await pilot.pause()
        word = app.lines()[0].split()[0]
        for size in ((40, 12), (61, 30), (25, 8), (80, 12)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert word in app.lines()[0]


async def test_showing_another_document_changes_a_reference_only() -> None:
    app = Host(FakeChat(20))
    async with app.run_test(size=(60, 12)) as pilot:
        first, other = app.document, TranscriptDocument(FakeChat(3), LayoutCache())
        app.transcript.action_page_up()
        await pilot.pause()
        lines, widgets = app.lines(), len(app.query("*"))
        app.transcript.show(other)
        await pilot.pause()
        assert app.lines() != lines
        assert app.transcript.is_at_bottom
        app.transcript.show(first)
        await pilot.pause()
        assert app.lines() == lines
        assert len(app.query("*")) == widgets
        app.transcript.show(None)
        await pilot.pause()
        assert "Nothing here yet." in "".join(app.lines())


async def test_a_document_that_is_not_shown_costs_nothing_when_it_streams() -> None:
    chat, cache = FakeChat(1), LayoutCache()
    hidden = TranscriptDocument(chat, cache)
    app = Host(FakeChat(1))
    async with app.run_test(size=(60, 12)):
        chat.begin().append("x")
        hidden.hear(MessageStreamed())
        assert cache.lines == 0


async def test_streaming_asks_for_thirty_paints_a_second_at_most() -> None:
    chat = FakeChat(1)
    app = Host(chat)
    async with app.run_test(size=(60, 12)) as pilot:
        live = chat.begin()
        await changed(pilot)
        loop = asyncio.get_running_loop()
        places: list[float] = []
        place = app.document.place
        app.document.place = lambda height: places.append(loop.time()) or place(height)  # type: ignore[method-assign, func-returns-value]
        end = loop.time() + 0.35
        while loop.time() < end:
            if len(live) < 2_000:
                live.append("word ")
            app.document.hear(MessageStreamed())
            await asyncio.sleep(0)
        assert 3 <= len(places) <= 12
        assert min(after - before for before, after in pairwise(places)) > 0.03


async def test_what_is_selected_is_copied_as_it_was_written() -> None:
    chat = FakeChat()
    source = (
        "Some **bold** words that are long enough to wrap over lines, and `code`.\n\n- item\n- other item"
    )
    chat.messages.append(message(Role.ASSISTANT, source))
    app = Host(chat)
    async with app.run_test(size=(40, 12)) as pilot:
        lines = app.lines()
        first = next(y for y, line in enumerate(lines) if "Some" in line)
        last = next(y for y, line in enumerate(lines) if "other" in line)
        await pilot.mouse_down(app.transcript, offset=(2, first))
        await pilot.hover(app.transcript, offset=(len(lines[last]) - 1, last))
        await pilot.mouse_up(app.transcript, offset=(len(lines[last]) - 1, last))
        assert app.transcript.selected_source() == source
        assert app.screen.get_selected_text() == source
        await pilot.resize_terminal(30, 16)
        await pilot.pause()
        assert app.transcript.selected_source() == source


async def test_a_selection_goes_across_messages() -> None:
    app = Host(FakeChat(2))
    async with app.run_test(size=(60, 30)) as pilot:
        lines = app.lines()
        first = lines.index("  Question 0?")
        last = lines.index("  Question 1?")
        await pilot.mouse_down(app.transcript, offset=(11, first))
        await pilot.hover(app.transcript, offset=(9, last))
        await pilot.mouse_up(app.transcript, offset=(9, last))
        selected = app.transcript.selected_source()
        assert selected.startswith("0?\n\nSome **bold** words about number 0.")
        assert selected.endswith("\n\nQuestion")


async def test_a_double_click_selects_a_word_and_a_triple_click_the_message() -> None:
    app = Host(FakeChat(1))
    async with app.run_test(size=(60, 20)) as pilot:
        y = app.lines().index("  Question 0?")
        await pilot.click(app.transcript, offset=(4, y), times=2)
        await pilot.pause()
        assert app.transcript.selected_source() == "Question"
        await pilot.click(app.transcript, offset=(4, y), times=3)
        await pilot.pause()
        assert app.transcript.selected_source() == "Question 0?"


async def test_what_is_selected_is_drawn_so() -> None:
    app = Host(FakeChat(1))
    async with app.run_test(size=(60, 20)) as pilot:
        y = app.lines().index("  Question 0?")
        await pilot.click(app.transcript, offset=(4, y), times=2)
        await pilot.pause()
        style = app.screen.get_component_rich_style("screen--selection")
        (strip,) = app.transcript.render_lines(app.transcript.size.region)[y : y + 1]
        chosen = [s.text for s in strip if s.style is not None and s.style.bgcolor == style.bgcolor]
        assert "".join(chosen).strip() == "Question"


async def test_a_click_on_a_link_asks_to_open_it() -> None:
    app = Host(FakeChat(1))
    async with app.run_test(size=(60, 20)) as pilot:
        lines = app.lines()
        y = next(y for y, line in enumerate(lines) if "link" in line)
        await pilot.click(app.transcript, offset=(lines[y].index("link") + 1, y))
        await pilot.pause()
        assert [e.url for e in app.heard if isinstance(e, Transcript.LinkClicked)] == ["http://a.b/c"]


async def test_a_click_on_a_fold_opens_it() -> None:
    chat = FakeChat()
    chat.messages.append(message(Role.ASSISTANT, "Yes.", metadata={"reasoning": "Because."}))
    app = Host(chat)
    async with app.run_test(size=(60, 20)) as pilot:
        y = next(y for y, line in enumerate(app.lines()) if "▸ thought" in line)
        await pilot.click(app.transcript, offset=(4, y))
        await pilot.pause()
        assert "  Because." in app.lines()


async def test_the_sources_for_the_copy_keys() -> None:
    chat = FakeChat(2)
    app = Host(chat)
    async with app.run_test(size=(60, 20)):
        view = app.transcript
        assert view.last_answer() == chat.messages[-1].content
        assert view.code_blocks() == [
            CodeBlock(chat.messages[1].id, "python", "x = 0\n"),
            CodeBlock(chat.messages[3].id, "python", "x = 1\n"),
        ]
        chat.begin().append("```sh\nls")
        assert view.code_blocks()[-1].source == "ls"
        assert view.last_answer() == "```sh\nls"


async def test_no_control_character_reaches_the_screen() -> None:
    chat = FakeChat()
    bad = "".join(map(chr, range(32))) + "\x7f\x9b31m\u202e\ud800"
    for role in Role:
        chat.messages.append(
            message(role, f"x{bad}y **{bad}** `{bad}`\n\n```{bad}\n{bad}\n```\n", model=f"m{bad}")
        )
    failed = message(
        Role.ASSISTANT, bad, state=MessageState.FAILED, metadata={"error": bad, "hint": bad, "reasoning": bad}
    )
    chat.messages.append(failed)
    app = Host(chat)
    async with app.run_test(size=(60, 80)):
        text = "".join(
            segment.text
            for strip in app.transcript.render_lines(app.transcript.size.region)
            for segment in strip
        )
        assert "x␀␁␂" in text
        assert not [
            char for char in text if ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or char in "\u202e\ud800"
        ]


async def test_every_theme_draws_it() -> None:
    app = Host(FakeChat(3))
    async with app.run_test(size=(60, 20)) as pilot:
        lines = app.lines()
        for theme in ("textual-dark", "textual-light", "ansi-dark"):
            app.theme = theme
            await pilot.pause()
            assert app.lines() == lines


async def test_a_change_of_theme_changes_the_colours() -> None:
    app = Host(FakeChat(3))
    async with app.run_test(size=(60, 20)) as pilot:
        before = [
            segment.style
            for strip in app.transcript.render_lines(app.transcript.size.region)
            for segment in strip
        ]
        app.theme = "textual-light"
        await pilot.pause()
        after = [
            segment.style
            for strip in app.transcript.render_lines(app.transcript.size.region)
            for segment in strip
        ]
        assert before != after


async def test_it_survives_every_small_size() -> None:
    app = Host(FakeChat(3))
    async with app.run_test(size=(60, 20)) as pilot:
        for size in ((20, 5), (5, 2), (2, 1), (1, 1), (250, 80)):
            await pilot.resize_terminal(*size)
            app.transcript.action_page_up()
            await pilot.pause()
            assert len(app.lines()) == app.transcript.size.height


async def test_the_places_that_hit_testing_finds_are_those_of_the_source() -> None:
    chat = FakeChat()
    chat.messages.append(message(Role.ASSISTANT, "- some **bold** words 日本語 here"))
    app = Host(chat)
    async with app.run_test(size=(60, 10)):
        y = next(y for y, line in enumerate(app.lines()) if "bold" in line)
        line = app.lines()[y]
        region = app.transcript.content_region
        for word in ("some", "bold", "words", "here"):
            x = line.index(word) + (3 if word == "here" else 0)
            _, place = app.screen.get_widget_and_offset_at(region.x + x, region.y + y)
            assert isinstance(place, Offset)
            assert place.y == 0
            assert chat.messages[0].content[place.x % (1 << 40) :].startswith(word)


def test_importing_the_transcript_imports_neither_parser_nor_highlighter() -> None:
    code = (
        "import sys, robota_tui.ui.transcript\n"
        "print([name for name in ('markdown_it', 'pygments') if name in sys.modules])"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.strip() == "[]"


def test_events_of_a_document_that_is_not_shown_are_welcome() -> None:
    TranscriptDocument(FakeChat(1)).hear(Changed())


async def test_a_giant_reply_that_grew_while_hidden_is_caught_up_with() -> None:
    chat = FakeChat(1)
    chat.begin().append("\n\n".join(f"Paragraph {number}." for number in range(1_000)))
    app = Host(chat)
    async with app.run_test(size=(60, 12)) as pilot:
        for _ in range(100):
            await pilot.pause()
        assert not app.document.is_behind
        assert app.lines()[-2] == "  Paragraph 999."
