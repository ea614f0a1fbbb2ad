"""The journey and papers: the camera, pages one at a time, and taking them back."""

import pytest

from center.protocol.words import ConsultationState as State
from kiosk import touch_messages as touch
from kiosk.journey import NotNowError, advance
from kiosk.journey import effects as do
from kiosk.journey import events as on
from kiosk.journey.state import CAMERA_SCREENS, TakenPage
from kiosk.words import NoticeCode, Screen
from tests.unit.kiosk.views import NOON, RULES, shown, touched
from tests.unit.kiosk.ways import HOME, SCAN, advanced, captured, on_screen


@pytest.mark.parametrize("screen", Screen)
def test_the_camera_follows_the_screen(screen: Screen) -> None:
    restored = advance(on_screen(screen), on.Restored(), NOON, RULES)
    assert (do.StartCamera() in restored.effects) == (screen in CAMERA_SCREENS)


def test_papers_first_then_the_call() -> None:
    scanning = touched(HOME, SCAN, touch.Consent(agreed=True)).journey
    assert scanning.screen is Screen.SCAN
    papers = touched(scanning, touch.ScanDone()).journey
    assert papers.screen is Screen.PAPERS
    assert touched(papers, touch.Back()).journey.screen is Screen.SCAN
    assert touched(scanning, touch.Back()).journey.screen is Screen.CONSENT
    assert touched(papers, touch.CallLawyer()).journey.screen is Screen.WAIT


def test_scanning_while_waiting_keeps_the_place() -> None:
    again = touched(on_screen(Screen.WAIT), touch.OpenScan()).journey
    assert shown(again, State.OFFERED).journey.screen is Screen.SCAN
    step = touched(again, touch.ScanDone())
    assert (step.journey.screen, step.effects) == (Screen.WAIT, (do.StopCamera(),))
    assert shown(again, State.CONNECTING).journey.screen is Screen.CALL


def test_pages_one_at_a_time_up_to_the_limit() -> None:
    first = advance(on_screen(Screen.SCAN), on.PageSettled(), NOON, RULES)
    assert first.effects == (do.CapturePage("v1"),)
    assert advance(first.journey, on.PageSettled(), NOON, RULES).effects == ()
    with pytest.raises(NotNowError):
        touched(first.journey, touch.CaptureNow())
    full = captured(first.journey, "a", "b", "c")
    assert advance(full, on.PageSettled(), NOON, RULES).effects == ()
    with pytest.raises(NotNowError):
        touched(full, touch.CaptureNow())


def test_positions_are_never_used_twice() -> None:
    two = captured(on_screen(Screen.SCAN), "a", "b", "b")
    dropped = touched(two, touch.DropPage(position=2))
    assert dropped.effects == (do.DropPage("v1", "b"),)
    again = captured(dropped.journey, "b")
    assert again.visit is not None
    assert again.visit.pages == (TakenPage(1, "a"), TakenPage(3, "b"))


def test_a_sent_page_cannot_be_taken_back() -> None:
    sent = advanced(captured(on_screen(Screen.SCAN), "a"), on.PageSent("v1", "a"))
    with pytest.raises(NotNowError):
        touched(sent, touch.DropPage(position=1))


def test_a_refused_page_leaves_the_strip() -> None:
    step = advance(captured(on_screen(Screen.SCAN), "a"), on.PageRefused("v1", "a"), NOON, RULES)
    assert step.effects == (do.Tell(NoticeCode.PAGE_REFUSED),)
    assert step.journey.visit is not None
    assert step.journey.visit.pages == ()


def test_a_failed_capture_may_be_tried_again() -> None:
    taking = touched(on_screen(Screen.SCAN), touch.CaptureNow()).journey
    failed = advance(taking, on.CaptureFailed("v1", NoticeCode.DISK_FULL), NOON, RULES)
    assert failed.effects == (do.Tell(NoticeCode.DISK_FULL),)
    assert touched(failed.journey, touch.CaptureNow()).effects == (do.CapturePage("v1"),)


def test_a_page_taken_too_late_is_dropped() -> None:
    late = advance(HOME, on.PageCaptured("v1", "a", ()), NOON, RULES)
    assert late.effects == (do.DropPage("v1", "a"),)


def test_the_lawyer_may_ask_for_a_page_during_the_talk_only() -> None:
    ask = on.CaptureAsked("c1")
    assert advance(on_screen(Screen.CALL), ask, NOON, RULES).effects == (do.CapturePage("v1"),)
    assert advance(on_screen(Screen.CALL), on.CaptureAsked("c2"), NOON, RULES).effects == ()
    assert advance(on_screen(Screen.WAIT), ask, NOON, RULES).effects == ()
