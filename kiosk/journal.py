"""What brings an agent back into its visit: the journey and what is owed for it, in one file."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from kiosk.journey import Journey, Rules, at_home
from kiosk.outbox import Outbox
from kiosk.spool import Spool

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Journal:
    """Kept as one, so that a touch and its request survive together or not at all."""

    journey: Journey
    outbox: Outbox

    @property
    def matters(self) -> bool:
        """Whether there is anything to come back to."""
        return self.journey.visit is not None or bool(self.outbox.given)

    def is_kept_by(self, saved: "Journal") -> bool:
        """Whether a write would change nothing that is worth one."""
        touched = replace(saved.journey, touched_at=self.journey.touched_at)
        return touched == self.journey and saved.outbox.given == self.outbox.given


_journal: TypeAdapter[Journal] = TypeAdapter(Journal)


def save(spool: Spool, journal: Journal) -> None:
    """Replace what is kept, or forget it when nobody is there and nothing is owed. Blocks.

    Raises:
        DiskFullError, OSError: what was kept stands.
    """
    if journal.matters:
        spool.save_journey(_journal.dump_json(journal))
    else:
        spool.forget_journey()


def load(spool: Spool, now: datetime, rules: Rules) -> Journal:
    """What was kept, or a kiosk that nobody has touched. Blocks.

    Folders of other visits belong to agents that were killed while they wiped.
    """
    kept = _read(spool) or Journal(at_home(now, rules), Outbox())
    visit = kept.journey.visit
    over = spool.visits() - {visit.visit_id if visit else ""}
    journey = replace(kept.journey, wiping=kept.journey.wiping | over)
    return Journal(journey, kept.outbox.restored(now))


def _read(spool: Spool) -> Journal | None:
    data = spool.load_journey()
    try:
        return None if data is None else _journal.validate_json(data)
    except ValidationError as error:
        log.warning("the journal is not readable any more: %s", error)
        return None
