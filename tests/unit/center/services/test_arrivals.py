"""What is remembered of pictures on their way."""

import asyncio

import pytest

from center.domain.errors import Conflict
from center.services import arrivals
from center.services.arrivals import MOST, Arrivals

NAME = ("K01", "a" * 64)


async def test_the_rest_is_appended_where_the_line_was_cut() -> None:
    kept = Arrivals()
    kept.go_on(NAME, 0).extend(b"first part, and a bit")
    assert kept.held(NAME) == 21
    assert kept.go_on(NAME, 11) == b"first part,"
    assert kept.held(NAME) == 11


async def test_a_dead_connection_appends_to_nobodys_use() -> None:
    kept = Arrivals()
    old = kept.go_on(NAME, 0)
    old.extend(b"1234")
    new = kept.go_on(NAME, 4)
    old.extend(b"late")
    new.extend(b"5678")
    assert kept.go_on(NAME, 8) == b"12345678"


async def test_no_gap_is_left() -> None:
    kept = Arrivals()
    kept.go_on(NAME, 0).extend(b"1234")
    with pytest.raises(Conflict):
        kept.go_on(NAME, 5)
    assert kept.held(NAME) == 4


async def test_what_is_whole_is_forgotten_and_so_is_another_kiosks() -> None:
    kept = Arrivals()
    kept.go_on(NAME, 0).extend(b"1234")
    assert kept.held(("K02", NAME[1])) == 0
    kept.end(NAME)
    kept.end(NAME)
    assert kept.held(NAME) == 0


async def test_of_too_many_the_oldest_is_forgotten() -> None:
    kept = Arrivals()
    for number in range(MOST + 1):
        kept.go_on(("K01", f"{number:064x}"), 0).extend(b"x")
    assert [kept.held(("K01", f"{number:064x}")) for number in (0, 1, MOST)] == [0, 1, 1]


async def test_nothing_is_kept_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "KEPT_S", 0.0)
    kept, later = Arrivals(), asyncio.Event()
    kept.go_on(NAME, 0).extend(b"1234")
    assert kept.held(NAME) == 4
    asyncio.get_running_loop().call_later(0.01, later.set)
    await later.wait()
    assert kept.held(NAME) == 0
