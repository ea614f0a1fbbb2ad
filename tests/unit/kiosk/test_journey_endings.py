"""How a visit ends: idleness, the wipe, a lost line, a restart."""

import pytest
from pydantic import TypeAdapter

from center.protocol.words import ConsultationState as State
from center.protocol.words import Language
from kiosk import touch_messages as touch
from kiosk.journey import Journey, advance, due
from kiosk.journey import effects as do
from kiosk.journey import events as on
from kiosk.words import LinkState, Screen
from tests.unit.kiosk.views import NOON, RULES, after, shown, touched
from tests.unit.kiosk.ways import HOME, TO_PAPERS, advanced, captured, on_screen


@pytest.mark.parametrize("screen", [Screen.MATTER, Screen.CONSENT, Screen.SCAN, Screen.LOOKUP])
def test_an_untouched_screen_asks_then_ends(screen: Screen) -> None:
    journey = on_screen(screen)
    assert due(journey, RULES) == after(60)
    assert advanced(journey, on.Tick(), 59) == journey
    asking = advanced(journey, on.Tick(), 60)
    assert asking.idle_warning_until == after(80)
    here = touched(asking, touch.StillHere(), seconds=70).journey
    assert (here.screen, here.idle_warning_until) == (screen, None)
    ended = advance(asking, on.Tick(), after(80), RULES)
    assert ended.journey.screen is Screen.HOME
    assert do.Wipe("v1") in ended.effects


@pytest.mark.parametrize("screen", [Screen.CALL, Screen.CALL_SCAN, Screen.INTERRUPTED])
def test_a_talk_is_never_idle(screen: Screen) -> None:
    assert due(on_screen(screen), RULES) is None


def test_who_waits_is_only_asked() -> None:
    asking = advanced(on_screen(Screen.WAIT), on.Tick(), 60)
    assert asking.idle_warning_until == after(80)
    calm = advance(asking, on.Tick(), after(80), RULES)
    assert (calm.journey.screen, calm.effects) == (Screen.WAIT, ())
    assert due(calm.journey, RULES) == after(140)


def test_unrated_talks_end_with_the_slip_and_the_slip_ends_at_home() -> None:
    asking = advanced(on_screen(Screen.RATE), on.Tick(), 60)
    slip = advanced(asking, on.Tick(), 80)
    assert (slip.screen, slip.home_at) == (Screen.SLIP, after(100))
    home = advanced(slip, on.Tick(), 100)
    assert (home.screen, home.slip) == (Screen.HOME, None)


def test_the_home_screen_forgets_its_language() -> None:
    korean = touched(HOME, touch.ChooseLanguage(language=Language.KO)).journey
    assert korean.language is Language.KO
    assert advanced(korean, on.Tick(), 60).language is Language.ZH
    assert due(HOME, RULES) is None


def test_wiped_is_said_only_when_it_is_true() -> None:
    slip = on_screen(Screen.SLIP)
    assert (slip.wiped, slip.visit) == (False, None)
    assert not advanced(slip, on.WipeVerified("other")).wiped
    assert advanced(slip, on.WipeVerified("v1")).wiped
    home = advanced(slip, on.Tick(), 100)
    assert advanced(home, on.WipeVerified("v1")).wiped


def test_a_revoked_kiosk_serves_nobody_until_it_is_accepted_again() -> None:
    step = advance(on_screen(Screen.CALL), on.LinkChanged(LinkState.REVOKED), NOON, RULES)
    assert step.journey.screen is Screen.OUT_OF_SERVICE
    assert set(step.effects) == {do.Wipe("v1"), do.StopCamera()}
    assert advanced(step.journey, on.LinkChanged(LinkState.OFFLINE)) == step.journey
    back = advanced(step.journey, on.LinkChanged(LinkState.ONLINE))
    assert back.screen is Screen.HOME


@pytest.mark.parametrize("screen", [s for s in Screen if s is not Screen.OUT_OF_SERVICE])
def test_losing_the_center_changes_no_screen(screen: Screen) -> None:
    journey = on_screen(screen)
    for state in (LinkState.OFFLINE, LinkState.CONNECTING, LinkState.ONLINE):
        assert advanced(journey, on.LinkChanged(state)) == journey


@pytest.mark.parametrize("screen", Screen)
def test_the_journal_brings_back_the_same_visit(screen: Screen) -> None:
    adapter = TypeAdapter(Journey)
    journey = captured(on_screen(screen), "a")
    assert adapter.validate_json(adapter.dump_json(journey)) == journey
    later = advance(journey, on.Restored(), after(3600), RULES).journey
    assert (later.screen, later.visit) == (journey.screen, journey.visit)
    moment = due(later, RULES)
    assert moment is None or moment > after(3600)


def test_a_request_cut_off_by_a_restart_is_made_again() -> None:
    asked = touched(HOME, *TO_PAPERS, touch.CallLawyer())
    assert advance(asked.journey, on.Restored(), NOON, RULES).effects == asked.effects
    assert advance(on_screen(Screen.SLIP), on.Restored(), NOON, RULES).effects == (do.Wipe("v1"),)


def test_the_next_resident_does_not_get_what_the_last_one_left_during_an_outage() -> None:
    left = touched(on_screen(Screen.WAIT), touch.Finish()).journey
    asked = touched(left, *TO_PAPERS, touch.CallLawyer()).journey
    still_shown = shown(asked, State.WAITING)
    assert still_shown.journey.visit is not None
    assert still_shown.journey.visit.consultation is None
    assert still_shown.effects == (do.Leave("c1"),)
