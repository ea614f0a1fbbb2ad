"""How a visit ends: released at the center, a slip where there is a number, and the wipe."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from center.protocol.views import ConsultationView
from kiosk.journey.effects import Effect, HangUp, Leave, Step, Wipe, WithdrawRequest
from kiosk.journey.errors import NotNowError
from kiosk.journey.state import IN_QUEUE, OPEN, TALKING, Journey, Rules, SlipFacts, Visit
from kiosk.words import Screen


@dataclass(frozen=True, slots=True)
class Scene:
    """A journey at a moment."""

    journey: Journey
    now: datetime
    rules: Rules
    fresh_id: str = ""

    @property
    def visit(self) -> Visit:
        """The visit that is going on.

        Raises:
            NotNowError: there is none.
        """
        if self.journey.visit is None:
            raise NotNowError(self.journey.screen, "visit")
        return self.journey.visit

    def go(self, screen: Screen, *effects: Effect, **visit: object) -> Step:
        """To `screen`, with these fields of the visit changed."""
        changed = replace(self.visit, **visit)  # type: ignore[arg-type]
        return Step(replace(self.journey, screen=screen, visit=changed), effects)

    def stay(self, *effects: Effect, **visit: object) -> Step:
        """On the same screen, with these fields of the visit changed."""
        return self.go(self.journey.screen, *effects, **visit)


def released(view: ConsultationView | None) -> tuple[Effect, ...]:
    """What gives a consultation back to the center, from whatever state it is in."""
    if view is None:
        return ()
    if view.state in IN_QUEUE:
        return (Leave(view.consultation_id),)
    if view.state in TALKING:
        return (HangUp(view.consultation_id),)
    return ()


def go_home(scene: Scene, *effects: Effect) -> Step:
    """Home, as a kiosk that nobody has touched; the visit is wiped."""
    home = Journey(
        Screen.HOME,
        scene.rules.home_language,
        scene.now,
        abandoned=scene.journey.abandoned,
        disowned=scene.journey.disowned,
        wrong_codes=scene.journey.wrong_codes,
        wiping=scene.journey.wiping,
        wiped=scene.journey.wiped,
    )
    return _wiped(scene, home, effects)


def show_slip(scene: Scene, *effects: Effect) -> Step:
    """The last screen: what the resident takes along, while the wipe runs."""
    view = scene.visit.consultation
    if view is None:
        return go_home(scene, *effects)
    facts = SlipFacts(view.number, view.slip_code, view.answer_promised_at)
    return take_along(scene, facts, *effects)


def take_along(scene: Scene, facts: SlipFacts, *effects: Effect) -> Step:
    """The slip with these facts, whatever the visit was about."""
    slip = replace(
        scene.journey,
        screen=Screen.SLIP,
        visit=None,
        slip=facts,
        home_at=scene.now + timedelta(seconds=scene.rules.patience.slip_s),
        idle_warning_until=None,
    )
    return _wiped(scene, slip, effects)


def talk_over(scene: Scene, *effects: Effect) -> Step:
    """After a talk the five faces; after none, the slip."""
    view = scene.visit.consultation
    if view is not None and view.talk_started_at is not None:
        return scene.go(Screen.RATE, *effects, hung_up=True)
    return show_slip(scene, *effects)


def give_up(scene: Scene) -> Step:
    """The resident goes, or went, without having been helped."""
    visit = scene.visit
    if visit.requested and visit.consultation is None:
        counted = replace(scene.journey, abandoned=scene.journey.abandoned + 1)
        return go_home(replace(scene, journey=counted), WithdrawRequest(visit.visit_id))
    return go_home(scene, *released(visit.consultation))


def _wiped(scene: Scene, after: Journey, effects: tuple[Effect, ...]) -> Step:
    visit = scene.journey.visit
    if visit is None:
        return Step(after, effects)
    wiping = after.wiping | {visit.visit_id}
    disowned = after.disowned | _still_open(visit)
    ended = replace(after, wiping=wiping, wiped=False, disowned=disowned)
    return Step(ended, (*effects, Wipe(visit.visit_id)))


def _still_open(visit: Visit) -> frozenset[str]:
    """While the center is down it goes on showing what the resident left, to whoever is next."""
    view = visit.consultation
    return frozenset({view.consultation_id} if view and view.state in OPEN else ())
