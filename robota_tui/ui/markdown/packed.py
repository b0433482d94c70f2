"""Many finished lines in little room, and out of the garbage collector's sight.

A long answer has tens of thousands of lines and ten times as many runs. As objects, each full collection
would walk them all and stop the screen for a tenth of a second; as flat tuples of text and numbers they
are not looked at, and take a third of the memory. A line becomes an object again when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from robota_tui.ui.markdown.lines import Line, Look, Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_Packed = tuple[str | int, ...]

_READY = 256
"""Lines that are kept as objects, so that the same line is the same object from one paint to the next."""

_looks: list[Look] = []
_numbers: dict[Look, int] = {}


def _number(look: Look) -> int:
    number = _numbers.get(look)
    if number is None:
        number = _numbers[look] = len(_looks)
        _looks.append(look)
    return number


def _pack(line: Line) -> _Packed:
    packed: list[str | int] = [_number(line.fill)]
    for text, look, start, end in line.runs:
        packed += (text, _number(look), start, end)
    return tuple(packed)


def _unpack(packed: _Packed) -> Line:
    fields = iter(packed)
    fill = _looks[int(next(fields))]
    runs = [
        Run(str(text), _looks[int(look)], int(start), int(end))
        for text, look, start, end in zip(fields, fields, fields, fields, strict=True)
    ]
    return Line(runs, fill)


class PackedLines:
    """A list of lines; taking one out makes it an object."""

    __slots__ = ("_packed", "_ready")

    def __init__(self, lines: Iterable[Line] = ()) -> None:
        self._packed: list[_Packed] = []
        self._ready: dict[int, Line] = {}
        self.extend(lines)

    def __len__(self) -> int:
        return len(self._packed)

    def __getitem__(self, index: int) -> Line:
        line = self._ready.get(index)
        if line is None:
            line = _unpack(self._packed[index])
            self._keep(index, line)
        return line

    def __iter__(self) -> Iterator[Line]:
        return (self[index] for index in range(len(self)))

    def _keep(self, index: int, line: Line) -> None:
        if len(self._ready) >= _READY:
            del self._ready[next(iter(self._ready))]
        self._ready[index] = line

    def extend(self, lines: Iterable[Line]) -> None:
        """Put lines at the end; they stay the same objects for a while."""
        for line in lines:
            self._keep(len(self._packed), line)
            self._packed.append(_pack(line))

    def hold(self, index: int, line: Line) -> None:
        """Let `line`, which is the same as the line at `index`, be its object."""
        if index in self._ready:
            self._ready[index] = line

    def append(self, line: Line) -> None:
        """Put a line at the end."""
        self.extend((line,))

    def replace(self, start: int, end: int, lines: Iterable[Line]) -> None:
        """Put `lines` where those from `start` to `end` are."""
        self._packed[start:end] = [_pack(line) for line in lines]
        self._ready.clear()

    def truncate(self, size: int) -> None:
        """Keep the first `size` lines."""
        del self._packed[size:]
        self._ready.clear()

    def start(self, index: int) -> int:
        """`Line.start` of a line, without making it an object."""
        packed = self._packed[index]
        return int(packed[3]) if len(packed) > 1 else -1
