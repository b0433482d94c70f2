from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from robota_tui.agents.messages import Message, MessageState, Role, ToolCall
from robota_tui.ui.transcript import body
from robota_tui.ui.transcript.cache import LayoutCache
from robota_tui.ui.transcript.document import TranscriptDocument
from robota_tui.ui.transcript.places import Placement
from tests.ui.transcript.conftest import ANSWER, Changed, FakeChat, message

if TYPE_CHECKING:
    import pytest


def document(chat: FakeChat, width: int = 60, cache: LayoutCache | None = None) -> TranscriptDocument:
    found = TranscriptDocument(chat, cache or LayoutCache())
    found.set_width(width)
    return found


def texts(placement: Placement) -> list[str]:
    return [row.line.text.rstrip() for row in placement.rows]


def everything(chat: FakeChat, width: int = 60) -> list[str]:
    """All lines there are."""
    found = document(chat, width)
    return texts(found.place(1_000_000))


def test_an_empty_chat_has_no_lines() -> None:
    assert document(FakeChat()).place(10) == Placement([], 0, 0, True)


def test_a_new_document_stands_at_the_bottom() -> None:
    chat = FakeChat(20)
    placement = document(chat).place(15)
    assert placement.at_bottom
    assert texts(placement) == everything(chat)[-15:]


def test_opening_a_long_chat_lays_out_the_bottom_only() -> None:
    chat, cache = FakeChat(50_000), LayoutCache()
    document(chat, cache=cache).place(40)
    assert cache.lines < 60


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-70, 70), max_size=12), st.integers(1, 80), st.integers(1, 60))
def test_scrolling_moves_by_real_lines_whatever_was_guessed(
    steps: list[int], height: int, width: int
) -> None:
    chat = FakeChat(15)
    whole = everything(chat, width)
    found = document(chat, width)
    found.place(height)
    top = max(0, len(whole) - height)
    for step in steps:
        found.scroll_by(step)
        placement = found.place(height)
        top = min(max(0, top + step), max(0, len(whole) - height))
        assert texts(placement) == whole[top : top + height]


def test_reading_in_the_middle_holds_still_while_text_arrives_below() -> None:
    chat = FakeChat(30)
    found = document(chat)
    found.place(20)
    found.scroll_by(-50)
    before = texts(found.place(20))
    live = chat.begin()
    for number in range(50):
        live.append(f"Line {number} of the reply.\n\n")
        found.hear(Changed())
        assert texts(found.place(20)) == before
    chat.end()
    found.hear(Changed())
    assert texts(found.place(20)) == before
    assert found.new_below == 1


def test_a_message_removed_above_does_not_move_what_is_read() -> None:
    chat = FakeChat(30)
    found = document(chat)
    found.place(20)
    found.scroll_by(-60)
    before = texts(found.place(20))
    del chat.messages[3:5]
    found.hear(Changed())
    assert texts(found.place(20)) == before


def test_messages_that_are_replaced_at_the_end_are_noticed() -> None:
    chat = FakeChat(5)
    found = document(chat)
    found.place(20)
    chat.messages[-1] = message(Role.ASSISTANT, "Another answer.")
    found.hear(Changed())
    assert texts(found.place(20))[-2:] == ["Another answer.", ""]


def test_an_edited_message_is_laid_out_again() -> None:
    chat = FakeChat(2)
    found = document(chat)
    found.place(30)
    chat.messages[0].content = "Quite another question?"
    found.hear(Changed())
    assert "Quite another question?" in texts(found.place(30))


def test_clearing_the_history_leaves_nothing() -> None:
    chat = FakeChat(5)
    found = document(chat)
    found.place(20)
    chat.messages.clear()
    found.hear(Changed())
    assert found.place(20).rows == []


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 100), st.sampled_from([(60, 25), (25, 60), (80, 81), (40, 3)]))
def test_the_line_at_the_top_stays_there_when_the_width_changes(up: int, widths: tuple[int, int]) -> None:
    chat = FakeChat()
    for number in range(12):
        words = " ".join(f"w{number}x{word}" for word in range(80))
        chat.messages.append(message(Role.ASSISTANT, words))
    found = document(chat, widths[0])
    found.place(10)
    found.scroll_by(-up - 10)
    row = found.place(10).rows[0]
    found.set_width(widths[1])
    placement = found.place(10)
    after = placement.rows[0]
    if placement.at_bottom:  # there is not enough below to fill the view
        return
    assert after.message == row.message
    if row.line.start > 0:
        runs = after.line.runs
        assert runs[0].start <= row.line.start <= runs[-1].end + 1


def test_a_streamed_reply_ends_as_the_lines_of_the_whole_text() -> None:
    chat = FakeChat(1)
    found = document(chat)
    live = chat.begin()
    for piece in ANSWER.format(7):
        live.append(piece)
        found.place(40)
    chat.end()
    found.hear(Changed())
    assert texts(found.place(40)) == everything(chat)


def test_the_ending_of_a_reply_keeps_its_lines() -> None:
    chat = FakeChat(0)
    found = document(chat)
    chat.begin().append("A line.\n\nAnother.")
    before = found.place(40).rows
    chat.end()
    found.hear(Changed())
    after = found.place(40).rows
    assert [a.line is b.line for a, b in zip(before, after, strict=True)] == [False, True, True, True, True]


def labels(chat: FakeChat) -> Sequence[str]:
    return texts(document(chat, 80).place(100))


def test_a_failed_reply_says_why_and_what_to_do() -> None:
    chat = FakeChat()
    chat.begin().append("Half")
    reply = chat.end(MessageState.FAILED)
    reply.metadata |= {"error": "The key is wrong.", "hint": "Set OPENAI_API_KEY."}
    lines = labels(chat)
    assert lines[0].endswith("✗ failed")
    assert lines[1:4] == ["Half", "✗ The key is wrong.", "→ Set OPENAI_API_KEY."]


def test_an_interrupted_reply_is_marked_once_where_it_stops() -> None:
    chat = FakeChat()
    chat.begin().append("Half")
    chat.end(MessageState.INTERRUPTED)
    lines = labels(chat)
    assert lines[1:] == ["Half", "■ interrupted", ""]
    assert "interrupted" not in lines[0]


def test_an_empty_answer_says_that_it_is_empty() -> None:
    chat = FakeChat()
    reply = chat.begin()
    assert "(empty answer)" not in labels(chat)
    reply.append(" \n")
    chat.end()
    assert "(empty answer)" in labels(chat)


def test_an_answer_of_tool_calls_alone_is_not_called_empty() -> None:
    chat = FakeChat()
    chat.messages.append(message(Role.ASSISTANT, "", tool_calls=(ToolCall("1", "look", "{}"),)))
    chat.messages.append(message(Role.USER, ""))
    assert not [line for line in labels(chat) if "empty" in line]


def test_the_text_of_a_user_is_no_markup() -> None:
    chat = FakeChat()
    chat.messages.append(message(Role.USER, "# no *heading*\n\n  [red]x[/red]\x1b[31m"))
    assert labels(chat)[1:4] == ["# no *heading*", "", "  [red]x[/red]␛[31m"]


def test_reasoning_and_tool_calls_fold_and_unfold() -> None:
    chat = FakeChat()
    call = ToolCall("c1", "look_up", '{"word": "x"}')
    answer = message(Role.ASSISTANT, "Done.", tool_calls=(call,), metadata={"reasoning": "Let me *think*."})
    chat.messages += [answer, message(Role.TOOL, "a result", tool_call_id="c1")]
    found = document(chat)
    folded = texts(found.place(40))
    assert any(line.startswith("▸ thought") for line in folded)
    assert "▸ called look_up" in folded
    assert "a result" not in folded
    for row in found.place(40).rows:
        if row.fold:
            found.toggle(row.message, row.fold)
    unfolded = texts(found.place(40))
    assert "Let me think." in unfolded
    assert '  "word": "x"' in unfolded
    assert "a result" in unfolded


def test_reasoning_streams_while_it_is_unfolded() -> None:
    chat = FakeChat()
    live = chat.begin()
    live.reasoning.append("First ")
    found = document(chat)
    found.place(40)
    found.toggle(0, "reasoning")
    live.reasoning.append("thoughts.")
    assert "First thoughts." in texts(found.place(40))


def test_the_first_unread_message_is_marked_when_the_chat_is_shown_again() -> None:
    chat = FakeChat(2)
    found = document(chat)
    found.enter()
    found.place(40)
    found.leave()
    chat.messages.append(message(Role.ASSISTANT, "News."))
    found.enter()
    lines = texts(found.place(40))
    assert lines[-4].startswith("── new ─")
    assert lines[-2] == "News."
    found.leave()
    found.enter()
    assert not any("── new" in line for line in texts(found.place(40)))


def test_rendered_lines_are_bounded_over_all_documents() -> None:
    cache = LayoutCache(200)
    for _ in range(5):
        found = document(FakeChat(50), cache=cache)
        for _ in range(10):
            found.place(30)
            found.scroll_by(-25)
    assert cache.lines <= 240


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=200), max_size=6), st.integers(1, 250), st.integers(1, 80))
def test_any_message_at_any_size(contents: list[str], width: int, height: int) -> None:
    chat = FakeChat()
    chat.messages = [Message(Role.USER if n % 2 else Role.ASSISTANT, text) for n, text in enumerate(contents)]
    found = document(chat, width)
    placement = found.place(height)
    assert len(placement.rows) <= height
    assert placement.at_bottom


def test_a_giant_reply_is_rendered_in_turns_and_comes_out_whole() -> None:
    text = "\n\n".join(f"Paragraph {number} with *some* words." for number in range(4_000))
    chat = FakeChat(1)
    found = document(chat)
    found.place(40)
    chat.begin().append(text)
    turns = 0
    found.place(40)
    while found.is_behind:
        assert texts(found.place(40))[-1] == ""
        turns += 1
    assert turns > 5
    assert texts(found.place(40))[-2] == "Paragraph 3999 with some words."
    chat.end()
    found.hear(Changed())
    again = document(chat)
    again.place(40)
    while again.is_behind:
        again.place(40)
    assert texts(again.place(10_000)) == texts(found.place(10_000))


def test_a_turn_takes_as_much_text_as_there_is_time_for(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = FakeChat()
    reply = chat.begin()
    found = document(chat)
    clock = count()
    monkeypatch.setattr(body, "perf_counter", lambda: next(clock))
    reply.append("word " * body.PIECE)
    turns = 1
    found.place(5)
    while found.is_behind:
        found.place(5)
        turns += 1
    assert turns == 5
    monkeypatch.setattr(body, "perf_counter", lambda: 0)
    reply.append("word " * body.PIECE)
    found.place(5)
    assert not found.is_behind


def test_coming_back_to_the_middle_of_a_giant_reply_finds_the_place() -> None:
    text = "\n\n".join(f"Paragraph {number} with *some* words." for number in range(4_000))
    chat, cache = FakeChat(1), LayoutCache()
    chat.messages.append(message(Role.ASSISTANT, text))
    found = document(chat, cache=cache)
    while found.place(20).rows and found.is_behind:
        pass
    found.scroll_by(-500)
    before = texts(found.place(20))
    found.close()
    assert texts(found.place(20)) == before
