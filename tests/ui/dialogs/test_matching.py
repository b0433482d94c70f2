from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robota_tui.ui.dialogs.matching import Searched, fold, rank

NAMES = ["Coder", "Reviewer", "Documenter", "Ethical reviewer", "Task coordinator", "Fast executor"]


def found(query: str, names: list[str] = NAMES) -> list[str]:
    return [name for name, _ in rank(query, names, lambda name: Searched((name,)))]


def test_a_blank_query_keeps_all_in_the_order_given() -> None:
    assert found("") == NAMES
    assert found("   ") == NAMES


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("rev", "Reviewer"),
        ("REV", "Reviewer"),
        ("ethrev", "Ethical reviewer"),
        ("tc", "Task coordinator"),
        ("rvwr", "Reviewer"),
        ("coord", "Task coordinator"),
        ("rev eth", "Ethical reviewer"),
    ],
)
def test_a_few_letters_find_the_name(query: str, best: str) -> None:
    assert found(query)[0] == best


@pytest.mark.parametrize("typo", ["reveiwer", "revuewer", "reviewwer", "xeviewer"])
def test_one_wrong_letter_is_forgiven(typo: str) -> None:
    assert found(typo)[0] == "Reviewer"


def test_nothing_is_forgiven_while_something_fits() -> None:
    assert found("code", ["Codex", "Cope"]) == ["Codex"]


def test_letters_strewn_over_a_name_do_not_fit() -> None:
    assert found("re", ["Project Beta", "Agents of the seventh room"]) == []


def test_every_word_of_the_query_has_to_fit() -> None:
    assert found("rev nothing") == []


def test_accents_and_case_do_not_matter_and_indexes_stay_valid() -> None:
    [(name, match)] = rank("ubersicht", ["İ Übersicht"], lambda name: Searched((name,)))
    assert "".join(name[index] for index in sorted(match.positions_in(0))) == "Übersicht"


def test_hidden_text_fits_last_and_as_it_is_written() -> None:
    items = [("Alpha", "python tools"), ("Python", "")]
    ranked = rank("python", items, lambda item: Searched((item[0],), hidden=item[1]))
    assert [item[0] for item, _ in ranked] == ["Python", "Alpha"]
    assert rank("pthn", items[:1], lambda item: Searched((item[0],), hidden=item[1])) == []


def test_the_first_field_weighs_more_than_the_second() -> None:
    items = [("Scout", "Coder"), ("Coder", "Scout")]
    assert next(item for item, _ in rank("coder", items, Searched)) == ("Coder", "Scout")


@given(st.text(max_size=30), st.lists(st.text(max_size=60), max_size=5))
def test_positions_lie_inside_the_text(query: str, names: list[str]) -> None:
    for name, match in rank(query, names, lambda name: Searched((name,))):
        assert all(0 <= index < len(name) for index in match.positions_in(0))


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_letters_that_repeat_do_not_make_the_search_slow() -> None:
    names = ["a-" * 100] * 100
    started = time.process_time()
    rank("aaaaaaaaab", names, lambda name: Searched((name,)))
    assert time.process_time() - started < 5
