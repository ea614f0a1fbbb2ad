"""What the pages of a room on a server are told of each other's lines."""

from center.protocol.words import Track
from center.realtime.engine.reports import PRESUMED, Report, of_person, of_room, report_in

ALL = frozenset(Track)
PAUSED = PRESUMED.model_copy(update={"picture": "paused", "hears": "nothing"})


def test_somebody_sends_what_they_say_and_receives_this_one_as_they_say_of_it() -> None:
    receives = PRESUMED.model_copy(update={"sees": "black", "grade": "weak", "picture": "withheld"})
    told = of_person(PAUSED, ALL, receives)
    assert told == receives.model_copy(update={"picture": "paused"})


def test_what_the_room_does_not_allow_is_withheld() -> None:
    told = of_person(PAUSED, frozenset({Track.DESK_VIDEO}), None)
    assert told == PRESUMED.model_copy(update={"sound": "withheld", "picture": "withheld"})


def test_one_who_sends_hears_the_worst_of_how_they_are_received() -> None:
    black = PRESUMED.model_copy(update={"sees": "black", "grade": "broken"})
    told = of_room([PRESUMED, black, PAUSED])
    assert told == Report(
        hears="nothing", sees="black", grade=None, sound="withheld", picture="withheld"
    )
    assert of_room([]).hears == "sound"


def test_a_page_may_say_anything() -> None:
    assert report_in({"quality": PAUSED.model_dump() | {"more": 1}}) == PAUSED
    for nonsense in ({}, {"quality": None}, {"quality": {"hears": "everything"}}):
        assert report_in(nonsense) is None
