"""The vocabulary: closed sets of words that appear in code, on the wire and in the log."""

from enum import StrEnum


class Language(StrEnum):
    """Languages a resident may speak or a screen may show."""

    ZH = "zh"
    KO = "ko"
    EN = "en"


class Matter(StrEnum):
    """What a consultation is about; the eight pictures on the kiosk."""

    FAMILY = "family"
    NEIGHBOURS = "neighbours"
    LABOUR = "labour"
    DEBT = "debt"
    PROPERTY = "property"
    TRAFFIC = "traffic"
    CONSUMER = "consumer"
    OTHER = "other"


class Urgency(StrEnum):
    """Whether a consultation goes ahead of earlier arrivals."""

    NORMAL = "normal"
    URGENT = "urgent"


class Role(StrEnum):
    """What a staff member may do; one role a person."""

    LAWYER = "lawyer"
    MEDIATOR = "mediator"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class ConsultationState(StrEnum):
    """States of a consultation; the transitions stand in `center.domain.transitions`."""

    WAITING = "waiting"
    OFFERED = "offered"
    CONNECTING = "connecting"
    ACTIVE = "active"
    INTERRUPTED = "interrupted"
    WRAP_UP = "wrap_up"
    CLOSED = "closed"
    LEFT = "left"
    MESSAGE = "message"


class EndCause(StrEnum):
    """Why the talking part of a consultation ended."""

    RESIDENT_HUNG_UP = "resident_hung_up"
    STAFF_HUNG_UP = "staff_hung_up"
    LOST = "lost"
    KIOSK_REVOKED = "kiosk_revoked"


class Outcome(StrEnum):
    """What came of a consultation, picked by the lawyer when filing."""

    ADVICE = "advice"
    LEGAL_AID = "legal_aid"
    MEDIATION = "mediation"
    ARBITRATION = "arbitration"
    NOTARY = "notary"
    COURT = "court"
    POLICE = "police"
    PETITION = "petition"
    FOLLOW_UP = "follow_up"


class DutyState(StrEnum):
    """A staff member's live presence."""

    OFF = "off"
    AVAILABLE = "available"
    OFFERED = "offered"
    BUSY = "busy"
    WRAP_UP = "wrap_up"
    AWAY = "away"


class MediaState(StrEnum):
    """What a page reports of its connection to the other peer."""

    UP = "up"
    LOST = "lost"
    FAILED = "failed"


class QualityLevel(StrEnum):
    """How good a line is for its talk, best first."""

    GOOD = "good"
    FAIR = "fair"
    WEAK = "weak"
    SOUND_ONLY = "sound_only"
    BROKEN = "broken"


class PeerRole(StrEnum):
    """What a media endpoint is in a room."""

    KIOSK = "kiosk"
    STAFF = "staff"
    RECORDER = "recorder"
    ENGINE = "engine"


class Track(StrEnum):
    """What one peer of a room can send another: the slots of a connection."""

    FACE_AUDIO = "face.audio"
    FACE_VIDEO = "face.video"
    DESK_VIDEO = "desk.video"


class PageStage(StrEnum):
    """How much of a page has arrived, least first; each comes after the one before."""

    PREVIEW = "preview"
    CLEAN = "clean"
    WHOLE = "whole"

    @property
    def order(self) -> int:
        """Rises with what has arrived."""
        return tuple(PageStage).index(self)


class MarkKind(StrEnum):
    """What can be drawn on a page."""

    CIRCLE = "circle"
    HIGHLIGHT = "highlight"
    INK = "ink"


class IceTransportPolicy(StrEnum):
    """Which ways media may take; the values of RTCConfiguration.iceTransportPolicy."""

    ALL = "all"
    RELAY = "relay"


class MediationState(StrEnum):
    """States of a mediation; the transitions stand in `center.domain.mediation`."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    ENDED = "ended"


class SeatRole(StrEnum):
    """As what somebody takes part in a mediation."""

    MEDIATOR = "mediator"
    PARTY = "party"
    LAWYER = "lawyer"
    WITNESS = "witness"
    INTERPRETER = "interpreter"


class SeatState(StrEnum):
    """Where somebody invited to a mediation is: away, in a waiting room of their own, or in."""

    INVITED = "invited"
    WAITING = "waiting"
    ADMITTED = "admitted"
    LEFT = "left"


class Protection(StrEnum):
    """How much of somebody the others in a mediation may see."""

    NONE = "none"
    SEEN_BY_MEDIATOR = "seen_by_mediator"
    HEARD_ONLY = "heard_only"


class RecordingState(StrEnum):
    """States of a talk's recording; the transitions stand in `center.domain.recording`."""

    OFF = "off"
    ASKED = "asked"
    RUNNING = "running"
    STOPPED = "stopped"


class StopCause(StrEnum):
    """Why a recording is over, or never began."""

    REFUSED = "refused"
    STOPPED = "stopped"
    NEWCOMER = "newcomer"
    TALK_OVER = "talk_over"


class RecorderFault(StrEnum):
    """Why nothing is recorded though everybody agreed; the last: staff had it tried again."""

    DOWN = "down"
    SILENT = "silent"
    DISK_FULL = "disk_full"
    DISK_FAILED = "disk_failed"
    RETRYING = "retrying"


class KioskStatus(StrEnum):
    """Where a kiosk stands with the center."""

    PENDING = "pending"
    ENROLLED = "enrolled"
    REVOKED = "revoked"


class CameraStatus(StrEnum):
    """Health of the document camera."""

    OK = "ok"
    MISSING = "missing"
    UNPLUGGED = "unplugged"
    DARK = "dark"
    STALLED = "stalled"


class EmptyDeskState(StrEnum):
    """What a kiosk knows of its empty desk; `moved`: the camera, or the desk, was since."""

    NOT_SHOWN = "not_shown"
    KNOWN = "known"
    MOVED = "moved"


class DeviceCheck(StrEnum):
    """What a line check finds of a camera or microphone; `nothing`: it is there and gives none."""

    OK = "ok"
    NOTHING = "nothing"
    MISSING = "missing"


class SpeakerCheck(StrEnum):
    """What a line check finds of the loudspeaker; `present`: no tone was played."""

    HEARD = "heard"
    UNHEARD = "unheard"
    PRESENT = "present"
    MISSING = "missing"


class ErrorCode(StrEnum):
    """Every refusal the center can give; each has a text in every screen's language."""

    BAD_FRAME = "bad_frame"
    UNKNOWN_TYPE = "unknown_type"
    FRAME_TOO_LARGE = "frame_too_large"
    OUT_OF_ORDER = "out_of_order"
    HELLO_TIMEOUT = "hello_timeout"
    PROTOCOL_MISMATCH = "protocol_mismatch"
    TOO_MANY_REQUESTS = "too_many_requests"
    BODY_INVALID = "body_invalid"
    BODY_TOO_LARGE = "body_too_large"
    NOT_AN_IMAGE = "not_an_image"
    IMAGE_TRUNCATED = "image_truncated"
    IMAGE_TOO_LARGE = "image_too_large"
    HASH_MISMATCH = "hash_mismatch"
    BLOB_MISSING = "blob_missing"
    STORAGE_FULL = "storage_full"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    WRONG_ORIGIN = "wrong_origin"
    BAD_CREDENTIALS = "bad_credentials"
    LOCKED_OUT = "locked_out"
    BAD_ENROLMENT_CODE = "bad_enrolment_code"
    BAD_SIGNATURE = "bad_signature"
    KIOSK_REVOKED = "kiosk_revoked"
    CLOCK_SKEWED = "clock_skewed"
    NOT_FOUND = "not_found"
    ILLEGAL_TRANSITION = "illegal_transition"
    CONFLICT = "conflict"
    OFFER_GONE = "offer_gone"
    NOBODY_WAITING = "nobody_waiting"
    NOT_IN_ROOM = "not_in_room"
    PEER_ABSENT = "peer_absent"
    ROOM_FULL = "room_full"
    ROOM_LOCKED = "room_locked"
    INTERNAL = "internal"
