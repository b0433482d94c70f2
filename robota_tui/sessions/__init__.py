"""Many agents: sessions, chats, their queues and templates."""
