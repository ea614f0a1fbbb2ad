"""The table of endpoints: every path, who may call it, what it takes and gives."""

from center.protocol.base import BODY_LIMIT, PAGE_LIMIT
from center.protocol.mediation import (
    AgreementAsk,
    AgreementSealed,
    MediationCreate,
    MediationList,
    MediationMade,
)
from center.protocol.papers import PapersView
from center.protocol.quality import MediationQuality, MediationUsagePage
from center.protocol.recordings import RecordingDetail, RecordingList
from center.protocol.rest import (
    AuditPage,
    BlobArrival,
    BlobStored,
    ColleagueList,
    Empty,
    Enrol,
    Enrolled,
    EnrolmentCode,
    Health,
    KioskCreate,
    KioskList,
    LineView,
    Login,
    Lookup,
    LookupAsk,
    PageRecord,
    PageStored,
    Session,
    StaffCreate,
    StaffList,
    StaffPatch,
    StaffRow,
    Summary,
    UsageDetail,
    UsagePage,
)
from center.protocol.views import KioskView
from center.web.endpoint import (
    ADMIN,
    ANSWERING,
    COUNSEL,
    KIOSK,
    MEDIATOR,
    OFFICE,
    PUBLIC,
    STAFF,
    AnyEndpoint,
    Endpoint,
    Nothing,
)
from center.web.handlers import (
    evidence,
    kiosks,
    line,
    mediations,
    recordings,
    session,
    staff,
    system,
    usage,
)

SMALL = 4 * 1024
"""Bodies anybody may send without credentials stay this small, bytes."""

KIOSK_SOCKET = ("KioskToCenter", "CenterToKiosk")
STAFF_SOCKET = ("StaffToCenter", "CenterToStaff")

_CONSULTATION = "/api/consultations/{consultation_id}"

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    Endpoint("GET", "/healthz", system.read_health, PUBLIC, Nothing, Health),
    Endpoint("GET", "/api/openapi.json", system.read_openapi, PUBLIC, Nothing, media="application/json"),
    Endpoint("GET", "/api/seal/certificate", evidence.read_seal_certificate, PUBLIC, Nothing, media="application/x-pem-file"),
    Endpoint("POST", "/api/session", session.sign_in, PUBLIC, Login, Session, limit=SMALL),
    Endpoint("GET", "/api/session", session.who_am_i, STAFF, Nothing, Session),
    Endpoint("DELETE", "/api/session", session.sign_out, STAFF, Nothing, Empty),
    Endpoint("GET", "/ws/staff", system.staff_socket, STAFF, Nothing, socket=STAFF_SOCKET),
    Endpoint("GET", _CONSULTATION + r"/pages/{position:[1-9]\d{0,2}}/{kind:clean|original|preview}", evidence.read_page, COUNSEL, Nothing, media="image/*"),
    Endpoint("GET", _CONSULTATION + "/marks", evidence.read_marks, COUNSEL, Nothing, PapersView),
    Endpoint("GET", _CONSULTATION + "/document.pdf", evidence.read_document, COUNSEL, Nothing, media="application/pdf"),
    Endpoint("GET", "/api/recordings", recordings.list_recordings, COUNSEL, Nothing, RecordingList),
    Endpoint("GET", "/api/recordings/{reel_id}", recordings.read_recording, COUNSEL, Nothing, RecordingDetail),
    Endpoint("GET", "/api/recordings/{reel_id}" + r"/parts/{number:[1-9]\d{0,2}}.webm", recordings.play_recording, COUNSEL, Nothing, media="video/webm"),
    Endpoint("GET", "/api/usage", usage.read_usage, OFFICE, usage.UsageQuery, UsagePage, source="query"),
    Endpoint("GET", "/api/usage.csv", usage.export_usage_csv, OFFICE, usage.UsageExport, source="query", media=usage.CSV),
    Endpoint("GET", "/api/usage.xlsx", usage.export_usage_xlsx, OFFICE, usage.UsageExport, source="query", media=usage.XLSX),
    Endpoint("GET", "/api/usage/{consultation_id}", usage.read_consultation, OFFICE, Nothing, UsageDetail),
    Endpoint("GET", "/api/mediation-usage", usage.read_mediations, OFFICE, usage.Place, MediationUsagePage, source="query"),
    Endpoint("GET", "/api/summary", usage.read_summary, OFFICE, Nothing, Summary),
    Endpoint("GET", "/api/line", line.read_line, STAFF | KIOSK, Nothing, LineView),
    Endpoint("GET", "/api/line/data", line.send_line_bytes, STAFF | KIOSK, line.LineBytes, source="query", media="application/octet-stream", browsers=False),
    Endpoint("POST", "/api/line/data", line.take_line_bytes, STAFF | KIOSK, Nothing, Empty, upload=True, limit=line.LINE_LIMIT, browsers=False),
    Endpoint("GET", "/api/colleagues", staff.list_colleagues, COUNSEL, Nothing, ColleagueList),
    Endpoint("GET", "/api/mediations", mediations.list_mediations, ANSWERING, Nothing, MediationList),
    Endpoint("POST", "/api/mediations", mediations.convene, MEDIATOR, MediationCreate, MediationMade, status=201, limit=SMALL),
    Endpoint("POST", "/api/mediations/{mediation_id}/seal", mediations.seal, MEDIATOR, Nothing, AgreementSealed),
    Endpoint("GET", "/api/mediations/{mediation_id}/quality", mediations.read_quality, ANSWERING | OFFICE, Nothing, MediationQuality),
    Endpoint("GET", "/api/mediations/{mediation_id}/agreement.pdf", mediations.read_agreement, ANSWERING, Nothing, media="application/pdf"),
    Endpoint("POST", "/api/agreements", mediations.read_copy, KIOSK, AgreementAsk, limit=SMALL, media="application/pdf", browsers=False),
    Endpoint("GET", "/api/kiosks", kiosks.list_kiosks, OFFICE, Nothing, KioskList),
    Endpoint("POST", "/api/kiosks", kiosks.create_kiosk, ADMIN, KioskCreate, EnrolmentCode, status=201),
    Endpoint("POST", "/api/kiosks/{kiosk_id}/code", kiosks.issue_code, ADMIN, Nothing, EnrolmentCode, status=201),
    Endpoint("POST", "/api/kiosks/{kiosk_id}/revoke", kiosks.revoke_kiosk, ADMIN, Nothing, KioskView),
    Endpoint("GET", "/api/staff", staff.list_staff, ADMIN, Nothing, StaffList),
    Endpoint("POST", "/api/staff", staff.create_staff, ADMIN, StaffCreate, StaffRow, status=201),
    Endpoint("PATCH", "/api/staff/{staff_id}", staff.change_staff, ADMIN, StaffPatch, StaffRow),
    Endpoint("GET", "/api/audit", staff.read_audit, ADMIN, staff.AuditQuery, AuditPage, source="query"),
    Endpoint("POST", "/api/kiosks/enrol", kiosks.enrol_kiosk, PUBLIC, Enrol, Enrolled, limit=SMALL, browsers=False),
    Endpoint("GET", "/ws/kiosk", system.kiosk_socket, PUBLIC, Nothing, socket=KIOSK_SOCKET, browsers=False),
    Endpoint("PUT", "/api/blobs/{sha256:[0-9a-f]{64}}", evidence.put_blob, KIOSK, Nothing, BlobStored, upload=True, limit=PAGE_LIMIT, browsers=False),
    Endpoint("GET", "/api/blobs/{sha256:[0-9a-f]{64}}", evidence.read_blob_arrival, KIOSK, Nothing, BlobArrival, browsers=False),
    Endpoint("PUT", _CONSULTATION + "/pages/{sha256:[0-9a-f]{64}}/pictures/{picture:[0-9a-f]{64}}", evidence.put_page_picture, KIOSK, PageRecord, PageStored, upload=True, limit=PAGE_LIMIT, browsers=False),
    Endpoint("PUT", _CONSULTATION + "/pages/{sha256:[0-9a-f]{64}}", evidence.put_page, KIOSK, PageRecord, PageStored, limit=BODY_LIMIT, browsers=False),
    Endpoint("POST", "/api/lookup", evidence.look_up, KIOSK, LookupAsk, Lookup, limit=SMALL, browsers=False),
)  # fmt: skip
