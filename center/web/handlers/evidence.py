"""Pages: coming in from kiosks by hash, going out to the lawyer who has the consultation."""

from typing import cast

from aiohttp import web

from center import keys
from center.protocol.base import PAGE_LIMIT
from center.protocol.papers import PapersView
from center.protocol.rest import BlobStored, Lookup, LookupAsk, PageRecord, PageStored
from center.services.evidence import PictureKind
from center.web.auth import kiosk_of, session_of
from center.web.binding import read
from center.web.endpoint import Nothing


async def put_blob(request: web.Request, _: Nothing) -> BlobStored:
    """Store a page picture under the SHA-256 of its bytes; again is harmless."""
    sha256 = request.match_info["sha256"]
    data = await read(request, PAGE_LIMIT)
    return await request.app[keys.EVIDENCE].put_blob(kiosk_of(request), sha256, data)


async def put_page(request: web.Request, body: PageRecord) -> PageStored:
    """Register a page, or that more of it is stored; when whole, the kiosk may forget it."""
    consultation_id, sha256 = request.match_info["consultation_id"], request.match_info["sha256"]
    evidence = request.app[keys.EVIDENCE]
    return await evidence.register_page(kiosk_of(request), consultation_id, sha256, body)


async def read_page(request: web.Request, _: Nothing) -> web.StreamResponse:
    """A page's picture: flattened, that small for a thin line, or as captured; audited."""
    data = await request.app[keys.EVIDENCE].picture(
        session_of(request).staff,
        request.match_info["consultation_id"],
        int(request.match_info["position"]),
        cast("PictureKind", request.match_info["kind"]),
    )
    headers = {"Cache-Control": "private, no-store"}
    return web.Response(body=data, content_type=_image_type(data), headers=headers)


async def read_marks(request: web.Request, _: Nothing) -> PapersView:
    """What was drawn on the pages of a consultation; the reading is audited."""
    consultation_id = request.match_info["consultation_id"]
    return await request.app[keys.EVIDENCE].marks(session_of(request).staff, consultation_id)


async def read_document(request: web.Request, _: Nothing) -> web.StreamResponse:
    """The sealed PDF of all pages; the reading is audited."""
    consultation_id = request.match_info["consultation_id"]
    data = await request.app[keys.EVIDENCE].document(session_of(request).staff, consultation_id)
    headers = {"Content-Disposition": f'inline; filename="{consultation_id}.pdf"'}
    return web.Response(body=data, content_type="application/pdf", headers=headers)


async def read_seal_certificate(request: web.Request, _: Nothing) -> web.StreamResponse:
    """The certificate that documents of this center are sealed with."""
    pem = await request.app[keys.EVIDENCE].seal_certificate()
    return web.Response(text=pem, content_type="application/x-pem-file")


async def look_up(request: web.Request, body: LookupAsk) -> Lookup:
    """What became of a matter, for the two things printed on a slip."""
    return await request.app[keys.LOOKUPS].lookup(body)


def _image_type(data: bytes) -> str:
    if data.startswith(b"\xff\xd8"):
        return "image/jpeg"
    return "image/png" if data.startswith(b"\x89PNG") else "image/webp"
