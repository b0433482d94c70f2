"""Which failures before the first token are worth another try, and after how long."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from robota_tui.providers.errors import causes, retry_after

if TYPE_CHECKING:
    import openai

MAX_WAIT = 30.0
"""Seconds; an endpoint that asks for more is not waited for, the user is told instead."""

_FIRST_DELAY = 0.5
_NO_CREDIT = "insufficient_quota"
_NOT_CONNECTED = {"ConnectError", "ConnectTimeout", "UnsupportedProtocol", "PoolTimeout"}


def delay_before_retry(error: Exception, attempt: int) -> float | None:
    """Seconds to wait before try number `attempt` + 1; `None` if another try is pointless.

    An address where nothing answers is not tried again: the user is told at once. A connection
    that was accepted and then dropped is, because it may have been an idle one from the pool.
    """
    import openai

    if isinstance(error, openai.APIStatusError):
        return _after_status(error, attempt)
    if isinstance(error, openai.APITimeoutError) or not isinstance(error, openai.APIConnectionError):
        return None
    if any(type(cause).__name__ in _NOT_CONNECTED for cause in causes(error)):
        return None
    return _backoff(attempt)


def _after_status(error: openai.APIStatusError, attempt: int) -> float | None:
    headers = error.response.headers
    wish = headers.get("x-should-retry")
    temporary = error.status_code in {408, 409, 429} or (
        error.status_code >= 500 and error.status_code != 501
    )
    if wish == "false" or (wish != "true" and not temporary) or error.code == _NO_CREDIT:
        return None
    wait = retry_after(headers)
    if wait is None:
        return _backoff(attempt)
    return wait if wait <= MAX_WAIT else None


def _backoff(attempt: int) -> float:
    return float(_FIRST_DELAY * 2 ** (attempt - 1) * random.uniform(0.75, 1.0))
