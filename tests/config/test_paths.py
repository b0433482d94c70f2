from __future__ import annotations

from pathlib import Path

from robota_tui.config import paths


def test_in_a_checkout_the_folders_lie_beside_the_package() -> None:
    assert (paths.bundled_themes() / "robota-dark.toml").is_file()
    assert (paths.sample_configs() / "settings.toml").is_file()


def test_in_an_installed_package_they_lie_inside_it(tmp_path: Path) -> None:
    package = tmp_path / "robota_tui"
    inside = package / "_bundled" / "themes"
    inside.mkdir(parents=True)

    assert paths.bundled_folder("themes", package) == inside
    assert paths.bundled_folder("sample_configs", package) == tmp_path / "sample_configs"


def test_the_users_files_are_in_the_platforms_configuration_folder(own_configuration: Path) -> None:
    assert paths.config_folder().is_relative_to(own_configuration)
    assert paths.settings_file() == paths.config_folder() / "settings.toml"
    assert paths.template_folder() == paths.config_folder() / "templates"
    assert paths.theme_folder() == paths.config_folder() / "themes"
