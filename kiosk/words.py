"""The kiosk's own vocabulary: screens, coaching words, link states, notices."""

from enum import StrEnum


class Screen(StrEnum):
    """What the resident sees; the flow between them stands in `kiosk.journey`."""

    HOME = "home"
    TALK_LANGUAGE = "talk_language"
    MATTER = "matter"
    NAME = "name"
    CONSENT = "consent"
    PAPERS = "papers"
    SCAN = "scan"
    WAIT = "wait"
    CALL = "call"
    CALL_SCAN = "call_scan"
    INTERRUPTED = "interrupted"
    MESSAGE = "message"
    RATE = "rate"
    SLIP = "slip"
    LOOKUP = "lookup"
    JOIN = "join"
    MEDIATION = "mediation"
    OUT_OF_SERVICE = "out_of_service"
    TECHNICIAN = "technician"
    SELF_TEST = "self_test"


class CoachWord(StrEnum):
    """What to do with the page; one at a time."""

    NOTHING = "nothing"
    MOVING = "moving"
    DARK = "dark"
    GLARE = "glare"
    BLURRED = "blurred"
    CUT_OFF = "cut_off"
    HAND = "hand"
    SEVERAL = "several"
    HOLD_STILL = "hold_still"
    CAPTURED = "captured"


class LinkState(StrEnum):
    """The agent's connection to the center."""

    CONNECTING = "connecting"
    ONLINE = "online"
    OFFLINE = "offline"
    REVOKED = "revoked"


class NoticeCode(StrEnum):
    """Trouble that the resident is told about, in words of the screen's language."""

    CAMERA_MISSING = "camera_missing"
    CAMERA_UNPLUGGED = "camera_unplugged"
    CAMERA_DARK = "camera_dark"
    CAMERA_STALLED = "camera_stalled"
    CAPTURE_FAILED = "capture_failed"
    PAGE_REFUSED = "page_refused"
    DISK_FULL = "disk_full"
    CENTER_REFUSED = "center_refused"
    LOOKUP_NOT_FOUND = "lookup_not_found"
    AGREEMENT_NOT_FOUND = "agreement_not_found"
    MEDIATION_NOT_FOUND = "mediation_not_found"
    MEDIATION_LOCKED = "mediation_locked"
    MEDIATION_OVER = "mediation_over"
    TECHNICIAN_CODE = "technician_code"
    BAD_FRAME = "bad_frame"
    FRAME_TOO_LARGE = "frame_too_large"
    NOT_NOW = "not_now"
