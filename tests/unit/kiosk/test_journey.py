"""Every touch on every screen of the journey, as one table."""

import pytest
from pydantic import BaseModel

from center.protocol.mediation import AgreementAsk
from center.protocol.mediation_acts import AnswerRecording, RaiseHand, StopRecording
from center.protocol.rest import LookupAsk
from center.protocol.words import Language
from kiosk import touch_messages as touch
from kiosk.journey import NotNowError, can_go_back
from kiosk.journey import events as on
from kiosk.journey.touches import TOUCHES
from kiosk.messages import AgreementCopy
from kiosk.touch_messages import ActInMediation, JoinMediation
from kiosk.words import Screen
from tests.unit.kiosk.views import NOON, RULES, touched
from tests.unit.kiosk.ways import LAWYER, advanced, on_screen

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
    touch.AskAgreement(ask=AgreementAsk(number="TJ-20261121-0001", code="123456")),
    touch.AskLookup(ask=LookupAsk(number="YJ-20261121-0007", slip_code="123456")),
    JoinMediation(number="TJ-20261121-0001", code="123456"),
    ActInMediation(act=RaiseHand()),
    touch.HangUp(),
    touch.Rate(score=None),
    touch.OpenTechnician(),
    touch.GiveTechnicianCode(code="482913"),
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
    (Screen.LOOKUP, "ask_agreement"): Screen.LOOKUP,
    (Screen.JOIN, "join_mediation"): Screen.JOIN,
    (Screen.MEDIATION, "act_in_mediation"): Screen.MEDIATION,
    (Screen.MEDIATION, "hang_up"): Screen.HOME,
    (Screen.HOME, "open_technician"): Screen.TECHNICIAN,
    (Screen.TECHNICIAN, "give_technician_code"): Screen.SELF_TEST,
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
    (Screen.JOIN, "back"): Screen.HOME,
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
    journey = on_screen(screen)
    assert journey.screen is screen
    for what in ALL_TOUCHES:
        target = MOVES.get((screen, what.do))
        if target is None:
            with pytest.raises(NotNowError):
                touched(journey, what)
        else:
            assert touched(journey, what).journey.screen is target, what.do


ELSEWHERE = {touch.DropPage, AnswerRecording, StopRecording}
"""They need a page or a question, and are tested with one."""


def test_the_table_and_the_test_name_the_same_touches() -> None:
    tested = {(screen, do_) for screen, do_ in MOVES}
    built = {(screen, _word(kind)) for screen, kind in TOUCHES if kind not in ELSEWHERE}
    assert tested == built


def _word(kind: type) -> str:
    assert issubclass(kind, BaseModel)
    return str(kind.model_fields["do"].default)


@pytest.mark.parametrize("screen", Screen)
def test_can_go_back_tells_the_truth(screen: Screen) -> None:
    journey = on_screen(screen)
    assert can_go_back(journey, NOON, RULES) == ((screen, "back") in MOVES)


def test_a_copy_is_asked_for_again_when_the_agent_was_away_for_its_pages_are_gone() -> None:
    looking = on_screen(Screen.LOOKUP)
    copy = AgreementCopy(number="TJ-20261121-0001", texts=("第一条",))
    found = advanced(looking, on.AgreementAnswered("v1", copy))
    assert found.visit is not None
    assert found.visit.agreement == copy
    back = advanced(found, on.Restored())
    assert back.visit is not None
    assert back.visit.agreement is None
