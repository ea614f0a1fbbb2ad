"""What the use cases of a call share."""

from center.domain.consultation import Consultation
from center.domain.errors import Forbidden, NotFound
from center.services.policy import Policy
from center.services.ports import Codes
from center.services.transactions import Ledger, Transactions


class CallService:
    """Use cases over transactions."""

    def __init__(self, transactions: Transactions, codes: Codes, policy: Policy) -> None:
        self._transactions, self._codes, self._policy = transactions, codes, policy


def kiosk_actor(kiosk_id: str) -> str:
    """How the log names a kiosk's resident."""
    return f"kiosk:{kiosk_id}"


def staff_actor(staff_id: str) -> str:
    """How the log names a staff member."""
    return f"staff:{staff_id}"


async def of_kiosk(ledger: Ledger, kiosk_id: str, consultation_id: str) -> Consultation:
    """A consultation of this kiosk. Raises NotFound, also for another kiosk's."""
    consultation = await ledger.uow.consultations.get(consultation_id)
    if consultation.kiosk_id != kiosk_id:
        raise NotFound(f"{kiosk_id} has no consultation {consultation_id}")
    return consultation


async def of_staff(ledger: Ledger, staff_id: str, consultation_id: str) -> Consultation:
    """A consultation in this person's hands. Raises NotFound, Forbidden."""
    consultation = await ledger.uow.consultations.get(consultation_id)
    if consultation.staff_id != staff_id:
        raise Forbidden(f"{consultation_id} is not in the hands of {staff_id}")
    return consultation
