"""The providers that a file may name, and what is wrong with a name that is none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robota_tui.config.problems import nearest, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class KnownProviders:
    """Names of providers: those that can be used, and those whose own settings are wrong."""

    def __init__(self, usable: Iterable[str], broken: Mapping[str, str] | None = None) -> None:
        self._broken = broken or {}
        self._usable = frozenset(usable) - self._broken.keys()

    def __contains__(self, name: object) -> bool:
        return name in self._usable

    def fault(self, name: str) -> tuple[str, str]:
        """Why a name cannot be used, and the nearest that can; two empty strings where it can be."""
        if name in self._usable:
            return "", ""
        if name in self._broken:
            return f'the settings of provider "{printable(name)}" are wrong ({self._broken[name]})', ""
        return f'there is no provider "{printable(name)}"', nearest(name, self._usable | self._broken.keys())

    def joined(self, other: KnownProviders) -> KnownProviders:
        """Those of both; what `other` says of a name counts more."""
        broken = {name: place for name, place in self._broken.items() if name not in other}
        return KnownProviders(self._usable | other._usable, broken | dict(other._broken))
