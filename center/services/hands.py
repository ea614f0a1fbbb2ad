"""In whose hands a consultation or mediation is or was: who may look into it."""

from center.domain.errors import Forbidden
from center.services.base import staff_actor
from center.services.office import OfficeWork

IN_HAND = frozenset({"accepted", "taken", "answered", "convened"})
"""Events by which a consultation or mediation came into its actor's hands."""


async def require_in_hand(
    work: OfficeWork, staff_id: str, talk_id: str, kind: str = "consultation"
) -> None:
    """`kind` is what the talk is, a consultation or a mediation. Raises Forbidden."""
    actor = staff_actor(staff_id)
    events = await work.events.of(f"{kind}:{talk_id}")
    if not any(event.actor == actor and event.type in IN_HAND for event in events):
        raise Forbidden(f"{talk_id} was never in the hands of {staff_id}")
