"""The journey, screen by screen and event by event."""

from collections.abc import Callable

import pytest
from pydantic import BaseModel, TypeAdapter

from center.protocol.rest import LookupAsk
from center.protocol.words import ConsultationState as State
from center.protocol.words import Language, Matter
from config.settings import JourneySettings
from kiosk import messages as touch
from kiosk.journey import Journey, NotNowError, Rules, advance, at_home, can_go_back, due
from kiosk.journey import effects as do
from kiosk.journey import events as on
from kiosk.journey.state import CAMERA_SCREENS, TakenPage
from kiosk.journey.touches import TOUCHES
from kiosk.words import LinkState, NoticeCode, Screen
from tests.unit.kiosk.views import NOON, RULES, after, shown, touched, view

LAWYER = touch.Start(intent="lawyer")
SCAN = touch.Start(intent="scan")
TO_PAPERS = (
    LAWYER,
    touch.ChooseTalkLanguage(language=Language.KO),
    touch.ChooseMatter(matter=Matter.LABOUR),
    touch.GiveName(called_as="朴女士"),
    touch.Consent(agreed=True),
)
HOME = at_home(NOON, RULES)


def _on(screen: Screen) -> Journey:
    """A journey that came to `screen` the way a resident does."""
    waiting = shown(touched(HOME, *TO_PAPERS, touch.CallLawyer()).journey, State.WAITING).journey
    calling = shown(waiting, State.CONNECTING, State.ACTIVE).journey
    ways: dict[Screen, Callable[[], Journey]] = {
        Screen.HOME: lambda: HOME,
        Screen.TALK_LANGUAGE: lambda: touched(HOME, LAWYER).journey,
        Screen.MATTER: lambda: touched(HOME, *TO_PAPERS[:2]).journey,
        Screen.NAME: lambda: touched(HOME, *TO_PAPERS[:3]).journey,
        Screen.CONSENT: lambda: touched(HOME, *TO_PAPERS[:4]).journey,
        Screen.PAPERS: lambda: touched(HOME, *TO_PAPERS).journey,
        Screen.SCAN: lambda: touched(HOME, *TO_PAPERS, touch.OpenScan()).journey,
        Screen.WAIT: lambda: waiting,
        Screen.MESSAGE: lambda: touched(waiting, touch.LeaveMessage()).journey,
        Screen.CALL: lambda: calling,
        Screen.CALL_SCAN: lambda: touched(calling, touch.OpenScan()).journey,
        Screen.INTERRUPTED: lambda: shown(calling, State.INTERRUPTED).journey,
        Screen.RATE: lambda: touched(calling, touch.HangUp()).journey,
        Screen.SLIP: lambda: touched(calling, touch.HangUp(), touch.Rate(score=5)).journey,
        Screen.LOOKUP: lambda: touched(HOME, touch.Start(intent="lookup")).journey,
        Screen.OUT_OF_SERVICE: lambda: _advance(HOME, on.LinkChanged(LinkState.REVOKED)),
    }
    return ways[screen]()


def _advance(journey: Journey, event: on.Event, seconds: float = 0) -> Journey:
    return advance(journey, event, after(seconds), RULES).journey


ALL_TOUCHES: tuple[touch.Touch, ...] = (
    LAWYER,
    touch.ChooseTalkLanguage(language=Language.EN),
    touch.ChooseMatter(matter=None),
    touch.GiveName(called_as=None),
    touch.Consent(agreed=True),
    touch.OpenScan(),
    touch.CaptureNow(),
    touch.ScanDone(),
    touch.CallLawyer(),
    touch.LeaveMessage(text="工资没有发"),
    touch.AskLookup(ask=LookupAsk(number="YJ-20261121-0007", slip_code="123456")),
    touch.HangUp(),
    touch.Rate(score=None),
    touch.Back(),
    touch.Finish(),
)
MOVES: dict[tuple[Screen, str], Screen] = {
    (Screen.HOME, "start"): Screen.TALK_LANGUAGE,
    (Screen.TALK_LANGUAGE, "choose_talk_language"): Screen.MATTER,
    (Screen.MATTER, "choose_matter"): Screen.NAME,
    (Screen.NAME, "give_name"): Screen.CONSENT,
    (Screen.CONSENT, "consent"): Screen.PAPERS,
    (Screen.PAPERS, "open_scan"): Screen.SCAN,
    (Screen.PAPERS, "call_lawyer"): Screen.WAIT,
    (Screen.SCAN, "capture_now"): Screen.SCAN,
    (Screen.SCAN, "scan_done"): Screen.WAIT,
    (Screen.SCAN, "call_lawyer"): Screen.WAIT,
    (Screen.WAIT, "open_scan"): Screen.SCAN,
    (Screen.WAIT, "leave_message"): Screen.MESSAGE,
    (Screen.MESSAGE, "leave_message"): Screen.MESSAGE,
    (Screen.CALL, "open_scan"): Screen.CALL_SCAN,
    (Screen.CALL, "hang_up"): Screen.RATE,
    (Screen.CALL_SCAN, "capture_now"): Screen.CALL_SCAN,
    (Screen.CALL_SCAN, "scan_done"): Screen.CALL,
    (Screen.CALL_SCAN, "hang_up"): Screen.RATE,
    (Screen.INTERRUPTED, "hang_up"): Screen.RATE,
    (Screen.RATE, "rate"): Screen.SLIP,
    (Screen.LOOKUP, "ask_lookup"): Screen.LOOKUP,
    # back
    (Screen.TALK_LANGUAGE, "back"): Screen.HOME,
    (Screen.MATTER, "back"): Screen.TALK_LANGUAGE,
    (Screen.NAME, "back"): Screen.MATTER,
    (Screen.CONSENT, "back"): Screen.NAME,
    (Screen.PAPERS, "back"): Screen.CONSENT,
    (Screen.SCAN, "back"): Screen.PAPERS,
    (Screen.CALL_SCAN, "back"): Screen.CALL,
    (Screen.MESSAGE, "back"): Screen.WAIT,
    (Screen.LOOKUP, "back"): Screen.HOME,
    (Screen.SLIP, "back"): Screen.HOME,
    # finish
    **dict.fromkeys(
        ((s, "finish") for s in Screen if s not in {Screen.HOME, Screen.OUT_OF_SERVICE}),
        Screen.HOME,
    ),
    (Screen.CALL, "finish"): Screen.RATE,
    (Screen.CALL_SCAN, "finish"): Screen.RATE,
    (Screen.INTERRUPTED, "finish"): Screen.RATE,
    (Screen.RATE, "finish"): Screen.SLIP,
}


@pytest.mark.parametrize("screen", Screen)
def test_every_touch_on_every_screen(screen: Screen) -> None:
    journey = _on(screen)
    assert journey.screen is screen
    for what in ALL_TOUCHES:
        target = MOVES.get((screen, what.do))
        if target is None:
            with pytest.raises(NotNowError):
                touched(journey, what)
        else:
            assert touched(journey, what).journey.screen is target, what.do


def test_the_table_and_the_test_name_the_same_touches() -> None:
    tested = {(screen, do_) for screen, do_ in MOVES}
    built = {(screen, _word(kind)) for screen, kind in TOUCHES if kind is not touch.DropPage}
    assert tested == built


def _word(kind: type) -> str:
    assert issubclass(kind, BaseModel)
    return str(kind.model_fields["do"].default)


FOLLOWS = {
    State.WAITING: Screen.WAIT,
    State.OFFERED: Screen.WAIT,
    State.CONNECTING: Screen.CALL,
    State.ACTIVE: Screen.CALL,
    State.INTERRUPTED: Screen.INTERRUPTED,
    State.WRAP_UP: Screen.RATE,
    State.CLOSED: Screen.SLIP,
    State.MESSAGE: Screen.SLIP,
    State.LEFT: Screen.HOME,
}
STAYS = {
    (Screen.MESSAGE, State.WAITING),
    (Screen.MESSAGE, State.OFFERED),
    (Screen.CALL_SCAN, State.CONNECTING),
    (Screen.CALL_SCAN, State.ACTIVE),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize(
    "screen", [Screen.WAIT, Screen.MESSAGE, Screen.CALL, Screen.CALL_SCAN, Screen.INTERRUPTED]
)
def test_the_consultation_decides_the_screen(screen: Screen, state: State) -> None:
    journey = shown(_on(screen), state).journey
    assert journey.screen is (screen if (screen, state) in STAYS else FOLLOWS[state])


@pytest.mark.parametrize("state", State)
def test_after_hanging_up_only_the_end_counts(state: State) -> None:
    step = shown(_on(Screen.RATE), state)
    ends = {State.MESSAGE: Screen.SLIP, State.LEFT: Screen.HOME}
    assert step.journey.screen is ends.get(state, Screen.RATE)
    if state in {State.CONNECTING, State.ACTIVE, State.INTERRUPTED}:
        assert step.effects == (do.HangUp("c1"),)


def test_a_closed_talk_that_happened_is_rated() -> None:
    closed = on.ConsultationChanged(view(State.CLOSED, talked=True))
    assert _advance(_on(Screen.CALL), closed).screen is Screen.RATE


def test_the_request_says_what_the_resident_said() -> None:
    step = touched(HOME, *TO_PAPERS, touch.CallLawyer())
    assert step.effects == (do.RequestConsultation("v1", Language.KO, Matter.LABOUR, "朴女士"),)


def test_skipped_questions_have_plain_answers() -> None:
    one_language = Rules((Language.ZH,), JourneySettings())
    journey = HOME
    effects: tuple[do.Effect, ...] = ()
    for what in (
        LAWYER,
        touch.ChooseMatter(matter=None),
        touch.GiveName(called_as=None),
        touch.Consent(agreed=True),
        touch.CallLawyer(),
    ):
        step = advance(journey, on.Touched(what, "v1"), NOON, one_language)
        journey, effects = step.journey, step.effects
    assert effects == (do.RequestConsultation("v1", Language.ZH, Matter.OTHER, None),)


def test_papers_first_then_the_call() -> None:
    scanning = touched(HOME, SCAN, touch.Consent(agreed=True)).journey
    assert scanning.screen is Screen.SCAN
    papers = touched(scanning, touch.ScanDone()).journey
    assert papers.screen is Screen.PAPERS
    assert touched(papers, touch.Back()).journey.screen is Screen.SCAN
    assert touched(scanning, touch.Back()).journey.screen is Screen.CONSENT
    assert touched(papers, touch.CallLawyer()).journey.screen is Screen.WAIT


def test_scanning_while_waiting_keeps_the_place() -> None:
    again = touched(_on(Screen.WAIT), touch.OpenScan()).journey
    assert shown(again, State.OFFERED).journey.screen is Screen.SCAN
    step = touched(again, touch.ScanDone())
    assert (step.journey.screen, step.effects) == (Screen.WAIT, (do.StopCamera(),))
    assert shown(again, State.CONNECTING).journey.screen is Screen.CALL


def test_refusing_consent_keeps_nothing() -> None:
    step = touched(_on(Screen.CONSENT), touch.Consent(agreed=False))
    assert step.journey.visit is None
    assert step.effects == (do.Wipe("v1"),)


@pytest.mark.parametrize("screen", Screen)
def test_the_camera_follows_the_screen(screen: Screen) -> None:
    restored = advance(_on(screen), on.Restored(), NOON, RULES)
    assert (do.StartCamera() in restored.effects) == (screen in CAMERA_SCREENS)


def test_leaving_before_the_center_answered_does_not_hand_the_place_on() -> None:
    asked = touched(HOME, *TO_PAPERS, touch.CallLawyer()).journey
    gone = touched(asked, touch.Finish())
    assert gone.effects == (do.WithdrawRequest("v1"), do.Wipe("v1"))
    second = touched(gone.journey, *TO_PAPERS, touch.CallLawyer()).journey
    stale = advance(second, on.ConsultationChanged(view(State.WAITING, "old")), NOON, RULES)
    assert stale.effects == (do.Leave("old"),)
    assert stale.journey.visit is not None
    assert stale.journey.visit.consultation is None
    mine = _advance(stale.journey, on.ConsultationChanged(view(State.WAITING, "new")))
    assert mine.visit is not None
    assert mine.visit.consultation is not None
    assert mine.visit.consultation.consultation_id == "new"


def test_a_request_that_never_left_is_owed_nothing() -> None:
    gone = touched(touched(HOME, *TO_PAPERS, touch.CallLawyer()).journey, touch.Finish())
    assert _advance(gone.journey, on.RequestWithdrawn()).abandoned == 0


def test_a_consultation_nobody_wants_is_released() -> None:
    assert shown(HOME, State.WAITING).effects == (do.Leave("c1"),)
    assert shown(HOME, State.ACTIVE).effects == (do.HangUp("c1"),)
    assert shown(HOME, State.WAITING, State.LEFT).journey == HOME


def test_a_message_ends_with_the_promise() -> None:
    words = touch.LeaveMessage(text="工资没有发", phone="0433 2512345")
    step = touched(_on(Screen.MESSAGE), words)
    assert step.effects == (do.LeaveMessage("v1", "c1", "工资没有发", "0433 2512345"),)
    with pytest.raises(NotNowError):
        touched(step.journey, words)
    refused = advance(step.journey, on.MessageRefused("v1"), NOON, RULES)
    assert refused.effects == (do.Tell(NoticeCode.CENTER_REFUSED),)
    assert touched(refused.journey, words).effects == step.effects
    slip = shown(step.journey, State.MESSAGE).journey.slip
    assert slip is not None
    assert slip.answer_promised_at == after(86_400)


def test_a_refused_request_goes_back_to_the_papers() -> None:
    asked = touched(HOME, *TO_PAPERS, touch.CallLawyer()).journey
    step = advance(asked, on.RequestRefused("v1"), NOON, RULES)
    assert step.journey.screen is Screen.PAPERS
    assert touched(step.journey, touch.CallLawyer()).journey.screen is Screen.WAIT


# --- papers ---------------------------------------------------------------------------------


def _captured(journey: Journey, *names: str) -> Journey:
    for name in names:
        journey = _advance(journey, on.PageCaptured("v1", name, ()))
    return journey


def test_pages_one_at_a_time_up_to_the_limit() -> None:
    first = advance(_on(Screen.SCAN), on.PageSettled(), NOON, RULES)
    assert first.effects == (do.CapturePage("v1"),)
    assert advance(first.journey, on.PageSettled(), NOON, RULES).effects == ()
    with pytest.raises(NotNowError):
        touched(first.journey, touch.CaptureNow())
    full = _captured(first.journey, "a", "b", "c")
    assert advance(full, on.PageSettled(), NOON, RULES).effects == ()
    with pytest.raises(NotNowError):
        touched(full, touch.CaptureNow())


def test_positions_are_never_used_twice() -> None:
    two = _captured(_on(Screen.SCAN), "a", "b", "b")
    dropped = touched(two, touch.DropPage(position=2))
    assert dropped.effects == (do.DropPage("v1", "b"),)
    again = _captured(dropped.journey, "b")
    assert again.visit is not None
    assert again.visit.pages == (TakenPage(1, "a"), TakenPage(3, "b"))


def test_a_sent_page_cannot_be_taken_back() -> None:
    sent = _advance(_captured(_on(Screen.SCAN), "a"), on.PageSent("v1", "a"))
    with pytest.raises(NotNowError):
        touched(sent, touch.DropPage(position=1))


def test_a_refused_page_leaves_the_strip() -> None:
    step = advance(_captured(_on(Screen.SCAN), "a"), on.PageRefused("v1", "a"), NOON, RULES)
    assert step.effects == (do.Tell(NoticeCode.PAGE_REFUSED),)
    assert step.journey.visit is not None
    assert step.journey.visit.pages == ()


def test_a_failed_capture_may_be_tried_again() -> None:
    taking = touched(_on(Screen.SCAN), touch.CaptureNow()).journey
    failed = advance(taking, on.CaptureFailed("v1", NoticeCode.DISK_FULL), NOON, RULES)
    assert failed.effects == (do.Tell(NoticeCode.DISK_FULL),)
    assert touched(failed.journey, touch.CaptureNow()).effects == (do.CapturePage("v1"),)


def test_a_page_taken_too_late_is_dropped() -> None:
    late = advance(HOME, on.PageCaptured("v1", "a", ()), NOON, RULES)
    assert late.effects == (do.DropPage("v1", "a"),)


def test_the_lawyer_may_ask_for_a_page_during_the_talk_only() -> None:
    ask = on.CaptureAsked("c1")
    assert advance(_on(Screen.CALL), ask, NOON, RULES).effects == (do.CapturePage("v1"),)
    assert advance(_on(Screen.CALL), on.CaptureAsked("c2"), NOON, RULES).effects == ()
    assert advance(_on(Screen.WAIT), ask, NOON, RULES).effects == ()


# --- time -----------------------------------------------------------------------------------


@pytest.mark.parametrize("screen", [Screen.MATTER, Screen.CONSENT, Screen.SCAN, Screen.LOOKUP])
def test_an_untouched_screen_asks_then_ends(screen: Screen) -> None:
    journey = _on(screen)
    assert due(journey, RULES) == after(60)
    assert _advance(journey, on.Tick(), 59) == journey
    asking = _advance(journey, on.Tick(), 60)
    assert asking.idle_warning_until == after(80)
    here = touched(asking, touch.StillHere(), seconds=70).journey
    assert (here.screen, here.idle_warning_until) == (screen, None)
    ended = advance(asking, on.Tick(), after(80), RULES)
    assert ended.journey.screen is Screen.HOME
    assert do.Wipe("v1") in ended.effects


@pytest.mark.parametrize("screen", [Screen.CALL, Screen.CALL_SCAN, Screen.INTERRUPTED])
def test_a_talk_is_never_idle(screen: Screen) -> None:
    assert due(_on(screen), RULES) is None


def test_who_waits_is_only_asked() -> None:
    asking = _advance(_on(Screen.WAIT), on.Tick(), 60)
    assert asking.idle_warning_until == after(80)
    calm = advance(asking, on.Tick(), after(80), RULES)
    assert (calm.journey.screen, calm.effects) == (Screen.WAIT, ())
    assert due(calm.journey, RULES) == after(140)


def test_unrated_talks_end_with_the_slip_and_the_slip_ends_at_home() -> None:
    asking = _advance(_on(Screen.RATE), on.Tick(), 60)
    slip = _advance(asking, on.Tick(), 80)
    assert (slip.screen, slip.home_at) == (Screen.SLIP, after(100))
    home = _advance(slip, on.Tick(), 100)
    assert (home.screen, home.slip) == (Screen.HOME, None)


def test_the_home_screen_forgets_its_language() -> None:
    korean = touched(HOME, touch.ChooseLanguage(language=Language.KO)).journey
    assert korean.language is Language.KO
    assert _advance(korean, on.Tick(), 60).language is Language.ZH
    assert due(HOME, RULES) is None


def test_a_language_the_hall_does_not_have_is_refused() -> None:
    zh = Rules((Language.ZH,), JourneySettings())
    chosen = on.Touched(touch.ChooseLanguage(language=Language.KO), "v1")
    with pytest.raises(NotNowError):
        advance(HOME, chosen, NOON, zh)


# --- wipe, link, restart --------------------------------------------------------------------


def test_wiped_is_said_only_when_it_is_true() -> None:
    slip = _on(Screen.SLIP)
    assert (slip.wiped, slip.visit) == (False, None)
    assert not _advance(slip, on.WipeVerified("other")).wiped
    assert _advance(slip, on.WipeVerified("v1")).wiped
    home = _advance(slip, on.Tick(), 100)
    assert _advance(home, on.WipeVerified("v1")).wiped


def test_a_revoked_kiosk_serves_nobody_until_it_is_accepted_again() -> None:
    step = advance(_on(Screen.CALL), on.LinkChanged(LinkState.REVOKED), NOON, RULES)
    assert step.journey.screen is Screen.OUT_OF_SERVICE
    assert set(step.effects) == {do.Wipe("v1"), do.StopCamera()}
    assert _advance(step.journey, on.LinkChanged(LinkState.OFFLINE)) == step.journey
    back = _advance(step.journey, on.LinkChanged(LinkState.ONLINE))
    assert back.screen is Screen.HOME


@pytest.mark.parametrize("screen", [s for s in Screen if s is not Screen.OUT_OF_SERVICE])
def test_losing_the_center_changes_no_screen(screen: Screen) -> None:
    journey = _on(screen)
    for state in (LinkState.OFFLINE, LinkState.CONNECTING, LinkState.ONLINE):
        assert _advance(journey, on.LinkChanged(state)) == journey


@pytest.mark.parametrize("screen", Screen)
def test_the_journal_brings_back_the_same_visit(screen: Screen) -> None:
    adapter = TypeAdapter(Journey)
    journey = _captured(_on(screen), "a")
    assert adapter.validate_json(adapter.dump_json(journey)) == journey
    later = advance(journey, on.Restored(), after(3600), RULES).journey
    assert (later.screen, later.visit) == (journey.screen, journey.visit)
    moment = due(later, RULES)
    assert moment is None or moment > after(3600)


def test_a_request_cut_off_by_a_restart_is_made_again() -> None:
    asked = touched(HOME, *TO_PAPERS, touch.CallLawyer())
    assert advance(asked.journey, on.Restored(), NOON, RULES).effects == asked.effects
    assert advance(_on(Screen.SLIP), on.Restored(), NOON, RULES).effects == (do.Wipe("v1"),)


def test_lookup_answers_and_misses() -> None:
    looking = _on(Screen.LOOKUP)
    miss = advance(looking, on.LookupAnswered("v1", None), NOON, RULES)
    assert miss.effects == (do.Tell(NoticeCode.LOOKUP_NOT_FOUND),)
    assert advance(HOME, on.LookupAnswered("v1", None), NOON, RULES).effects == ()


@pytest.mark.parametrize("screen", Screen)
def test_can_go_back_tells_the_truth(screen: Screen) -> None:
    journey = _on(screen)
    assert can_go_back(journey, NOON, RULES) == ((screen, "back") in MOVES)
