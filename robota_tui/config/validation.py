"""Checking a TOML table against a pydantic model, keeping all that is right in it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from robota_tui.config.problems import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

    from robota_tui.config.problems import KeyPath
    from robota_tui.config.source import Source

M = TypeVar("M", bound=BaseModel)

_MESSAGES = {
    "missing": 'the key "{last}" is missing',
    "string_type": "must be a string, not {kind}",
    "bool_type": "must be true or false, not {kind}",
    "int_type": "must be a whole number, not {kind}",
    "float_type": "must be a number, not {kind}",
    "finite_number": "must be a finite number",
    "tuple_type": "must be a list, not {kind}",
    "mapping_type": "must be a table, not {kind}",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be at most {le}",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "begins with a letter or digit, then letters, digits, '_', '.' and '-'",
}
"""By pydantic's kind of error; none shows the value, for it may be a secret."""
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "true or false"),
    (str, "a string"),
    (int, "a whole number"),
    (float, "a number"),
    (dict, "a table"),
    (list, "a list"),
    (tuple, "a list"),
    (datetime.date, "a date"),
    (datetime.time, "a time"),
)


def validate(
    model: type[M],
    table: Mapping[str, Any],
    source: Source,
    path: KeyPath = (),
    *,
    refused: Mapping[str, tuple[str, str]] | None = None,
) -> tuple[M | None, frozenset[str]]:
    """Build a model from what is right in a table, and report each key that is not.

    Returns the model, or `None` when a key that it cannot do without is missing or wrong, and the
    top-level keys that were left out for a mistake. `refused` gives unknown keys that deserve an
    explanation of their own: message and suggestion.
    """
    remaining: dict[str, Any] = {key: _as_tuples(value) for key, value in table.items()}
    failed: set[KeyPath] = set()
    while True:
        try:
            built = model.model_validate(remaining, strict=True)
        except ValidationError as error:
            found = error.errors(include_url=False)
        else:
            return built, frozenset(str(place[0]) for place in failed)
        progress = False
        for item in found:
            place = _dropped_place(item["loc"])
            if place not in failed:
                failed.add(place)
                message, suggestion = _explain(item, model, refused or {})
                source.report((*path, *_shown_place(item)), message, suggestion)
            progress = _drop(remaining, place) or progress
        if not progress:
            return None, frozenset(str(place[0]) for place in failed if place)


def kind_of(value: object) -> str:
    """What a decoded TOML value is, in a user's words."""
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "something else")


def _as_tuples(value: object) -> object:
    """Strict validation takes a tuple for a tuple, and TOML has only lists."""
    if isinstance(value, list):
        return tuple(_as_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _as_tuples(item) for key, item in value.items()}
    return value


def _dropped_place(location: tuple[str | int, ...]) -> KeyPath:
    """What is left out for an error: the table entry; for an element of a list, the whole list."""
    place: list[str | int] = []
    for part in location:
        if isinstance(part, int):
            break
        if part != "[key]":
            place.append(part)
    return tuple(place)


def _shown_place(item: ErrorDetails) -> KeyPath:
    """The key that is reported; a missing key is reported at the table that lacks it."""
    location = tuple(part for part in item["loc"] if part != "[key]")
    return location[:-1] if item["type"] == "missing" else location


def _drop(table: dict[str, Any], place: KeyPath) -> bool:
    for part in place[:-1]:
        inner = table.get(str(part))
        if not isinstance(inner, dict):
            return False
        table = inner
    return bool(place) and table.pop(str(place[-1]), table) is not table


def _explain(
    item: ErrorDetails, model: type[BaseModel], refused: Mapping[str, tuple[str, str]]
) -> tuple[str, str]:
    """Message and suggestion of an error, in our own words."""
    kind, context = item["type"], item.get("ctx", {})
    last = str(item["loc"][-1]) if item["loc"] else ""
    if kind == "extra_forbidden":
        return refused.get(last) or ("unknown key", nearest(last, model.model_fields))
    if kind == "value_error":
        return _of_validator(context["error"])
    words = {**context, "last": last, "kind": kind_of(item["input"])}
    return _MESSAGES[kind].format_map(words) if kind in _MESSAGES else item["msg"], ""


def _of_validator(error: object) -> tuple[str, str]:
    """Message, and the suggestion that our own validators hand on as a second argument."""
    words = [str(word) for word in getattr(error, "args", ())]
    return (words[0] if words else "is not acceptable"), (words[1] if len(words) > 1 else "")
