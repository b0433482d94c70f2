from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robota_tui.config.problems import Problem, key_text, nearest, printable
from robota_tui.config.source import LARGEST_FILE, Source, read_source
from tests.config.conftest import Write


def only_problem(path: Path) -> Problem:
    source = read_source(path)
    assert not source.is_readable
    assert source.data == {}
    (problem,) = source.problems
    assert problem.file == str(path)
    return problem


def test_a_syntax_error_is_told_with_its_line(write: Write) -> None:
    path = write("a.toml", 'theme = "x"\n\nsidebar = tru\n')

    problem = only_problem(path)

    assert (problem.line, problem.key) == (3, "")
    assert str(problem).startswith(f"{path}:3: is not valid TOML: ")


def test_a_syntax_error_at_the_end_is_on_the_last_line_with_text(write: Write) -> None:
    problem = only_problem(write("a.toml", 'a = 1\nb = """x\n\n\n'))

    assert problem.line == 2
    assert "before the end of the file" in problem.message


def test_a_key_that_is_set_twice_is_on_the_second_line(write: Write) -> None:
    problem = only_problem(write("a.toml", "a = 1\na = 2\n"))

    assert (problem.line, problem.message) == (
        2,
        "is not valid TOML: this key has a value already (column 6)",
    )


def test_bytes_that_are_not_utf_8_are_on_their_line(write: Write) -> None:
    problem = only_problem(write("a.toml", b'a = 1\nb = "caf\xe9"\n'))

    assert problem.line == 2
    assert problem.message == "is not UTF-8 text: byte 0xe9; save the file as UTF-8"


def test_a_missing_file_a_folder_and_a_huge_file_are_refused(write: Write, tmp_path: Path) -> None:
    huge = write("huge.toml", b"#" * (LARGEST_FILE + 1))

    assert only_problem(tmp_path / "none.toml").message == "does not exist"
    assert only_problem(tmp_path).message == "is a folder; name a file"
    assert only_problem(huge).message == "is larger than 1 MB"
    assert str(only_problem(huge)) == f"{huge}: is larger than 1 MB"


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")

    assert only_problem(tmp_path / "pipe.toml").message == "is not a regular file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(write: Write) -> None:
    path = write("a.toml", "a = 1\n")
    path.chmod(0)

    assert only_problem(path).message == "cannot be read: permission denied"


def test_a_refusal_of_the_system_is_told(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("a.toml", "a = 1\n")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)

    assert only_problem(path).message == "cannot be read: permission denied"


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "loop.toml"
    link.symlink_to(link)

    assert only_problem(link).message.startswith("cannot be read: ")


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 400 + "]" * 400,
        "a = " + "[" * 50_000,
        "a." * 150 + "b = 1",
        "a = " + "{a=" * 40 + "1" + "}" * 40,
    ],
)
def test_deep_nesting_is_refused(write: Write, text: str) -> None:
    problem = only_problem(write("deep.toml", text))

    assert problem.message == "is nested more than 32 levels deep"


def test_a_key_of_a_hundred_thousand_parts_is_refused_before_it_is_decoded(write: Write) -> None:
    problem = only_problem(write("long.toml", "a." * 100_000 + "b = 1"))

    assert "dotted parts" in problem.message


def test_a_number_too_long_to_decode_is_a_problem_not_a_crash(write: Write) -> None:
    assert "not valid TOML" in only_problem(write("n.toml", "a = " + "9" * 10_000)).message


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(write: Write) -> None:
    source = read_source(write("a.toml", b"\xef\xbb\xbfa = 1\r\nb = 2\r\n"))

    assert source.data == {"a": 1, "b": 2}
    assert source.line(("b",)) == 2


def test_no_escape_sequence_of_a_file_reaches_the_terminal() -> None:
    source = Source(Path("\x1b]0;evil\x07.toml"), "a = 1", {"a": 1})
    source.report(("a\x1b[2J\x9b", 0, "b c"), "is wrong", "\x1b")

    assert str(source.problems[0]).isprintable()
    assert source.problems[0].key == '"a\\x1b[2J\\x9b"[0]."b c"'


def test_a_problem_reads_as_file_line_key_message_and_suggestion() -> None:
    problem = Problem("team.toml", 7, "sessions[0].nmae", "unknown key", "name")

    assert str(problem) == 'team.toml:7: sessions[0].nmae: unknown key (did you mean "name"?)'


def test_keys_are_spelled_as_in_toml() -> None:
    assert key_text(("keymap", "chat.next")) == 'keymap."chat.next"'
    assert key_text(("sessions", 1, "chats", 2, "model")) == "sessions[1].chats[2].model"


def test_the_nearest_word_is_found_whatever_its_case_and_nothing_if_none_is_near() -> None:
    assert nearest("OpnAI", ["openai", "ollama"]) == "openai"
    assert nearest("xyz", ["openai", "ollama"]) == ""
    assert nearest("x" * 1_000_000, ["openai"]) == ""


@settings(deadline=None)
@given(st.text())
def test_printable_text_is_one_short_line(text: str) -> None:
    assert printable(text).isprintable()
    assert len(printable(text)) <= 120 * 6
    assert "\n" not in printable(text)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_reported(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / f"any-{os.getpid()}.toml"
    path.write_bytes(content)

    source = read_source(path)

    assert source.is_readable != bool(source.problems)
