"""Recording, on the sockets: what everybody in a talk may say to it."""

from center.protocol.recordings import RecordingAnswer, RecordingStop
from center.protocol.words import PeerRole
from center.realtime.hub import Hub
from center.realtime.registry import KioskLink, PageLink


async def handle_recording(
    hub: Hub, link: PageLink, frame: RecordingAnswer | RecordingStop
) -> None:
    """One request, one service call."""
    recordings = hub.services.recordings
    if isinstance(link, KioskLink):
        side, who = PeerRole.KIOSK, link.kiosk_id
    else:
        side, who = PeerRole.STAFF, link.staff_id
    consultation, question = frame.consultation_id, frame.recording_id
    if isinstance(frame, RecordingStop):
        await recordings.stop(side, who, consultation, question)
    else:
        await recordings.answer(side, who, consultation, question, agreed=frame.agreed)
