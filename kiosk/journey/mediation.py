"""How the journey follows the mediation that the center shows at this kiosk.

    home ─ join a mediation ─► join ─ the center gives the seat ─► mediation ─ it is over ─► slip
                                                                      └─ they go ─► home

Whoever is seated here though nobody here is joining (a resident who left while the line was down)
is taken out again. The slip, with what brings a party's copy, comes when an agreement was sealed.
"""

from dataclasses import replace

from center.protocol.mediation import MediationView, SeatView
from center.protocol.mediation_acts import Leave
from center.protocol.words import ErrorCode, MediationState, SeatState
from kiosk import touch_messages as touch
from kiosk.journey import events
from kiosk.journey.effects import ActInMediation, JoinMediation, Step, Tell
from kiosk.journey.endings import Scene, go_home, take_along
from kiosk.journey.errors import NotNowError
from kiosk.journey.state import SlipFacts, Visit
from kiosk.words import NoticeCode, Screen

_REFUSED = {
    ErrorCode.NOT_FOUND: NoticeCode.MEDIATION_NOT_FOUND,
    ErrorCode.ROOM_LOCKED: NoticeCode.MEDIATION_LOCKED,
}
"""What the resident is told; everything else is the center's trouble."""


def hearing(visit: Visit | None) -> str | None:
    """The room of the mediation, once the mediator let whoever is here in."""
    view = visit.mediation if visit else None
    if view is None or view.state is not MediationState.OPEN:
        return None
    return view.mediation_id if own_seat(view).state is SeatState.ADMITTED else None


def own_seat(view: MediationView) -> SeatView:
    """The seat of whoever is at this kiosk."""
    return next(seat for seat in view.seats if seat.seat_id == view.you)


def join(scene: Scene, what: touch.JoinMediation) -> Step:
    """Ask the center for the seat of this code."""
    return scene.stay(JoinMediation(scene.visit.visit_id, what.number, what.code))


def code_seen(scene: Scene, event: events.MediationCodeSeen) -> Step:
    """A slip lies under the camera: as good as its number typed in."""
    if scene.journey.screen is not Screen.JOIN or scene.journey.visit is None:
        return Step(scene.journey)
    awake = replace(scene, journey=replace(scene.journey, touched_at=scene.now))
    return awake.stay(JoinMediation(scene.visit.visit_id, event.number, event.code))


def refused(scene: Scene, event: events.JoinRefused) -> Step:
    """The center has no such seat, or lets nobody in now."""
    return scene.stay(Tell(_REFUSED.get(event.code, NoticeCode.CENTER_REFUSED)))


def changed(scene: Scene, event: events.MediationChanged) -> Step:
    """The journey after the center showed the mediation at this kiosk, or that there is none."""
    view, visit = event.view, scene.journey.visit
    if visit is None or visit.intent != "mediation":
        return Step(scene.journey, (ActInMediation(view.mediation_id, Leave()),) if view else ())
    if view is not None:
        return scene.go(Screen.MEDIATION, mediation=view)
    return _over(scene) if scene.journey.screen is Screen.MEDIATION else Step(scene.journey)


def act(scene: Scene, what: touch.ActInMediation) -> Step:
    """What the resident does there."""
    if isinstance(what.act, Leave):
        return leave(scene, what)
    return scene.stay(ActInMediation(_view(scene).mediation_id, what.act))


def leave(scene: Scene, _: touch.ActInMediation | touch.Finish | touch.HangUp) -> Step:
    """The resident goes; their code brings them back."""
    going = ActInMediation(_view(scene).mediation_id, Leave())
    return go_home(scene, going)


def _view(scene: Scene) -> MediationView:
    view = scene.visit.mediation
    if view is None:
        raise NotNowError(scene.journey.screen, "mediation")
    return view


def _over(scene: Scene) -> Step:
    """Everybody is out; nothing of it stays here but what the slip says."""
    view = _view(scene)
    code = own_seat(view).code
    if view.agreement is None or view.agreement.sealed_at is None or code is None:
        return go_home(scene, Tell(NoticeCode.MEDIATION_OVER))
    return take_along(scene, SlipFacts(view.number, code, None))
