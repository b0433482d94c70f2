"""Where things are: what came with the program, and the user's own configuration."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
APPLICATION = "robota-tui"


def bundled_folder(name: str, package: Path = _PACKAGE) -> Path:
    """The `themes` or `sample_configs` that came along.

    They lie inside an installed package, and beside the package in a checkout.
    """
    installed = package / "_bundled" / name
    return installed if installed.is_dir() else package.parent / name


def bundled_themes() -> Path:
    """The folder of the themes that came along."""
    return bundled_folder("themes")


def sample_configs() -> Path:
    """The folder of the commented examples."""
    return bundled_folder("sample_configs")


def config_folder() -> Path:
    """The user's configuration folder, in the place that the platform has for it; it may not exist."""
    import platformdirs

    return Path(platformdirs.user_config_dir(APPLICATION, appauthor=False, roaming=True))


def settings_file() -> Path:
    """The user's settings."""
    return config_folder() / "settings.toml"


def template_folder() -> Path:
    """The folder whose `*.toml` files hold the user's templates."""
    return config_folder() / "templates"


def theme_folder() -> Path:
    """The folder whose `*.toml` files are the user's themes."""
    return config_folder() / "themes"
