"""One request to a provider, and the reply that grows out of it."""

from __future__ import annotations

import inspect
import logging
import time
from typing import TYPE_CHECKING, Any

from robota_tui.agents.core import AgentCore, resolve_provider
from robota_tui.agents.errors import ProviderError, RobotaError, StateError
from robota_tui.agents.live import LiveReply
from robota_tui.agents.messages import Message, MessageState, Role, Usage
from robota_tui.agents.provider import (
    ChatRequest,
    Finished,
    Provider,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
)
from robota_tui.agents.toolcalls import ToolCallAssembler

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from robota_tui.agents.config import AgentConfig
    from robota_tui.agents.plugins import RunContext
    from robota_tui.agents.tools import Tool

logger = logging.getLogger(__name__)


class ProviderCall:
    """One request: adds an empty reply to the history, and fills it while `events` is iterated.

    Whatever happens, the reply ends complete, interrupted or failed, keeps the text it got, and the
    provider's stream is closed.
    """

    def __init__(
        self,
        core: AgentCore,
        config: AgentConfig,
        context: RunContext,
        tools: dict[str, Tool],
        metadata: dict[str, Any],
    ) -> None:
        self._core = core
        self._config = config
        self._context = context
        self._tools = tools
        self._assembler = ToolCallAssembler()
        self._started = time.monotonic()
        self._first_token: float | None = None
        self.finished: Finished | None = None
        """What the provider ended with; `None` until it did."""
        self.reply = Message(
            Role.ASSISTANT,
            "",
            state=MessageState.STREAMING,
            model=config.default_model.model,
            metadata={"provider": config.default_model.provider, **metadata},
        )
        self._live = LiveReply(self.reply)

    async def events(self) -> AsyncGenerator[StreamEvent, None]:
        """What the provider says, but for `Finished`; raises `RobotaError`."""
        try:
            self._open()
            provider = resolve_provider(self._config, self._core.providers)
            request = self._request()
            await self._core.host.before_provider_call(self._context, request)
            self._started = time.monotonic()
            stream = await _open_stream(provider, request)
            try:
                async for given in stream:
                    event = _checked(given, provider)
                    if self._take(event):
                        yield event
                    if self._core.closed and self.finished is None:
                        raise self._released()
            finally:
                await _close(stream)
            self._require_end(provider)
            self._complete()
        except Exception as error:
            failure = _as_robota_error(error, self._config.default_model.provider)
            self._fail(failure)
            raise failure from (error if failure is not error else error.__cause__)
        finally:
            # What has not ended by now was stopped.
            self._end(MessageState.INTERRUPTED)
        await self._core.host.after_provider_call(self._context, self.reply)

    def _open(self) -> None:
        self._core.history.add(self.reply)
        self._core.live = self._live
        self._core.observer.message_added(self.reply)

    def _request(self) -> ChatRequest:
        model = self._config.default_model
        return ChatRequest(
            messages=self._core.history.for_provider(self._config.effective_system_message),
            model=model.model,
            temperature=model.temperature,
            max_tokens=model.max_tokens,
            top_p=model.top_p,
            tools=tuple(tool.spec for tool in self._tools.values()),
        )

    def _take(self, event: StreamEvent) -> bool:
        """Add `event` to the reply; whether the caller of the run should see it."""
        host = self._core.host
        if host.wants_chunks:
            host.on_stream_chunk(self._context, event)
        if isinstance(event, TextDelta):
            if not event.text:
                return False
            self._live.append(event.text)
        elif isinstance(event, ReasoningDelta):
            if not event.text:
                return False
            self._live.reasoning.append(event.text)
        elif isinstance(event, ToolCallDelta):
            self._assembler.add(event)
            return True
        elif isinstance(event, Usage):
            # Endpoints that count as they go send running totals, so the last one stands.
            self.reply.usage = event
            return True
        else:
            self.finished = event
            return False
        if self._first_token is None:
            self._first_token = time.monotonic() - self._started
        self._core.observer.message_streamed(self.reply)
        return True

    def _require_end(self, provider: Provider) -> None:
        if self.finished is None:
            raise ProviderError(
                f"The answer of '{provider.name}' broke off before its end",
                kind="truncated",
                hint="What arrived is kept. Ask for the answer again.",
            )

    def _released(self) -> StateError:
        self._end(MessageState.INTERRUPTED)
        return StateError(f"Agent '{self._config.name}' was released while it answered")

    def _complete(self) -> None:
        if self._tools:
            self.reply.tool_calls = self._assembler.calls()
        if self.finished is not None:
            self.reply.metadata["finish_reason"] = self.finished.reason
        self._end(MessageState.COMPLETE)

    def _fail(self, error: RobotaError) -> None:
        if self.reply.state is MessageState.STREAMING:
            self.reply.metadata["error"] = str(error)
            self.reply.metadata["hint"] = error.hint
        self._end(MessageState.FAILED)

    def _end(self, state: MessageState) -> None:
        """The first call decides; the reply is told to the observer and to the plugins once."""
        if self.reply.state is not MessageState.STREAMING:
            return
        self.reply.state = state
        self._core.live = None
        self._live.sync()
        self.reply.metadata["duration"] = time.monotonic() - self._started
        if self._first_token is not None:
            self.reply.metadata["first_token"] = self._first_token
        # Who cleared the history meanwhile does not want to hear of this message again.
        if self.reply in self._core.history:
            self._core.observer.message_changed(self.reply)
            self._core.host.on_message(self._context, self.reply)


async def _open_stream(provider: Provider, request: ChatRequest) -> AsyncIterator[StreamEvent]:
    stream: Any = provider.stream(request)
    # A `stream` that is a coroutine giving an iterator is as good as one that is a generator.
    result: AsyncIterator[StreamEvent] = await stream if inspect.isawaitable(stream) else stream
    return result


def _checked(event: Any, provider: Provider) -> StreamEvent:
    """`event`, which a provider written by others gave; raises `ProviderError` for what is none."""
    kind = type(event).__name__
    if not isinstance(event, StreamEvent):
        complaint = f"yielded a {kind}, not a StreamEvent"
    elif not isinstance(getattr(event, "text", ""), str):
        complaint = f"yielded a {kind} whose text is a {type(getattr(event, 'text', '')).__name__}"
    else:
        return event
    raise ProviderError(
        f"Provider '{provider.name}' {complaint}",
        kind="protocol",
        hint="This is a fault of the provider's adapter, not of your message.",
    )


async def _close(stream: AsyncIterator[StreamEvent]) -> None:
    aclose = getattr(stream, "aclose", None)
    if aclose is None:
        return
    try:
        await aclose()
    except Exception:
        logger.exception("Closing a provider's stream failed")


def _as_robota_error(error: Exception, provider: str) -> RobotaError:
    if isinstance(error, RobotaError):
        return error
    kind = type(error).__name__
    return ProviderError(
        str(error) or kind,
        kind="protocol",
        hint=f"Provider '{provider}' failed unexpectedly ({kind}); this is no fault of your message.",
    )
