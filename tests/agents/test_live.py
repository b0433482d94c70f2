from __future__ import annotations

from robota_tui.agents.live import LiveReply, TextBuffer
from robota_tui.agents.messages import Message, Role


class CountingStr(str):
    """A piece that notes how often it is copied."""

    slices = 0

    def __getitem__(self, key: object) -> str:
        CountingStr.slices += 1
        return super().__getitem__(key)  # type: ignore[index]


def test_tail_gives_what_came_since_a_place_inside_between_and_beyond_pieces() -> None:
    buffer = TextBuffer()
    for piece in ("one ", "two ", "three"):
        buffer.append(piece)
    text = "one two three"
    for start in range(-1, len(text) + 2):
        assert buffer.tail(start) == text[max(start, 0) :]
    assert len(buffer) == len(text)


def test_tail_is_right_after_the_whole_text_was_asked_for() -> None:
    buffer = TextBuffer()
    buffer.append("abc")
    buffer.append("def")
    assert buffer.text == "abcdef"
    buffer.append("ghi")
    assert buffer.tail(2) == "cdefghi"
    assert buffer.text == "abcdefghi"


def test_an_empty_buffer_has_no_text_and_no_tail() -> None:
    assert TextBuffer().text == ""
    assert TextBuffer().tail(0) == ""


def test_the_tail_of_a_long_reply_touches_only_the_pieces_it_returns() -> None:
    buffer = TextBuffer()
    for _ in range(50_000):
        buffer.append(CountingStr("token "))
    CountingStr.slices = 0
    assert buffer.tail(len(buffer) - 9) == "en token "
    assert CountingStr.slices == 1


def test_a_live_reply_brings_its_message_up_to_date_when_asked() -> None:
    message = Message(Role.ASSISTANT, "")
    live = LiveReply(message)
    live.append("Hel")
    live.append("lo")
    live.reasoning.append("thinking")
    assert message.content == ""
    assert live.sync() is message
    assert message.content == live.text == "Hello"
    assert message.metadata["reasoning"] == "thinking"
    assert live.tail(3) == "lo"
    assert len(live) == 5
