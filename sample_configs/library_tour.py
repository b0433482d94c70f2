"""A walk through the library: sessions, agents, switching, sending, listing, deleting.

Run it with `python sample_configs/library_tour.py`. It talks to the small model that comes with the
program (`robota-tui model install` fetches it); with other providers it works the same way.
"""

from __future__ import annotations

import asyncio

from robota_tui import AgentConfig, LocalProvider, ModelConfig, SessionManager


def assistant(name: str, temperature: float, system_message: str) -> AgentConfig:
    """An agent that the local model answers for."""
    model = ModelConfig(
        provider="local",
        model="smollm2-135m",
        temperature=temperature,
        max_tokens=60,
        system_message=system_message,
    )
    return AgentConfig(name=name, default_model=model)


async def main() -> None:
    """Two sessions, three agents, one conversation with each."""
    manager = SessionManager(
        max_sessions=10,
        max_chats_per_session=5,
        enable_workspace_isolation=True,
        providers={"local": LocalProvider()},
    )
    try:
        await tour(manager)
    finally:
        await manager.aclose()


async def tour(manager: SessionManager) -> None:
    """Create, switch, send, list and delete."""
    development = manager.create_session(
        name="Development", user_id="developer-123", workspace_id="workspace-dev"
    )
    project = manager.create_session(
        name="Project Beta", user_id="developer-123", workspace_id="workspace-beta"
    )

    coding = await manager.create_chat(
        development, "Coding", assistant("Coding Assistant", 0.1, "You are an expert programmer.")
    )
    review = await manager.create_chat(
        development, "Review", assistant("Code Review Assistant", 0.3, "You are a thorough code reviewer.")
    )
    await manager.create_chat(
        project,
        "Documentation",
        assistant("Documentation Assistant", 0.5, "You are an expert in technical documentation."),
    )

    for chat_id, question in (
        (coding, "Write a Python function that adds two numbers."),
        (review, "Name one thing to look for in a code review."),
    ):
        manager.switch_chat(development, chat_id)
        chat = manager.get_chat(chat_id)
        assert chat is not None
        print(f"\n[{chat.name}] {question}")
        print(await chat.send_message(question))

    for session in manager.list_sessions(user_id="developer-123"):
        print(f"\n{session.name} ({session.workspace_id}): {session.chat_count} chats")
        for info in manager.get_session_chats(session.id):
            mark = "*" if info.is_active else " "
            print(f"  {mark} {info.name}: {info.message_count} exchanges with {info.model}")

    manager.delete_chat(review)
    manager.delete_session(project)
    print(f"\nLeft: {[session.name for session in manager.list_sessions()]}")


if __name__ == "__main__":
    asyncio.run(main())
