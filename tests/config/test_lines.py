from __future__ import annotations

import tomllib
from typing import Any

import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from robota_tui.config.lines import line_of, locate_keys

DOCUMENT = '''\
theme = "x" # [not.a.table]
[providers.lab]
base_url = "http://[::1]/v1"   # an "odd" comment
"quoted key".'inner one' = 1

[[sessions]]
name = "A"
[[sessions.chats]]
name = """two
lines = "not a key"
[nor.this]
"""
model = \'\'\'
x = 1\'\'\'
[[sessions.chats]]
tags = [
  "one", # ] not the end
  ["two",
   "three"],
  { a = 1, b = { c = [4] } },
]
[[sessions]]
name = "B"
[sessions.extra]
inline = { x = "}", y.z = 2 }
[[sessions.chats]]
name = "last"
'''


def test_every_kind_of_key_is_found_on_its_line() -> None:
    tomllib.loads(DOCUMENT)
    lines = locate_keys(DOCUMENT)

    expected = {
        ("theme",): 1,
        ("providers", "lab"): 2,
        ("providers", "lab", "base_url"): 3,
        ("providers", "lab", "quoted key", "inner one"): 4,
        ("sessions", 0): 6,
        ("sessions", 0, "name"): 7,
        ("sessions", 0, "chats", 0): 8,
        ("sessions", 0, "chats", 0, "name"): 9,
        ("sessions", 0, "chats", 0, "model"): 13,
        ("sessions", 0, "chats", 1): 15,
        ("sessions", 0, "chats", 1, "tags"): 16,
        ("sessions", 0, "chats", 1, "tags", 0): 17,
        ("sessions", 0, "chats", 1, "tags", 1, 1): 19,
        ("sessions", 0, "chats", 1, "tags", 2, "a"): 20,
        ("sessions", 0, "chats", 1, "tags", 2, "b", "c", 0): 20,
        ("sessions", 1): 22,
        ("sessions", 1, "extra", "inline", "y", "z"): 25,
        ("sessions", 1, "chats", 0, "name"): 27,
    }
    assert {path: lines.get(path) for path in expected} == expected
    assert ("nor", "this") not in lines
    assert ("not", "a", "table") not in lines


def test_quotes_at_the_end_of_a_multi_line_string_belong_to_it() -> None:
    text = 'a = """x"""""\nb = \'\'\'y\'\'\'\'\nc = """"""\nd = 1\n'
    assert tomllib.loads(text)["a"] == 'x""'

    assert locate_keys(text) == {("a",): 1, ("b",): 2, ("c",): 3, ("d",): 4}


def test_a_key_that_is_nowhere_is_at_the_table_that_lacks_it() -> None:
    lines = locate_keys("x = 1\n[[a]]\n[[a]]\ny = 2\n")

    assert line_of(lines, ("a", 1, "id")) == 3
    assert line_of(lines, ("nowhere",)) == 1


keys = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=6)
values = st.recursive(
    st.one_of(st.booleans(), st.integers(-9, 9), st.floats(allow_nan=False), keys, st.dates()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(keys, values, max_size=5), st.booleans())
def test_every_key_of_a_written_document_is_found_where_it_was_written(
    document: dict[str, Any], multiline: bool
) -> None:
    text = tomli_w.dumps(document, multiline_strings=multiline)
    lines = locate_keys(text)
    written = text.split("\n")

    for path in _paths(document, ()):
        assert path in lines, (path, text)
        last = path[-1]
        if isinstance(last, str):
            spelled = tomli_w.dumps({last: 1}).removesuffix(" = 1\n")
            assert spelled in written[lines[path] - 1]


@settings(deadline=None)
@given(st.text(alphabet="ab[]{}=.,\"'\\#\n\r\t 1é\0", max_size=60))
def test_nothing_makes_the_scanner_fail(text: str) -> None:
    for line in locate_keys(text).values():
        assert 1 <= line <= text.count("\n") + 1


def test_endless_openings_are_scanned_at_once() -> None:
    for piece in ('"""', "'''", '"', "'", '"\\', "[", "{", "a.", "[[a.b]]", "a=[", '"""\n', "''\n'"):
        assert len(locate_keys(piece * 20_000)) <= 20_002


def _paths(value: object, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += _paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found += _paths(inner, (*path, index))
    return found
