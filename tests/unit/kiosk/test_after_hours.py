"""Who asks while the service is closed is led to leave a message, once."""

from center.protocol.words import ConsultationState as State
from kiosk import touch_messages as touch
from kiosk.journey import Journey, Step, advance
from kiosk.journey.events import ConsultationChanged
from kiosk.words import Screen
from tests.unit.kiosk.views import NOON, RULES, touched, view
from tests.unit.kiosk.ways import on_screen


def waits(journey: Journey, *, after_hours: bool) -> Step:
    shown = view(State.WAITING).model_copy(update={"after_hours": after_hours})
    return advance(journey, ConsultationChanged(shown), NOON, RULES)


def test_a_request_after_hours_leads_to_the_message() -> None:
    step = waits(on_screen(Screen.WAIT), after_hours=True)
    assert step.journey.screen is Screen.MESSAGE


def test_who_goes_back_to_wait_is_left_there() -> None:
    waiting = touched(waits(on_screen(Screen.WAIT), after_hours=True).journey, touch.Back()).journey
    assert waiting.screen is Screen.WAIT
    assert waits(waiting, after_hours=True).journey.screen is Screen.WAIT


def test_closing_time_leads_those_who_still_wait() -> None:
    waiting = waits(on_screen(Screen.WAIT), after_hours=False).journey
    assert waiting.screen is Screen.WAIT
    assert waits(waiting, after_hours=True).journey.screen is Screen.MESSAGE


def test_papers_are_not_taken_from_under_the_camera() -> None:
    scanning = touched(on_screen(Screen.WAIT), touch.OpenScan()).journey
    assert waits(scanning, after_hours=True).journey.screen is Screen.SCAN
