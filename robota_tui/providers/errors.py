"""What the client library raises, told in one sentence with a hint."""

from __future__ import annotations

import re
import socket
import ssl
from email.utils import parsedate_to_datetime
from time import time
from typing import TYPE_CHECKING

from robota_tui.agents.errors import ProviderError, ProviderErrorKind
from robota_tui.providers.redact import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import openai

    from robota_tui.providers.endpoint import Endpoint

_OVERFLOW_CODES = {"context_length_exceeded", "exceed_context_size_error"}
_OVERFLOW = re.compile(
    r"context (?:length|size|window)|maximum context|(?:prompt|input) is too long|too many (?:input )?tokens",
    re.IGNORECASE,
)
_ADDRESS_HINT = "Check that base_url leads to an OpenAI-compatible server; it usually ends in /v1."
_BEHIND_GATEWAY = {408, 429, 502, 503, 504}
"""What a proxy answers with a web page of its own while a proper endpoint behind it is in trouble."""
_NO_CREDIT_CODES = {"insufficient_quota", "billing_hard_limit_reached"}
_STATUS_OF_CODE = {
    "authentication_error": 401,
    "invalid_api_key": 401,
    "permission_error": 403,
    "not_found_error": 404,
    "model_not_found": 404,
    "invalid_request_error": 400,
    "rate_limit_exceeded": 429,
    "rate_limit_error": 429,
}
"""What an error event inside a stream, which has no HTTP status, would have had as one."""


def map_error(error: Exception, endpoint: Endpoint, model: str, *, started: bool) -> ProviderError:
    """`error` as a `ProviderError`; `started` says that part of the answer had already come."""
    import openai

    if not isinstance(error, openai.APIError):
        return _protocol(endpoint, _what_was_wrong(error))
    if isinstance(error, openai.APITimeoutError):
        return timeout_error(endpoint, started=started, connecting=_is_connecting(error))
    if isinstance(error, openai.APIConnectionError):
        return _connection_error(error, endpoint, started=started)
    if isinstance(error, openai.APIStatusError):
        return status_error(
            error.status_code, error.body, endpoint, model, retry_after=retry_after(error.response.headers)
        )
    return event_error(error.body or error.message, endpoint, model)


def event_error(body: object, endpoint: Endpoint, model: str) -> ProviderError:
    """An error that came as an event, or with status 200: its code decides what kind it is."""
    code = _field(body, "code")
    status = int(code) if code.isdecimal() and 400 <= int(code) < 600 else None
    for word in (code, _field(body, "type")):
        status = status or _STATUS_OF_CODE.get(word)
    return status_error(status or 500, body, endpoint, model)


def status_error(
    status: int, body: object, endpoint: Endpoint, model: str, *, retry_after: float | None = None
) -> ProviderError:
    """An answer with an error status, by what the status and the body say."""
    said = server_message(body, endpoint)
    codes = {_field(body, "code"), _field(body, "type")}
    label = endpoint.label
    kind: ProviderErrorKind
    is_page = isinstance(body, str) and looks_like_html(body)
    if codes & _OVERFLOW_CODES or (status in {400, 413, 422, 500} and _OVERFLOW.search(said)):
        kind, what = "context_overflow", f"{label} says the conversation is too long for {_named(model)}"
        hint = "Clear or fork the chat, limit max_messages, or choose a model with a longer context."
        said = _overflow_numbers(body)
    elif status == 401 and not is_page:
        # What the endpoint says here tends to quote the key.
        kind, said = "authentication", ""
        what = f"{label} refused the API key" if endpoint.secret else f"{label} wants an API key"
        hint = _key_hint(endpoint)
    elif status == 402 or codes & _NO_CREDIT_CODES:
        kind, what = "permission", f"{label} says the account has no credit left"
        hint = "Check plan and billing at the provider, or choose another provider."
    elif status == 403 and not is_page:
        kind, what = "permission", f"{label} does not allow this request"
        hint = "Check that the key's account may use this model."
    elif status == 404 and not is_page:
        kind, (what, hint) = "not_found", _not_found(endpoint, model, said)
    elif status in {405, 501} or (is_page and status not in _BEHIND_GATEWAY):
        kind, what = "protocol", f"{label} does not look like an OpenAI-compatible endpoint (status {status})"
        hint = _ADDRESS_HINT
    elif status == 429:
        kind, what = "rate_limit", f"{label} gets too many requests"
        hint = f"Try again in {retry_after:.0f} s." if retry_after else "Wait a moment and try again."
    elif status >= 500 or status == 408:
        kind, what = "server", f"{label} failed with status {status}"
        hint = "The trouble is at the server; try again in a moment."
        if is_page:
            hint += " If it stays, check base_url: a web page answered."
    else:
        kind, what = "bad_request", f"{label} refused the request with status {status}"
        hint = "Check the model's name and settings such as temperature and max_tokens."
    return ProviderError(_sentence(what, said), kind=kind, hint=hint, status=status, retry_after=retry_after)


def timeout_error(endpoint: Endpoint, *, started: bool, connecting: bool = False) -> ProviderError:
    """The endpoint was silent for too long."""
    if connecting:
        what, hint = "did not accept the connection in time", "Check base_url, network and proxy settings."
    elif started:
        what, hint = "stopped in the middle of its answer", "Try again; what had come is kept."
    else:
        what, hint = "did not begin to answer in time", "Try again, or choose a faster model."
    return ProviderError(f"{endpoint.label} {what}.", kind="timeout", hint=hint)


def truncated_error(endpoint: Endpoint) -> ProviderError:
    """The stream ended without saying that the answer is complete."""
    return ProviderError(
        f"{endpoint.label} ended its answer without finishing it.",
        kind="truncated",
        hint="Try again; what had come is kept.",
    )


def empty_error(endpoint: Endpoint) -> ProviderError:
    """The stream ended before anything came."""
    return _protocol(endpoint, "answered with nothing at all")


def page_error(endpoint: Endpoint) -> ProviderError:
    """A web page came where a stream should."""
    return _protocol(endpoint, "answered with a web page instead of a model's reply")


def not_a_stream_error(endpoint: Endpoint, what: str) -> ProviderError:
    """Something came that is no answer of this API; `what` completes the sentence."""
    return _protocol(endpoint, what)


def server_message(body: object, endpoint: Endpoint) -> str:
    """What the endpoint says went wrong: one line without key or control characters; "" if nothing useful."""
    if isinstance(body, list) and body:
        body = body[0]
    while isinstance(body, dict):
        body = next((body[name] for name in ("message", "error", "detail") if body.get(name)), "")
    text = body if isinstance(body, str) else ""
    return "" if looks_like_html(text) else one_line(text, endpoint.secret)


def looks_like_html(text: str) -> bool:
    """Whether `text` is a web page."""
    return bool(re.match(r"\s*<(?:!doctype|html|head|body|\?xml)", text, re.IGNORECASE))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds the endpoint asks to wait, from either spelling of the header and either form of a date."""
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            seconds = float(value) * scale
        except ValueError:
            try:
                seconds = parsedate_to_datetime(value).timestamp() - time()
            except ValueError:
                continue
        if 0 <= seconds < 1e6:
            return seconds
    return None


def causes(error: BaseException) -> Iterator[BaseException]:
    """`error` and everything that led to it, groups included."""
    todo: list[BaseException | None] = [error]
    seen: set[int] = set()
    while todo:
        current = todo.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        todo += [current.__cause__, current.__context__]
        if isinstance(current, BaseExceptionGroup):
            todo += current.exceptions


def _connection_error(
    error: openai.APIConnectionError, endpoint: Endpoint, *, started: bool
) -> ProviderError:
    found = list(causes(error))
    address_hint = "Check base_url, the network and the proxy settings."
    if started:
        what, hint = "broke the connection in the middle of its answer", "Try again; what had come is kept."
    elif any(isinstance(cause, ConnectionRefusedError) for cause in found):
        start = endpoint.preset.start_hint if endpoint.preset else ""
        what = "cannot be reached: nothing listens at that address"
        hint = " ".join(filter(None, ("Is the server running?", start or "Check base_url, too.")))
    elif any(isinstance(cause, socket.gaierror) for cause in found):
        what, hint = "cannot be reached: the host name is unknown", address_hint
    elif any(isinstance(cause, ssl.SSLError) for cause in found):
        what = "cannot be reached: the encrypted connection failed"
        hint = "Check whether base_url should begin with http:// instead, or the machine's certificates."
    elif any("Connect" in type(cause).__name__ and cause is not error for cause in found[:3]):
        what, hint = "cannot be reached", address_hint
    else:
        what, hint = "closed the connection without an answer", "Try again in a moment."
    return ProviderError(f"{endpoint.label} {what}.", kind="connection", hint=hint)


def _what_was_wrong(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "sent text that is not valid UTF-8"
    if isinstance(error, ValueError):
        return "sent an event that is not valid JSON"
    return f"sent something that is no chat answer ({type(error).__name__})"


def _is_connecting(error: Exception) -> bool:
    return any(type(cause).__name__ in {"ConnectTimeout", "PoolTimeout"} for cause in causes(error))


def _not_found(endpoint: Endpoint, model: str, said: str) -> tuple[str, str]:
    if "model" in said.lower() or (model and model.lower() in said.lower()):
        hint = "Check the model's name in the template or in the settings."
        if endpoint.preset and endpoint.preset.title == "Ollama":
            hint += f" `ollama pull {one_line(model)}` fetches it."
        return f"{endpoint.label} does not know {_named(model)}", hint
    hint = "Check base_url (it usually ends in /v1) and the model's name."
    return f"{endpoint.label} knows no chat at that address, or not {_named(model)}", hint


def _key_hint(endpoint: Endpoint) -> str:
    if endpoint.key_env:
        return f"Check the key in the environment variable {endpoint.key_env}."
    if endpoint.given_key:
        return "Check the key that was handed to the provider."
    return "Put the key into an environment variable and name that as api_key_env in the settings."


def _overflow_numbers(body: object) -> str:
    sent, room = _field(body, "n_prompt_tokens"), _field(body, "n_ctx")
    return f"{sent} tokens where {room} fit" if sent.isdecimal() and room.isdecimal() else ""


def _protocol(endpoint: Endpoint, what: str) -> ProviderError:
    return ProviderError(
        f"{endpoint.label} {what}.",
        kind="protocol",
        hint=_ADDRESS_HINT,
    )


def _named(model: str) -> str:
    return f"the model {one_line(model)!r}" if model else "the model"


def _sentence(what: str, said: str) -> str:
    return f"{what}: {said.rstrip('.')}." if said else f"{what}."


def _field(body: object, name: str) -> str:
    value = body.get(name) if isinstance(body, dict) else None
    return str(value) if isinstance(value, str | int) else ""
