"""Whether the remembered empty desk still holds: many looks over more than one visit decide.

    the last looks said                             then
    ──────────────────────────────────────────────  ──────────────────────────────
    another desk, 6 times in at least 2 visits       moved
    the same desk, 3 times in a row                  not moved (any more)
    the same desk, once                              what spoke against it is nothing
    nothing sure                                     as before

Somebody who covers the whole desk with a bag is gone at the next visit; a camera that was turned
is not.
"""

from dataclasses import dataclass

from scanner.detect.moved import DeskSeen

AGAINST = 6
VISITS = 2
AGAIN = 3


@dataclass(frozen=True, slots=True)
class Doubt:
    """`visits`: those that had a look against it, by their numbers."""

    moved: bool = False
    against: int = 0
    visits: frozenset[int] = frozenset()
    again: int = 0

    def after(self, seen: DeskSeen, visit: int) -> "Doubt":
        """One look more."""
        match seen:
            case DeskSeen.SAME:
                again = self.again + 1
                return Doubt(self.moved and again < AGAIN, again=again)
            case DeskSeen.OTHER:
                against, visits = self.against + 1, self.visits | {visit}
                moved = self.moved or (against >= AGAINST and len(visits) >= VISITS)
                return Doubt(moved, against, visits)
            case DeskSeen.UNSURE:
                return self
