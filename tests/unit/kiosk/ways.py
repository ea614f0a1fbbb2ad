"""The ways to every screen, and the start of every visit, for the tests of the journey."""

from collections.abc import Callable

from center.protocol.words import ConsultationState as State
from center.protocol.words import Language, Matter
from kiosk import touch_messages as touch
from kiosk.journey import Journey, advance, at_home
from kiosk.journey import events as on
from kiosk.words import LinkState, Screen
from tests.unit.kiosk.hearings import mediation
from tests.unit.kiosk.views import NOON, RULES, after, shown, touched

LAWYER = touch.Start(intent="lawyer")
SCAN = touch.Start(intent="scan")
JOIN = touch.Start(intent="mediation")
TO_PAPERS = (
    LAWYER,
    touch.ChooseTalkLanguage(language=Language.KO),
    touch.ChooseMatter(matter=Matter.LABOUR),
    touch.GiveName(called_as="朴女士"),
    touch.Consent(agreed=True),
)
HOME = at_home(NOON, RULES)


def on_screen(screen: Screen) -> Journey:
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
        Screen.JOIN: lambda: touched(HOME, JOIN).journey,
        Screen.MEDIATION: lambda: advanced(
            touched(HOME, JOIN).journey, on.MediationChanged(mediation())
        ),
        Screen.TECHNICIAN: lambda: touched(HOME, touch.OpenTechnician()).journey,
        Screen.SELF_TEST: lambda: (
            touched(HOME, touch.OpenTechnician(), touch.GiveTechnicianCode(code="482913")).journey
        ),
        Screen.OUT_OF_SERVICE: lambda: advanced(HOME, on.LinkChanged(LinkState.REVOKED)),
    }
    return ways[screen]()


def advanced(journey: Journey, event: on.Event, seconds: float = 0) -> Journey:
    """The journey after `event`, so many seconds after noon."""
    return advance(journey, event, after(seconds), RULES).journey


def captured(journey: Journey, *names: str) -> Journey:
    """The journey after pages of these hashes were taken."""
    for name in names:
        journey = advanced(journey, on.PageCaptured("v1", name, ()))
    return journey
