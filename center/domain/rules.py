"""The times and limits that decisions depend on."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Rules:
    """How long each timed state may last, and when patience with a lawyer ends."""

    offer: timedelta = timedelta(seconds=20)
    connect: timedelta = timedelta(seconds=30)
    grace: timedelta = timedelta(seconds=120)
    wrap_up: timedelta = timedelta(seconds=600)
    language_relax: timedelta = timedelta(seconds=60)
    escalate: timedelta = timedelta(seconds=300)
    missed_to_away: int = 2
