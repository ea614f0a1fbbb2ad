"""What the resident's touches do, screen by screen; a touch not in the table is refused.

    home ─► talk language ─► matter ─► name ─► consent ─► papers ─► wait ─► (see `talk`)
      │     (if the hall                         ▲   │      │ ▲       ▲
      │      has several)                        │   └►scan◄┘ │       │ scan again, leave a message
      ├─ scan papers ────────────────────────────┘     └──────┴───────┘
      ├─ look up a matter
      ├─ join a mediation (see `mediation`)
      └─ test the machine (see `technician`)

The request goes out when the resident calls the lawyer or has finished the first papers, so
the place in the queue is held while more papers are laid down.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from center.protocol.mediation_acts import AnswerRecording, StopRecording
from center.protocol.words import Matter
from kiosk import touch_messages as touch
from kiosk.journey import mediation, papers, recording, technician
from kiosk.journey.effects import (
    AskAgreement,
    AskLookup,
    DropPage,
    HangUp,
    LeaveMessage,
    RequestConsultation,
    SendRating,
    Step,
)
from kiosk.journey.endings import Scene, give_up, go_home, show_slip, talk_over
from kiosk.journey.errors import NotNowError
from kiosk.journey.state import SCAN_SCREENS, TALK_SCREENS, Visit
from kiosk.words import Screen

Handler = Callable[[Scene, Any], Step]


def touched(scene: Scene, what: touch.Touch) -> Step:
    """The journey after a touch.

    Raises:
        NotNowError: the touch means nothing on this screen.
    """
    awake = replace(scene.journey, touched_at=scene.now, idle_warning_until=None)
    scene = replace(scene, journey=awake)
    match what:
        case touch.StillHere():
            return Step(awake)
        case touch.ChooseLanguage(language=language) if language in scene.rules.languages:
            return Step(replace(awake, language=language))
    handler = TOUCHES.get((awake.screen, type(what)))
    if handler is None:
        raise NotNowError(awake.screen, what.do)
    return handler(scene, what)


def back_target(scene: Scene) -> Screen | None:
    """Where "back" leads; null where there is no way back."""
    visit = scene.journey.visit
    if visit is None or (visit.message_left and scene.journey.screen is Screen.MESSAGE):
        return None
    scan_first = visit.intent == "scan"
    several = len(scene.rules.languages) > 1
    targets = {
        Screen.TALK_LANGUAGE: Screen.HOME,
        Screen.MATTER: Screen.TALK_LANGUAGE if several else Screen.HOME,
        Screen.NAME: Screen.MATTER,
        Screen.CONSENT: Screen.HOME if scan_first else Screen.NAME,
        Screen.PAPERS: Screen.SCAN if scan_first else Screen.CONSENT,
        Screen.SCAN: _scan_return(visit, back=True),
        Screen.CALL_SCAN: Screen.CALL,
        Screen.MESSAGE: Screen.WAIT,
        Screen.LOOKUP: Screen.HOME,
        Screen.JOIN: Screen.HOME,
    }
    return targets.get(scene.journey.screen)


def request(scene: Scene) -> Step:
    """Ask for the lawyer and wait."""
    return scene.go(Screen.WAIT, requesting(scene), requested=True)


def requesting(scene: Scene) -> RequestConsultation:
    """The request of this visit."""
    visit = scene.visit
    return RequestConsultation(
        visit.visit_id,
        visit.talk_language or scene.journey.language,
        visit.matter or Matter.OTHER,
        visit.called_as,
    )


def _scan_return(visit: Visit, back: bool = False) -> Screen:
    if visit.requested:
        return Screen.WAIT
    if visit.intent == "scan":
        return Screen.CONSENT if back else Screen.PAPERS
    return Screen.PAPERS if back else Screen.WAIT


def _start(scene: Scene, what: touch.Start) -> Step:
    visit = Visit(scene.fresh_id, what.intent)
    first = {
        "lawyer": Screen.TALK_LANGUAGE if len(scene.rules.languages) > 1 else Screen.MATTER,
        "scan": Screen.CONSENT,
        "lookup": Screen.LOOKUP,
        "mediation": Screen.JOIN,
    }[what.intent]
    return Step(replace(scene.journey, screen=first, visit=visit, wiped=False))


def _talk_language(scene: Scene, what: touch.ChooseTalkLanguage) -> Step:
    if what.language not in scene.rules.languages:
        raise NotNowError(scene.journey.screen, what.do)
    return scene.go(Screen.MATTER, talk_language=what.language)


def _matter(scene: Scene, what: touch.ChooseMatter) -> Step:
    return scene.go(Screen.NAME, matter=what.matter)


def _name(scene: Scene, what: touch.GiveName) -> Step:
    return scene.go(Screen.CONSENT, called_as=what.called_as)


def _consent(scene: Scene, what: touch.Consent) -> Step:
    if not what.agreed:
        return go_home(scene)
    return scene.go(Screen.SCAN if scene.visit.intent == "scan" else Screen.PAPERS)


def _open_scan(scene: Scene, _: touch.OpenScan) -> Step:
    return scene.go(Screen.CALL_SCAN if scene.journey.screen is Screen.CALL else Screen.SCAN)


def _capture_now(scene: Scene, _: touch.CaptureNow) -> Step:
    return papers.capture(scene)


def _drop_page(scene: Scene, what: touch.DropPage) -> Step:
    visit = scene.visit
    page = next((page for page in visit.pages if page.position == what.position), None)
    if page is None or page.sent:
        raise NotNowError(scene.journey.screen, what.do)
    kept = tuple(other for other in visit.pages if other is not page)
    return scene.stay(DropPage(visit.visit_id, page.sha256), pages=kept)


def _scan_done(scene: Scene, _: touch.ScanDone) -> Step:
    if scene.journey.screen is Screen.CALL_SCAN:
        return scene.go(Screen.CALL)
    target = _scan_return(scene.visit)
    if target is Screen.WAIT and not scene.visit.requested:
        return request(scene)
    return scene.go(target)


def _call_lawyer(scene: Scene, _: touch.CallLawyer) -> Step:
    return scene.go(Screen.WAIT) if scene.visit.requested else request(scene)


def _open_message(scene: Scene, what: touch.LeaveMessage) -> Step:
    """From the waiting screen: straight away with words, else first to where they are given."""
    if what.text or what.phone:
        return _leave_message(scene, what)
    if scene.visit.consultation is None:
        raise NotNowError(scene.journey.screen, what.do)
    return scene.go(Screen.MESSAGE)


def _leave_message(scene: Scene, what: touch.LeaveMessage) -> Step:
    visit = scene.visit
    if visit.consultation is None or visit.message_left:
        raise NotNowError(scene.journey.screen, what.do)
    leave = LeaveMessage(visit.visit_id, visit.consultation.consultation_id, what.text, what.phone)
    return scene.go(Screen.MESSAGE, leave, message_left=True)


def _ask_lookup(scene: Scene, what: touch.AskLookup) -> Step:
    return scene.stay(AskLookup(scene.visit.visit_id, what.ask), lookup=None, agreement=None)


def _ask_agreement(scene: Scene, what: touch.AskAgreement) -> Step:
    return scene.stay(AskAgreement(scene.visit.visit_id, what.ask), lookup=None, agreement=None)


def _hang_up(scene: Scene, _: touch.HangUp | touch.Finish) -> Step:
    view = scene.visit.consultation
    return talk_over(scene, *((HangUp(view.consultation_id),) if view else ()))


def _rate(scene: Scene, what: touch.Rate) -> Step:
    view = scene.visit.consultation
    if view is None or what.score is None:
        return show_slip(scene)
    return show_slip(scene, SendRating(view.consultation_id, what.score))


def _back(scene: Scene, what: touch.Back) -> Step:
    target = back_target(scene)
    if target is None:
        raise NotNowError(scene.journey.screen, what.do)
    return go_home(scene) if target is Screen.HOME else scene.go(target)


def _finish(scene: Scene, _: touch.Finish) -> Step:
    return give_up(scene)


def _finish_rating(scene: Scene, _: touch.Finish) -> Step:
    return show_slip(scene)


def _close_slip(scene: Scene, _: touch.Finish | touch.Back) -> Step:
    return go_home(scene)


TOUCHES: Mapping[tuple[Screen, type], Handler] = {
    (Screen.HOME, touch.Start): _start,
    (Screen.TALK_LANGUAGE, touch.ChooseTalkLanguage): _talk_language,
    (Screen.MATTER, touch.ChooseMatter): _matter,
    (Screen.NAME, touch.GiveName): _name,
    (Screen.CONSENT, touch.Consent): _consent,
    (Screen.PAPERS, touch.OpenScan): _open_scan,
    (Screen.WAIT, touch.OpenScan): _open_scan,
    (Screen.CALL, touch.OpenScan): _open_scan,
    **{(screen, touch.CaptureNow): _capture_now for screen in SCAN_SCREENS},
    **{(screen, touch.ScanDone): _scan_done for screen in SCAN_SCREENS},
    **{
        (screen, touch.DropPage): _drop_page
        for screen in SCAN_SCREENS | {Screen.PAPERS, Screen.WAIT, Screen.CALL}
    },
    (Screen.PAPERS, touch.CallLawyer): _call_lawyer,
    (Screen.SCAN, touch.CallLawyer): _call_lawyer,
    (Screen.WAIT, touch.LeaveMessage): _open_message,
    (Screen.MESSAGE, touch.LeaveMessage): _leave_message,
    (Screen.LOOKUP, touch.AskLookup): _ask_lookup,
    (Screen.LOOKUP, touch.AskAgreement): _ask_agreement,
    (Screen.JOIN, touch.JoinMediation): mediation.join,
    (Screen.MEDIATION, touch.ActInMediation): mediation.act,
    (Screen.MEDIATION, touch.HangUp): mediation.leave,
    (Screen.MEDIATION, touch.Finish): mediation.leave,
    (Screen.CALL, touch.HangUp): _hang_up,
    (Screen.CALL_SCAN, touch.HangUp): _hang_up,
    (Screen.INTERRUPTED, touch.HangUp): _hang_up,
    **{(screen, AnswerRecording): recording.answered for screen in TALK_SCREENS},
    **{(screen, StopRecording): recording.stopped for screen in TALK_SCREENS},
    (Screen.HOME, touch.OpenTechnician): technician.open_door,
    (Screen.TECHNICIAN, touch.GiveTechnicianCode): technician.give_code,
    (Screen.TECHNICIAN, touch.Finish): technician.leave,
    (Screen.SELF_TEST, touch.Finish): technician.leave,
    (Screen.RATE, touch.Rate): _rate,
    **{
        (screen, touch.Back): _back
        for screen in (
            Screen.TALK_LANGUAGE,
            Screen.MATTER,
            Screen.NAME,
            Screen.CONSENT,
            Screen.PAPERS,
            Screen.SCAN,
            Screen.CALL_SCAN,
            Screen.MESSAGE,
            Screen.LOOKUP,
            Screen.JOIN,
        )
    },
    **{
        (screen, touch.Finish): _finish
        for screen in (
            Screen.TALK_LANGUAGE,
            Screen.MATTER,
            Screen.NAME,
            Screen.CONSENT,
            Screen.PAPERS,
            Screen.SCAN,
            Screen.WAIT,
            Screen.MESSAGE,
            Screen.LOOKUP,
            Screen.JOIN,
        )
    },
    (Screen.CALL, touch.Finish): _hang_up,
    (Screen.CALL_SCAN, touch.Finish): _hang_up,
    (Screen.INTERRUPTED, touch.Finish): _hang_up,
    (Screen.RATE, touch.Finish): _finish_rating,
    (Screen.SLIP, touch.Finish): _close_slip,
    (Screen.SLIP, touch.Back): _close_slip,
}
