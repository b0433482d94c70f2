from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from robota_tui.ui.transcript.heights import HeightIndex

changes = st.lists(
    st.one_of(
        st.integers(0, 1200),
        st.tuples(st.integers(0, 1199), st.integers(1, 50)),
    ),
    max_size=40,
)


@settings(deadline=None)
@given(st.integers(0, 900), st.integers(1, 9), changes, st.integers(-3, 9000))
def test_the_index_agrees_with_a_plain_list(
    count: int, default: int, steps: list[int | tuple[int, int]], line: int
) -> None:
    index = HeightIndex(count, default)
    plain = [default] * count
    for step in steps:
        if isinstance(step, int):
            index.resize(step)
            plain = plain[:step] + [default] * (step - len(plain))
        elif step[0] < len(plain):
            assert index.set(*step) == step[1] - plain[step[0]]
            plain[step[0]] = step[1]
    assert len(index) == len(plain)
    assert index.total == sum(plain)
    assert [index[place] for place in range(len(plain))] == plain
    for place in {0, len(plain) // 2, len(plain)}:
        assert index.top(place) == sum(plain[:place])
    if plain:
        place, within = index.find(line)
        clamped = min(max(0, line), sum(plain) - 1)
        assert sum(plain[:place]) + within == clamped
        assert 0 <= within < plain[place]


def test_a_hundred_thousand_items_cost_next_to_nothing() -> None:
    started = time.process_time()
    index = HeightIndex(100_000, 5)
    for place in range(0, 100_000, 100):
        index.set(place, 7)
        index.top(place)
        index.find(place * 5)
    assert time.process_time() - started < 2
    assert index.total == 500_000 + 2 * 1000
