"""Which optional request fields an endpoint takes: known from its preset, or learnt when it refuses one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from robota_tui.providers.wire import request_fields

if TYPE_CHECKING:
    import openai

    from robota_tui.agents.provider import ChatRequest
    from robota_tui.providers.presets import Preset

_LIMITS = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
_OPTIONAL = ("stream_options", "temperature", "top_p")
_REFUSED = re.compile(
    r"unsupported|not supported|does not support|unrecognized|unknown|unexpected|extra[_ ]|not permitted"
    r"|not allowed",
    re.IGNORECASE,
)


class Dialect:
    """Builds the requests of one endpoint; what it learns is kept by model, models of one vendor differ."""

    def __init__(self, preset: Preset | None) -> None:
        self._limit = preset.max_tokens_field if preset else "max_tokens"
        self._stream_usage = preset.stream_usage if preset else True
        self._refused: dict[str, set[str]] = {}

    def fields(self, request: ChatRequest, model: str) -> dict[str, Any]:
        """The arguments of a streamed call."""
        refused = self._refused.get(model, set())
        limit = _LIMITS[self._limit] if self._limit in refused else self._limit
        fields = request_fields(request, model=model, max_tokens_field=limit)
        if self._stream_usage:
            fields["stream_options"] = {"include_usage": True}
        return {name: value for name, value in fields.items() if name not in refused}

    def learn(self, error: openai.APIStatusError, model: str, fields: dict[str, Any]) -> bool:
        """Take note if `error` refuses an optional field of `fields`; `True` means: ask again, differently.

        Only a field that the endpoint does not know or support is left out. One whose value it
        does not like is the user's to correct.
        """
        if error.status_code not in {400, 422}:
            return False
        text = f"{error.code} {error.type} {error.body}"
        if not _REFUSED.search(text):
            return False
        for name in (*_LIMITS, *_OPTIONAL):
            if name in fields and (error.param == name or re.search(rf"\b{name}\b", text)):
                refused = self._refused.setdefault(model, set())
                refused.add(name)
                return True
        return False
