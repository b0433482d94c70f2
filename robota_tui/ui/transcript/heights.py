"""Where each of many messages stands, when their heights are known or guessed one by one."""

from __future__ import annotations

from array import array

_CHUNK = 256


class HeightIndex:
    """Heights in lines of a growing row of items; unmeasured ones count as `default`.

    Items stand in chunks; a chunk in which nothing was measured is no more than its size. Finding,
    measuring and appending cost O(number of chunks + size of a chunk) of very quick steps.
    """

    def __init__(self, count: int, default: int) -> None:
        self._default = max(1, default)
        self._count = 0
        self._chunks: list[array[int] | None] = []  # 0 stands for "not measured"
        self._sums: list[int] = []
        self.resize(count)

    def __len__(self) -> int:
        return self._count

    def resize(self, count: int) -> None:
        """Drop items from the end, or add unmeasured ones there."""
        if count < self._count:
            self._shrink(count)
        elif count > self._count:
            self._grow(count)

    def _grow(self, count: int) -> None:
        room = len(self._chunks) * _CHUNK - self._count
        if room:
            added = min(room, count - self._count)
            chunk = self._chunks[-1]
            if chunk is not None:
                chunk.extend([0] * added)
            self._sums[-1] += added * self._default
            self._count += added
        while self._count < count:
            added = min(_CHUNK, count - self._count)
            self._chunks.append(None)
            self._sums.append(added * self._default)
            self._count += added

    def _shrink(self, count: int) -> None:
        chunks = -(-count // _CHUNK)
        del self._chunks[chunks:], self._sums[chunks:]
        self._count = count
        if chunks:
            size = count - (chunks - 1) * _CHUNK
            chunk = self._chunks[-1]
            if chunk is not None:
                del chunk[size:]
                self._sums[-1] = self._sum(chunk)
            else:
                self._sums[-1] = size * self._default

    def _sum(self, chunk: array[int]) -> int:
        return sum(chunk) + chunk.count(0) * self._default

    def measured(self, index: int) -> bool:
        """Whether the height of item `index` was set."""
        chunk = self._chunks[index // _CHUNK]
        return chunk is not None and chunk[index % _CHUNK] > 0

    def __getitem__(self, index: int) -> int:
        if not 0 <= index < self._count:
            raise IndexError(index)
        chunk = self._chunks[index // _CHUNK]
        return (chunk[index % _CHUNK] if chunk is not None else 0) or self._default

    def set(self, index: int, height: int) -> int:
        """Item `index` is `height` lines high (>= 1); returns by how much that differs from before."""
        number, place = divmod(index, _CHUNK)
        chunk = self._chunks[number]
        if chunk is None:
            size = min(_CHUNK, self._count - number * _CHUNK)
            chunk = self._chunks[number] = array("I", bytes(4 * size))
        change = height - (chunk[place] or self._default)
        chunk[place] = height
        self._sums[number] += change
        return change

    @property
    def total(self) -> int:
        """Lines of all items."""
        return sum(self._sums)

    def top(self, index: int) -> int:
        """Lines before item `index`; `index` may be the number of items."""
        number, place = divmod(index, _CHUNK)
        before = sum(self._sums[:number])
        if not place:
            return before
        chunk = self._chunks[number]
        return before + (place * self._default if chunk is None else self._sum(chunk[:place]))

    def find(self, line: int) -> tuple[int, int]:
        """The item that line number `line` falls into, and the line's number within it; always an item."""
        line = max(0, line)
        for number, size in enumerate(self._sums):
            if line < size:
                return self._find_in(number, line)
            line -= size
        last = self._count - 1
        return (last, self[last] - 1) if last >= 0 else (0, 0)

    def _find_in(self, number: int, line: int) -> tuple[int, int]:
        chunk = self._chunks[number]
        first = number * _CHUNK
        if chunk is None:
            return first + line // self._default, line % self._default
        for place, height in enumerate(chunk):
            size = height or self._default
            if line < size:
                return first + place, line
            line -= size
        raise AssertionError("the sums of the chunks are right")
