"""The technician's door: only from an untouched kiosk, only with the code, never in a visit."""

from dataclasses import replace

import pytest

from kiosk import touch_messages as touch
from kiosk.journey import NotNowError, advance, due
from kiosk.journey import effects as do
from kiosk.journey import events as on
from kiosk.journey.machine import TECHNICIAN_S
from kiosk.journey.technician import REST, TRIES
from kiosk.words import LinkState, NoticeCode, Screen
from tests.unit.kiosk.views import NOON, RULES, after, touched
from tests.unit.kiosk.ways import HOME, LAWYER, advanced, on_screen

HOLD = touch.OpenTechnician()
RIGHT = touch.GiveTechnicianCode(code="482913")
WRONG = touch.GiveTechnicianCode(code="482914")


@pytest.mark.parametrize("screen", [screen for screen in Screen if screen is not Screen.HOME])
def test_no_other_screen_than_home_has_the_door(screen: Screen) -> None:
    with pytest.raises(NotNowError):
        touched(on_screen(screen), HOLD)


def test_a_kiosk_without_a_code_has_no_door() -> None:
    with pytest.raises(NotNowError):
        advance(HOME, on.Touched(HOLD, "v1"), NOON, replace(RULES, technician_code=None))


def test_the_code_leads_in_with_the_camera_on_and_home_leads_out() -> None:
    door = touched(HOME, HOLD)
    assert door.effects == (do.StartCamera(),)
    inside = touched(door.journey, RIGHT)
    assert inside.journey.screen is Screen.SELF_TEST
    assert inside.journey.visit is None
    assert inside.effects == ()
    out = touched(inside.journey, touch.Finish())
    assert out.journey == HOME
    assert out.effects == (do.StopCamera(),)


def test_codes_are_not_guessed_not_even_with_a_visit_in_between() -> None:
    journey = HOME
    for _ in range(TRIES):
        step = touched(journey, HOLD, WRONG)
        assert step.effects == (do.Tell(NoticeCode.TECHNICIAN_CODE),)
        assert step.journey.screen is Screen.TECHNICIAN
        journey = touched(step.journey, touch.Finish(), LAWYER, touch.Finish()).journey
    assert touched(journey, HOLD, RIGHT).journey.screen is Screen.TECHNICIAN
    door = touched(journey, HOLD).journey
    rested = advance(door, on.Touched(RIGHT, "v"), NOON + REST, RULES).journey
    assert (rested.screen, rested.wrong_codes) == (Screen.SELF_TEST, ())


@pytest.mark.parametrize("screen", [Screen.TECHNICIAN, Screen.SELF_TEST])
def test_it_is_the_residents_machine_again_when_nobody_touches_it(screen: Screen) -> None:
    journey = on_screen(screen)
    assert due(journey, RULES) == after(TECHNICIAN_S)
    assert advanced(journey, on.Tick(), TECHNICIAN_S - 1).screen is screen
    assert advanced(journey, on.Tick(), TECHNICIAN_S).screen is Screen.HOME


def test_a_machine_that_is_cut_off_shows_that() -> None:
    gone = advanced(on_screen(Screen.SELF_TEST), on.LinkChanged(LinkState.REVOKED))
    assert gone.screen is Screen.OUT_OF_SERVICE
