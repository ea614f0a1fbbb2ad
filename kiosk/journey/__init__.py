"""The resident's journey: a pure state machine, see `kiosk.journey.machine`."""

from kiosk.journey.effects import Step
from kiosk.journey.errors import NotNowError
from kiosk.journey.machine import advance, can_go_back, due
from kiosk.journey.state import Journey, Rules, SlipFacts, TakenPage, Visit, at_home

__all__ = [
    "Journey",
    "NotNowError",
    "Rules",
    "SlipFacts",
    "Step",
    "TakenPage",
    "Visit",
    "advance",
    "at_home",
    "can_go_back",
    "due",
]
