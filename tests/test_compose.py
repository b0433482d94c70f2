from __future__ import annotations

from pathlib import Path

import pytest

from robota_tui.compose import apply_changes, build_workbench, open_sessions
from robota_tui.config.paths import sample_configs
from robota_tui.providers import discover
from robota_tui.providers.openai import OpenAIProvider


@pytest.fixture(autouse=True)
def nothing_serves_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model server of whoever runs the tests is none of their business."""
    monkeypatch.setattr(discover, "served_models", lambda port: [])


async def test_without_any_file_one_can_begin_to_write() -> None:
    workbench = build_workbench(None, [], lambda keymap: ())
    await open_sessions(workbench)
    [session] = workbench.manager.list_sessions()
    [chat] = workbench.manager.get_session_chats(session.id)
    assert (chat.agent_template, chat.provider) == ("general", "local")
    assert "smollm2" in workbench.notice.lower()
    assert "OPENAI_API_KEY" in workbench.notice
    assert workbench.problems == []
    await workbench.manager.aclose()


async def test_a_key_in_the_environment_makes_openai_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-0123456789")
    workbench = build_workbench(None, [], lambda keymap: ())
    assert workbench.manager.default_model is not None
    assert workbench.manager.default_model.provider == "openai"
    assert "canary" not in workbench.notice
    await workbench.manager.aclose()


async def test_every_sample_workspace_opens_whole() -> None:
    for file in ("development.toml", "research.toml", "projects.toml"):
        workbench = build_workbench(None, [sample_configs() / file], lambda keymap: ())
        await open_sessions(workbench)
        assert workbench.problems == []
        assert workbench.manager.list_sessions()
        assert all(workbench.manager.get_session_chats(s.id) for s in workbench.manager.list_sessions())
        await workbench.manager.aclose()


async def test_settings_choose_the_provider_and_its_model(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(
        'default_provider = "lab"\n'
        '[providers.lab]\nbase_url = "http://127.0.0.1:9/v1"\ndefault_model = "qwen3"\n'
    )
    workbench = build_workbench(settings, [], lambda keymap: ())
    await open_sessions(workbench)
    [chat] = workbench.manager.chats
    assert (chat.info().provider, chat.info().model) == ("lab", "qwen3")
    assert workbench.notice == ""
    await workbench.manager.aclose()


async def test_settings_set_the_patience_of_a_provider(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(
        '[providers.lab]\nbase_url = "http://127.0.0.1:9/v1"\n'
        "connect_timeout = 1.5\nstream_idle_timeout = 7\n"
    )
    provider = build_workbench(settings, [], lambda keymap: ()).manager.providers["lab"]
    assert isinstance(provider, OpenAIProvider)
    assert (provider.patience.connect, provider.patience.idle) == (1.5, 7)


async def test_a_server_on_this_machine_answers_with_the_model_it_lists(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(discover, "served_models", lambda port: ["qwen3:4b"] if port == 11434 else [])
    workbench = build_workbench(None, [], lambda keymap: ())
    await open_sessions(workbench)
    [chat] = workbench.manager.chats
    assert (chat.info().provider, chat.info().model) == ("ollama", "qwen3:4b")
    await workbench.manager.aclose()


async def test_a_provider_with_wrong_settings_is_not_reached_under_its_preset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-0123456789")
    settings = tmp_path / "settings.toml"
    settings.write_text('[providers.openai]\nbase_url = "my proxy"\n')
    workbench = build_workbench(settings, [], lambda keymap: ())
    assert "openai" not in workbench.manager.providers
    assert workbench.manager.default_model is not None
    assert workbench.manager.default_model.provider == "local"
    assert any("settings.toml:2" in problem for problem in workbench.problems)
    await workbench.manager.aclose()


async def test_a_broken_workspace_is_reported_and_the_rest_opens(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[[sessions]\n")
    workbench = build_workbench(None, [broken, sample_configs() / "research.toml"], lambda keymap: ())
    await open_sessions(workbench)
    assert any("broken.toml:1" in problem for problem in workbench.problems)
    assert workbench.manager.list_sessions()
    await workbench.manager.aclose()


async def test_a_change_on_disk_is_picked_up_and_a_broken_one_keeps_the_old_value(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text('theme = "robota-light"\n')
    workbench = build_workbench(settings, [], lambda keymap: ())
    settings.write_text('theme = "robota-dark"\n[providers.lab]\nbase_url = "http://127.0.0.1:9/v1"\n')
    assert apply_changes(workbench, lambda keymap: ()).theme == "robota-dark"
    assert "lab" in workbench.manager.providers
    settings.write_text("theme = \n")
    assert apply_changes(workbench, lambda keymap: ()).theme == "robota-dark"
    assert any("settings.toml:1" in problem for problem in workbench.problems)
    await workbench.manager.aclose()


async def test_a_workspace_takes_its_changed_templates_and_says_what_waits(tmp_path: Path) -> None:
    team = tmp_path / "team.toml"
    text = (
        'id = "team"\n[[templates]]\nid = "critic"\nname = "Critic"\ntemperature = 0.1\n'
        '[[sessions]]\nname = "One"\n'
    )
    team.write_text(text)
    workbench = build_workbench(None, [team], lambda keymap: ())
    await open_sessions(workbench)
    templates = workbench.manager.templates
    team.write_text(text.replace("0.1", "0.7"))
    apply_changes(workbench, lambda keymap: ())
    critic = templates.get_template_details("critic", "team")
    assert critic is not None
    assert critic.temperature == 0.7
    assert workbench.waiting == []
    team.write_text(text + '[[sessions]]\nname = "Two"\n')
    apply_changes(workbench, lambda keymap: ())
    assert any("sessions of team.toml" in line for line in workbench.waiting)
    await workbench.manager.aclose()
