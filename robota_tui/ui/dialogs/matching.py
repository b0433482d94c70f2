"""Fuzzy search in short texts, forgiving about one wrong letter.

Not `textual.fuzzy`: its matcher tries every combination of positions (a tenth of a second for one name of
a hundred letters that repeat), finds nothing for two letters swapped, and reads the names as markup.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

ItemT = TypeVar("ItemT")

_LONGEST_FIELD = 200
_SHORTEST_WORD_WITH_TYPO = 4


@dataclass(frozen=True, slots=True)
class Searched:
    """What of an item the query is compared with."""

    fields: tuple[str, ...]
    """Texts shown in the list, the most telling first: a query may leave out letters inside their words."""
    hidden: str = ""
    """More text, not shown in the list: a word of the query must stand in it as it is."""


@dataclass(frozen=True, slots=True)
class Match:
    """How well an item fits the query."""

    score: float
    positions: tuple[frozenset[int], ...] = ()
    """For each field, the indexes of its characters that the query found."""

    def positions_in(self, field: int) -> frozenset[int]:
        """The indexes found in the field of that number."""
        return self.positions[field] if field < len(self.positions) else frozenset()


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    parts = unicodedata.normalize("NFD", character)
    folded = (parts[0] if all(map(unicodedata.combining, parts[1:])) else character).lower()
    return folded if len(folded) == 1 else character


def fold(text: str) -> str:
    """The text without case and accents, character for character: indexes stay valid."""
    return text.lower() if text.isascii() else "".join(map(_fold_character, text))


def rank(
    query: str, items: Iterable[ItemT], searched: Callable[[ItemT], Searched]
) -> list[tuple[ItemT, Match]]:
    """The items that fit every word of the query, best first; all in the order given when it is blank.

    Equally good items keep their order. Where nothing fits, one wrong, missing or extra letter is forgiven in
    each word of four letters and more.
    """
    words = fold(query).split()
    if not words:
        return [(item, Match(0.0)) for item in items]
    candidates = [(item, searched(item)) for item in items]
    found = _fitting(words, candidates, is_lenient=False) or _fitting(words, candidates, is_lenient=True)
    return sorted(found, key=lambda pair: -pair[1].score)


def _fitting(
    words: Sequence[str], candidates: Iterable[tuple[ItemT, Searched]], *, is_lenient: bool
) -> list[tuple[ItemT, Match]]:
    found = ((item, _match(words, searched, is_lenient=is_lenient)) for item, searched in candidates)
    return [(item, match) for item, match in found if match is not None]


def _match(words: Sequence[str], searched: Searched, *, is_lenient: bool) -> Match | None:
    fields = [fold(field[:_LONGEST_FIELD]) for field in searched.fields]
    hidden = fold(searched.hidden)
    positions: list[set[int]] = [set() for _ in fields]
    total = 0.0
    for word in words:
        field, score, where = _best_field(word, fields, is_lenient=is_lenient)
        if score:
            positions[field].update(where)
        elif word in hidden:
            score = 10.0
        else:
            return None
        total += score
    return Match(total, tuple(map(frozenset, positions)))


def _best_field(word: str, fields: Sequence[str], *, is_lenient: bool) -> tuple[int, float, Sequence[int]]:
    """The field that fits the word best: its number, a score (0: none fits), and where."""
    spellings = [word]
    if is_lenient and len(word) >= _SHORTEST_WORD_WITH_TYPO:
        spellings = [word[:index] + word[index + 1 :] for index in range(len(word))]
    best: tuple[int, float, Sequence[int]] = (0, 0.0, ())
    for number, field in enumerate(fields):
        for spelling in spellings:
            score, where = _place(spelling, field)
            score /= number + 1
            if score > best[1]:
                best = (number, score, where)
    return best


def _place(word: str, field: str) -> tuple[float, Sequence[int]]:
    """Where the word's letters stand in the field, in order: a score (0: nowhere) and the indexes."""
    start = field.find(word)
    if start >= 0:
        while not _begins_word(field, start) and (later := field.find(word, start + 1)) >= 0:
            start = later
        bonus = 40.0 * _begins_word(field, start) + 20.0 * (start == 0) + 40.0 * len(word) / len(field)
        return 100.0 + bonus, range(start, start + len(word))
    best: tuple[float, Sequence[int]] = (0.0, ())
    start = field.find(word[0])
    while start >= 0 and (where := _letters_from(word, field, start)):
        span = where[-1] - where[0] + 1
        starts = sum(_begins_word(field, index) for index in where)
        # Letters strewn over a text fit nearly any text: they have to be initials, or near each other.
        if _begins_word(field, start) and (starts == len(word) or span <= 2 * len(word) + 4):
            best = max(best, (50.0 * len(word) / span + 10.0 * starts / len(word), where))
        start = field.find(word[0], start + 1)
    return best


def _begins_word(field: str, index: int) -> bool:
    return index == 0 or not field[index - 1].isalnum()


def _letters_from(word: str, field: str, start: int) -> list[int]:
    """The index of each letter of the word from `start` on, the nearest; empty where one is missing."""
    where = [start]
    for letter in word[1:]:
        index = field.find(letter, where[-1] + 1)
        if index < 0:
            return []
        where.append(index)
    return where
