"""What the journey is told when the center refused a request that somebody waits for."""

from center.protocol.frames import Refusal, Request
from center.protocol.kiosk_wire import ConsultationRequest, MessageLeave
from center.protocol.mediation import MediationJoin
from kiosk.journey import Visit, events


def refused(request: Request, refusal: Refusal, visit: Visit | None) -> events.Event | None:
    """Null when the resident need not know, or is not there any more."""
    match request:
        case ConsultationRequest(client_ref=ref):
            return events.RequestRefused(ref)
        case MediationJoin() if visit:
            return events.JoinRefused(visit.visit_id, refusal.code)
        case MessageLeave(consultation_id=ref) if visit and visit.consultation:
            mine = visit.consultation.consultation_id == ref
            return events.MessageRefused(visit.visit_id) if mine else None
    return None
