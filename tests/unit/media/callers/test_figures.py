"""How calls become figures: what is lost, what is slow, what is not whole."""

import asyncio
import time
from typing import Any

import pytest
from aiortc.rtp import RtpPacket

from media.callers import clips
from media.callers.caller import SILENCE_MS, Fare, Tally
from media.callers.crowd import at_once
from media.callers.errors import LateError
from media.callers.figures import let_in_of, set_up_of
from media.callers.log_check import WAY, is_whole
from media.callers.meter import BEAT_S, strained
from media.callers.plan import Plan
from media.callers.record import Book, Call, End


def _call(accepted: float | None, *seen: float | None) -> Call:
    resident, lawyer = (End(accepted, first_picture_at=at, closed=True) for at in seen)
    return Call("c", resident, lawyer)


def test_a_set_up_lasts_until_the_second_side_sees() -> None:
    assert _call(10.0, 10.2, 10.5).set_up_ms == pytest.approx(500)
    assert _call(10.0, None, 10.5).set_up_ms is None
    assert _call(None, 10.2, 10.5).failed
    calls = [_call(0.0, n / 1000, 0.0) for n in range(100, 0, -1)]
    figures = set_up_of([*calls, _call(0.0, None, None)])
    assert figures
    assert (figures.median, figures.p95, figures.most) == pytest.approx((50.5, 95, 100))
    assert set_up_of([]) is None


def test_the_first_thing_that_goes_wrong_is_kept() -> None:
    end = End()
    for why in ("no answer", "and then"):
        with end.failing():
            raise LateError(why)
    assert end.failure == "LateError: no answer"
    with pytest.raises(ZeroDivisionError), end.failing():
        _ = 1 / 0


def test_the_ends_of_a_call_meet_in_one_book_whatever_processes_they_lived_in() -> None:
    here, there = Book(), Book()
    here.residents |= {"a": End(closed=True), "b": End(closed=True)}
    here.lawyers["b"] = End(failure="rang in vain")
    there.lawyers |= {"a": End(accepted_at=1.0), "b": End(accepted_at=2.0)}
    book = Book()
    book.add(here)
    book.add(there.turn())
    a, b = book.calls()
    assert (a.consultation_id, a.lawyer.accepted_at, a.failure) == ("a", 1.0, "")
    assert (b.consultation_id, b.failure, b.failed) == ("b", "rang in vain", True)
    assert there == Book()
    (nobody,) = Book({"c": End(closed=True)}).calls()
    assert nobody.failed


def test_talks_at_once_are_counted_over_all_processes() -> None:
    assert at_once([]) == 0
    assert at_once([(0.0, 4.0), (1.0, 2.0), (2.0, 3.0)]) == 2
    assert at_once([(0.0, 4.0), (1.0, 3.0), (2.0, 3.0)]) == 3


@pytest.mark.parametrize(
    ("count", "processes", "teams"), [(10, 0, 1), (11, 0, 2), (100, 0, 10), (3, 2, 2), (3, 8, 3)]
)
def test_no_process_is_without_a_call(count: int, processes: int, teams: int) -> None:
    assert Plan(count=count, processes=processes).teams == teams


@pytest.mark.parametrize(
    ("numbers", "lost"),
    [
        ([], 0),
        ([7], 0),
        ([65_534, 65_535, 0, 1], 0),
        ([1, 2, 5], 2),
        ([3, 1, 2], 0),
        ([65_535, 3], 3),
    ],
)
def test_a_hole_in_the_numbers_is_a_lost_packet(numbers: list[int], lost: int) -> None:
    tally = Tally()
    for number in numbers:
        tally.count(RtpPacket(sequence_number=number))
    assert (tally.packets, tally.lost) == (len(numbers), lost)


def _log(*types: str) -> list[dict[str, Any]]:
    return [{"type": t, "version": n, "seq": 3 * n} for n, t in enumerate(types, start=1)]


def test_a_log_is_whole_with_every_event_and_without_a_hole() -> None:
    way = list(WAY.elements())
    assert is_whole(_log(*way))
    assert is_whole(_log(*way[:2], "offer_expired", *way[1:]))
    assert not any(is_whole(_log(*way[:n], *way[n + 1 :])) for n in range(len(way)))
    torn = _log(*way, "rated")
    assert not is_whole(torn[:-2] + torn[-1:])
    assert not is_whole([*torn[:-1], torn[-1] | {"seq": 1}])
    assert not is_whole([])


@pytest.mark.parametrize("milliseconds", [20, 60])
def test_clips_are_what_they_are_said_to_be(milliseconds: int) -> None:
    assert len(clips.sound(count=10, milliseconds=milliseconds)) == 10
    keys = [not picture[0] & 1 for picture in clips.pictures()]  # RFC 6386, 9.1
    assert keys == [True] + [False] * 49


def test_the_centers_part_of_a_set_up_ends_when_both_are_let_in() -> None:
    call = _call(10.0, 10.2, 10.5)
    assert call.let_in_ms is None
    call.resident.let_in_at, call.lawyer.let_in_at = 10.1, 10.05
    assert call.let_in_ms == pytest.approx(100)
    told = let_in_of([call, _call(10.0, 10.2, 10.5)])
    assert told
    assert (told.median, told.most) == pytest.approx((100, 100))


async def test_who_is_kept_busy_is_late() -> None:
    async with strained() as strain:
        await asyncio.sleep(0)  # the first beat is due from now on
        before = time.process_time()
        while time.process_time() < before + 0.1:
            pass
        await asyncio.sleep(BEAT_S)
    assert max(strain.late_ms) > 50
    assert strain.cores > 0


def test_a_silence_is_a_packet_of_speech_now_and_then() -> None:
    _, sound = Fare(sound_ms=SILENCE_MS).tracks()
    assert sound.clip == clips.sound(milliseconds=20)
    assert sound.period == SILENCE_MS / 1000
