"""Plugin hooks around the runs of one agent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from robota_tui.agents.messages import Message
    from robota_tui.agents.provider import ChatRequest, StreamEvent


@dataclass(frozen=True, slots=True)
class RunContext:
    """What a hook may know about the run it is called in."""

    agent_name: str
    conversation_id: str
    """The id of the chat, or of the agent where there is no chat."""
    run_id: str


class Plugin:
    """Base of all plugins: override the hooks you need.

    Hooks of higher `priority` are called first; a plugin with `enabled` False is not called at all.
    `before_run` may refuse the run by raising; what other hooks raise is logged and goes no further.
    """

    name: str = "plugin"
    enabled: bool = True
    priority: int = 500

    async def before_run(self, context: RunContext, user_input: str) -> None:
        """Called before the user's message is stored; raise to refuse the run."""

    async def after_run(self, context: RunContext, reply: Message) -> None:
        """Called with the stored answer, also with an interrupted one."""

    async def before_provider_call(self, context: RunContext, request: ChatRequest) -> None:
        """Called before each request to the provider."""

    async def after_provider_call(self, context: RunContext, reply: Message) -> None:
        """Called after each request that ended without an error."""

    def on_message(self, context: RunContext, message: Message) -> None:
        """Called when a message stands in the history: a reply when it has ended, however it did (see its
        `state`), any other message when it is added.
        """

    def on_stream_chunk(self, context: RunContext, event: StreamEvent) -> None:
        """Called for every event of the provider's stream; must be quick."""

    def on_error(self, context: RunContext, error: BaseException) -> None:
        """Called when a run fails."""

    async def aclose(self) -> None:
        """Called once when the agent is released."""
