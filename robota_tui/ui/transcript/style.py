"""How the roles of lines look: one component class for each, in the variables of the theme."""

from __future__ import annotations

from robota_tui.ui.markdown.lines import ROLES

COMPONENTS = frozenset(f"transcript--{role}" for role in ROLES) | {"transcript--jump", "transcript--empty"}

CSS = """
Transcript {
    height: 1fr;
    background: $background;
    color: $foreground;
    overflow-x: hidden;
    overflow-y: scroll;
    scrollbar-size-vertical: 1;
    pointer: text;

    & > .transcript--muted, & > .transcript--meta { color: $foreground-muted; }
    & > .transcript--heading { color: $text-primary; text-style: bold; }
    & > .transcript--subheading { color: $text-secondary; text-style: bold; }
    & > .transcript--link { color: $text-accent; }
    & > .transcript--marker { color: $text-primary; }
    & > .transcript--quote { color: $text-secondary; }
    & > .transcript--rule, & > .transcript--table { color: $foreground-muted; }
    & > .transcript--html { color: $foreground-muted; text-style: italic; }
    & > .transcript--code { color: $text-warning; background: $panel; }
    & > .transcript--user { color: $text-accent; }
    & > .transcript--assistant { color: $text-primary; }
    & > .transcript--system, & > .transcript--tool { color: $text-secondary; }
    & > .transcript--fold { color: $foreground-muted; text-style: italic; }
    & > .transcript--error { color: $text-error; text-style: bold; }
    & > .transcript--hint { color: $text-warning; }
    & > .transcript--interrupted { color: $text-warning; }
    & > .transcript--streaming { color: $text-success; }
    & > .transcript--unread { color: $text-accent; text-style: bold; }
    & > .transcript--jump { color: $accent; text-style: bold reverse; }
    & > .transcript--empty { color: $foreground-muted; }

    & > .transcript--code-block { background: $surface; color: $foreground; }
    & > .transcript--code-keyword { background: $surface; color: $text-primary; text-style: bold; }
    & > .transcript--code-name { background: $surface; color: $text-accent; }
    & > .transcript--code-builtin { background: $surface; color: $text-secondary; }
    & > .transcript--code-string { background: $surface; color: $text-success; }
    & > .transcript--code-number { background: $surface; color: $text-warning; }
    & > .transcript--code-comment { background: $surface; color: $foreground-muted; text-style: italic; }
    & > .transcript--code-operator { background: $surface; color: $foreground; }
    & > .transcript--code-deleted { background: $surface; color: $text-error; }
    & > .transcript--code-inserted { background: $surface; color: $text-success; }
}
"""
