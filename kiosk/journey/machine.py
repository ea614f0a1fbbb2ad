"""The resident's way through the screens, as a pure function; it knows no network and no clock.

`advance(journey, event, now, rules)` returns the next journey and what is to be done. Three
kinds of things move it:

* **touches** (`touches.py`): a table of screen × touch; anything else raises `NotNowError`;
* **the consultation** as the center shows it (`talk.py`): it decides between waiting, call,
  interruption, rating and slip, whatever the resident was doing meanwhile;
* **time** (this file): an untouched screen asks, then ends and wipes. Never during a talk;
  while waiting it only asks, since an old person may sit down and wait.

Losing the center changes no screen: the visit goes on with what is known, and the newest view
that arrives afterwards puts things right. What a lost agent or a lost frame left undone is
noticed the same way: a consultation that nobody here wants any more is released again.

The camera follows the screen and nothing else: `CAMERA_SCREENS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from kiosk.journey import events, mediation, papers, talk
from kiosk.journey.effects import DropPage, Effect, StartCamera, Step, StopCamera, Tell, Wipe
from kiosk.journey.endings import Scene, give_up, go_home, show_slip
from kiosk.journey.state import CAMERA_SCREENS, SERVICE_SCREENS, TALK_SCREENS, Journey, Rules
from kiosk.journey.touches import back_target, requesting, touched
from kiosk.words import LinkState, NoticeCode, Screen

TECHNICIAN_S = 300
"""A technician may look away for longer than a resident, seconds."""
NEVER_IDLE = TALK_SCREENS | {Screen.SLIP, Screen.OUT_OF_SERVICE, Screen.MEDIATION}


def advance(journey: Journey, event: events.Event, now: datetime, rules: Rules) -> Step:
    """The next journey and its effects.

    Raises:
        NotNowError: a touch that means nothing on this screen; nothing has changed.
    """
    scene = Scene(journey, now, rules)
    visit_id = getattr(event, "visit_id", None)
    if type(event) in OF_VISIT and (journey.visit is None or journey.visit.visit_id != visit_id):
        return _too_late(scene, event)
    step = HANDLERS[type(event)](scene, event)
    return Step(step.journey, (*step.effects, *_camera(scene, step.journey, event)))


def due(journey: Journey, rules: Rules) -> datetime | None:
    """When the journey next wants a `Tick`; null when only an event can move it."""
    if journey.home_at is not None:
        return journey.home_at
    if journey.screen in NEVER_IDLE:
        return None
    if journey.idle_warning_until is not None:
        return journey.idle_warning_until
    if journey.screen is Screen.HOME and journey.language is rules.home_language:
        return None
    service = journey.screen in SERVICE_SCREENS
    patience_s = TECHNICIAN_S if service else rules.patience.idle_warning_s
    return journey.touched_at + timedelta(seconds=patience_s)


def can_go_back(journey: Journey, now: datetime, rules: Rules) -> bool:
    """Whether "back" leads anywhere from here."""
    return journey.screen is Screen.SLIP or back_target(Scene(journey, now, rules)) is not None


def _touched(scene: Scene, event: events.Touched) -> Step:
    return touched(replace(scene, fresh_id=event.fresh_id), event.touch)


def _tick(scene: Scene, _: events.Tick) -> Step:
    journey = scene.journey
    moment = due(journey, scene.rules)
    if moment is None or scene.now < moment:
        return Step(journey)
    if journey.visit is None:
        return go_home(scene)
    if journey.idle_warning_until is None:
        until = scene.now + timedelta(seconds=scene.rules.patience.idle_end_s)
        return Step(replace(journey, idle_warning_until=until))
    return _nobody_answered(scene)


def _nobody_answered(scene: Scene) -> Step:
    if scene.journey.screen is Screen.RATE:
        return show_slip(scene)
    if scene.visit.requested:
        return Step(replace(scene.journey, idle_warning_until=None, touched_at=scene.now))
    return give_up(scene)


def _link(scene: Scene, event: events.LinkChanged) -> Step:
    """A revoked kiosk serves nobody; one that is accepted again starts from home."""
    if event.state is LinkState.REVOKED:
        step = go_home(scene)
        return Step(replace(step.journey, screen=Screen.OUT_OF_SERVICE), step.effects)
    if event.state is LinkState.ONLINE and scene.journey.screen is Screen.OUT_OF_SERVICE:
        return go_home(scene)
    return Step(scene.journey)


def _request_refused(scene: Scene, _: events.RequestRefused) -> Step:
    if scene.visit.consultation is not None:
        return Step(scene.journey)
    return scene.go(Screen.PAPERS, Tell(NoticeCode.CENTER_REFUSED), requested=False)


def _request_withdrawn(scene: Scene, _: events.RequestWithdrawn) -> Step:
    owed = max(0, scene.journey.abandoned - 1)
    return Step(replace(scene.journey, abandoned=owed))


def _message_refused(scene: Scene, _: events.MessageRefused) -> Step:
    return scene.stay(Tell(NoticeCode.CENTER_REFUSED), message_left=False)


def _looked_up(scene: Scene, event: events.LookupAnswered) -> Step:
    tell = () if event.lookup else (Tell(NoticeCode.LOOKUP_NOT_FOUND),)
    return scene.stay(*tell, lookup=event.lookup)


def _agreement(scene: Scene, event: events.AgreementAnswered) -> Step:
    tell = () if event.agreement else (Tell(NoticeCode.AGREEMENT_NOT_FOUND),)
    return scene.stay(*tell, agreement=event.agreement)


def _wipe_verified(scene: Scene, event: events.WipeVerified) -> Step:
    wiping = scene.journey.wiping - {event.visit_id}
    done = event.visit_id in scene.journey.wiping and not wiping
    return Step(replace(scene.journey, wiping=wiping, wiped=done or scene.journey.wiped))


def _restored(scene: Scene, _: events.Restored) -> Step:
    """Time stood still while the agent was away, and unfinished effects are wanted again."""
    journey = replace(scene.journey, touched_at=scene.now, idle_warning_until=None)
    if journey.home_at is not None:
        slip_s = timedelta(seconds=scene.rules.patience.slip_s)
        journey = replace(journey, home_at=scene.now + slip_s)
    effects: list[Effect] = [Wipe(visit_id) for visit_id in sorted(journey.wiping)]
    visit = journey.visit
    if visit is not None:
        # Pages of a copy are kept in memory only: it is asked for again.
        journey = replace(journey, visit=replace(visit, capturing=False, agreement=None))
        if visit.requested and visit.consultation is None:
            effects.append(requesting(replace(scene, journey=journey)))
    return Step(journey, tuple(effects))


def _too_late(scene: Scene, event: events.Event) -> Step:
    """An answer to a visit that is over; a page taken that late must not stay in the spool."""
    if isinstance(event, events.PageCaptured):
        return Step(scene.journey, (DropPage(event.visit_id, event.sha256),))
    return Step(scene.journey)


def _camera(scene: Scene, after: Journey, event: events.Event) -> tuple[Effect, ...]:
    was_on = scene.journey.screen in CAMERA_SCREENS and not isinstance(event, events.Restored)
    is_on = after.screen in CAMERA_SCREENS
    if was_on == is_on:
        return ()
    return (StartCamera(),) if is_on else (StopCamera(),)


Handler = Callable[[Scene, Any], Step]

OF_VISIT: Mapping[type, Handler] = {
    events.RequestRefused: _request_refused,
    events.MessageRefused: _message_refused,
    events.PageCaptured: papers.captured,
    events.CaptureFailed: papers.failed,
    events.PageSent: papers.sent,
    events.PageRefused: papers.refused,
    events.LookupAnswered: _looked_up,
    events.AgreementAnswered: _agreement,
    events.JoinRefused: mediation.refused,
}
"""Answers to what one visit asked for, which say which visit that was."""

HANDLERS: Mapping[type, Handler] = {
    **OF_VISIT,
    events.Touched: _touched,
    events.ConsultationChanged: talk.consultation,
    events.RequestWithdrawn: _request_withdrawn,
    events.LinkChanged: _link,
    events.PageSettled: papers.settled,
    events.CaptureAsked: papers.asked,
    events.MediationChanged: mediation.changed,
    events.MediationCodeSeen: mediation.code_seen,
    events.WipeVerified: _wipe_verified,
    events.Tick: _tick,
    events.Restored: _restored,
}
