"""Joining a mediation, being in it, going, and its end; and that nobody inherits a seat."""

import pytest

from center.protocol.mediation_acts import Leave, RaiseHand
from center.protocol.words import ErrorCode, SeatState
from kiosk.journey import advance
from kiosk.journey import effects as do
from kiosk.journey import events as on
from kiosk.journey.mediation import hearing
from kiosk.journey.state import Visit
from kiosk.touch_messages import ActInMediation, Back, Finish, HangUp, JoinMediation
from kiosk.words import NoticeCode, Screen
from tests.unit.kiosk.hearings import mediation
from tests.unit.kiosk.views import NOON, RULES, after, touched
from tests.unit.kiosk.ways import HOME, LAWYER, advanced, on_screen

NUMBER, CODE = "TJ-20261121-0001", "123456"
IN = on_screen(Screen.MEDIATION)


def test_number_and_code_are_asked_of_the_center_typed_or_laid_under_the_camera() -> None:
    wanted = do.JoinMediation("v1", NUMBER, CODE)
    join = on_screen(Screen.JOIN)
    assert touched(join, JoinMediation(number=NUMBER, code=CODE)).effects == (wanted,)
    seen = advance(join, on.MediationCodeSeen(NUMBER, CODE), NOON, RULES)
    assert seen.effects == (wanted,)
    assert advance(HOME, on.MediationCodeSeen(NUMBER, CODE), NOON, RULES).effects == ()


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (ErrorCode.NOT_FOUND, NoticeCode.MEDIATION_NOT_FOUND),
        (ErrorCode.ROOM_LOCKED, NoticeCode.MEDIATION_LOCKED),
        (ErrorCode.LOCKED_OUT, NoticeCode.CENTER_REFUSED),
    ],
)
def test_a_refusal_is_told_and_the_resident_may_try_again(
    refusal: ErrorCode, told: NoticeCode
) -> None:
    step = advance(on_screen(Screen.JOIN), on.JoinRefused("v1", refusal), NOON, RULES)
    assert step.effects == (do.Tell(told),)
    assert step.journey.screen is Screen.JOIN


def test_the_room_is_entered_when_the_mediator_admits() -> None:
    def room(state: SeatState, *, opened: bool = True) -> str | None:
        view = mediation(state, opened=opened)
        return hearing(advanced(IN, on.MediationChanged(view)).visit)

    assert IN.screen is Screen.MEDIATION
    assert room(SeatState.WAITING) is None
    assert room(SeatState.ADMITTED, opened=False) is None
    assert room(SeatState.ADMITTED) == "m1"
    assert hearing(Visit("v1", "lawyer")) is None


def test_what_is_done_there_is_said_to_the_center() -> None:
    step = touched(IN, ActInMediation(act=RaiseHand()))
    assert step.effects == (do.ActInMediation("m1", RaiseHand()),)


@pytest.mark.parametrize("going", [HangUp(), Finish(), ActInMediation(act=Leave())], ids=repr)
def test_who_goes_leaves_the_seat_and_nothing_here(going: HangUp | Finish) -> None:
    step = touched(IN, going)
    assert step.journey.screen is Screen.HOME
    assert step.journey.visit is None
    assert do.ActInMediation("m1", Leave()) in step.effects
    assert do.Wipe("v1") in step.effects


def test_nobody_is_asked_whether_they_are_still_there_in_a_mediation() -> None:
    assert advanced(IN, on.Tick(), seconds=3600).idle_warning_until is None


def test_the_end_without_an_agreement_leads_home_with_a_word() -> None:
    step = advance(IN, on.MediationChanged(None), NOON, RULES)
    assert step.journey.screen is Screen.HOME
    assert do.Tell(NoticeCode.MEDIATION_OVER) in step.effects


def test_the_end_with_a_sealed_agreement_gives_the_slip_for_the_copy() -> None:
    agreed = advanced(IN, on.MediationChanged(mediation(SeatState.ADMITTED, sealed=True)))
    step = advance(agreed, on.MediationChanged(None), NOON, RULES)
    slip = step.journey.slip
    assert step.journey.screen is Screen.SLIP
    assert slip is not None
    assert (slip.number, slip.slip_code) == (NUMBER, CODE)
    assert step.journey.home_at is not None
    assert step.journey.visit is None
    assert step.journey.wiping == {"v1"}


def test_a_seat_that_nobody_here_wants_is_given_back() -> None:
    for journey in (HOME, touched(HOME, LAWYER).journey):
        step = advance(journey, on.MediationChanged(mediation()), after(1), RULES)
        assert step.effects == (do.ActInMediation("m1", Leave()),)
        assert step.journey == journey


def test_there_is_a_way_back_before_joining() -> None:
    assert touched(on_screen(Screen.JOIN), Back()).journey.screen is Screen.HOME
