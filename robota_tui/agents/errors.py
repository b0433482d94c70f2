"""The errors this program raises on purpose; every one of them is a `RobotaError`."""

from __future__ import annotations

from typing import Literal

ProviderErrorKind = Literal[
    "authentication",
    "permission",
    "not_found",
    "bad_request",
    "context_overflow",
    "rate_limit",
    "server",
    "connection",
    "timeout",
    "protocol",
    "truncated",
    "configuration",
]
"""What went wrong at a model endpoint, in words that do not depend on the client library."""


class RobotaError(Exception):
    """Something the user or the caller can act on: one clear sentence, and a hint what to do."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        """What to do about it; empty when the message says it all."""


class ConfigurationError(RobotaError):
    """A value handed in is not acceptable; nothing was changed."""


class LimitError(RobotaError):
    """A limit on sessions, chats or agents is reached."""


class NotFoundError(RobotaError):
    """A session, chat, message or template is unknown."""


class StateError(RobotaError):
    """The session or chat is in a state that does not allow the command."""


class RunVetoedError(RobotaError):
    """A plugin refused the run before anything was sent."""


class SendError(RobotaError):
    """A message could not be answered; the cause is chained."""


class ProviderError(RobotaError):
    """A model endpoint failed; the message names the provider and what happened."""

    def __init__(
        self,
        message: str,
        *,
        kind: ProviderErrorKind,
        hint: str = "",
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.kind = kind
        self.status = status
        """The HTTP status, where there was one."""
        self.retry_after = retry_after
        """Seconds the endpoint asked to wait, where it said so."""
