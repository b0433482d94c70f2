"""Configuration in TOML: settings, templates, workspaces, themes. Read leniently, reported exactly."""
