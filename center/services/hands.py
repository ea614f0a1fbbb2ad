"""In whose hands a consultation is or was: who may look into it."""

from center.domain.errors import Forbidden
from center.services.base import staff_actor
from center.services.office import OfficeWork

IN_HAND = frozenset({"accepted", "taken", "answered"})
"""Events by which a consultation came into its actor's hands."""


async def require_in_hand(work: OfficeWork, staff_id: str, consultation_id: str) -> None:
    """Raises Forbidden."""
    actor = staff_actor(staff_id)
    events = await work.events.of(f"consultation:{consultation_id}")
    if not any(event.actor == actor and event.type in IN_HAND for event in events):
        raise Forbidden(f"{consultation_id} was never in the hands of {staff_id}")
