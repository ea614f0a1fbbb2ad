"""Pages: coming in from kiosks by hash, going out to the lawyer who has the consultation."""

import re
from typing import cast

from aiohttp import hdrs, web

from center import keys
from center.protocol.base import PAGE_LIMIT
from center.protocol.papers import PapersView
from center.protocol.rest import BlobArrival, BlobStored, Lookup, LookupAsk, PageRecord, PageStored
from center.services.evidence import PictureKind
from center.web.auth import kiosk_of, session_of
from center.web.binding import read_into
from center.web.endpoint import Nothing
from center.web.errors import BodyInvalid, BodyTooLarge

_REST = re.compile(r"bytes (?P<begin>\d{1,9})-(?P<last>\d{1,9})/(?P<whole>\d{1,9})", re.ASCII)
"""The rest of a picture, from a byte to the last one."""


async def put_blob(request: web.Request, _: Nothing) -> BlobStored:
    """Store a picture under the SHA-256 of its bytes, or the rest of one whose beginning is here
    (Content-Range); again is harmless."""
    kiosk_id, sha256 = name = kiosk_of(request), request.match_info["sha256"]
    arrivals = request.app[keys.ARRIVALS]
    data = arrivals.go_on(name, _begin(request))
    try:
        await read_into(data, request, PAGE_LIMIT)
    except BodyTooLarge:
        arrivals.end(name)
        raise
    arrivals.end(name)
    return await request.app[keys.EVIDENCE].put_blob(kiosk_id, sha256, bytes(data))


async def read_blob_arrival(request: web.Request, _: Nothing) -> BlobArrival:
    """How much of a picture is here, so that a cut line need not carry it twice."""
    name = kiosk_of(request), request.match_info["sha256"]
    stored = await request.app[keys.EVIDENCE].has_blob(name[1])
    return BlobArrival(stored=stored, size=request.app[keys.ARRIVALS].held(name))


async def put_page(request: web.Request, body: PageRecord) -> PageStored:
    """Register a page, or that more of it is stored; when whole, the kiosk may forget it."""
    consultation_id, sha256 = request.match_info["consultation_id"], request.match_info["sha256"]
    evidence = request.app[keys.EVIDENCE]
    return await evidence.register_page(kiosk_of(request), consultation_id, sha256, body)


async def put_page_picture(request: web.Request, body: PageRecord) -> PageStored:
    """Register a page together with one of its pictures, in one round trip; again is harmless."""
    evidence, kiosk_id = request.app[keys.EVIDENCE], kiosk_of(request)
    where = request.match_info
    await evidence.put_blob(kiosk_id, where["picture"], request[keys.PICTURE])
    return await evidence.register_page(kiosk_id, where["consultation_id"], where["sha256"], body)


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


def _begin(request: web.Request) -> int:
    """Where in the picture the body begins (RFC 9110, 14.4); it goes on to the end."""
    header = request.headers.get(hdrs.CONTENT_RANGE)
    if header is None:
        return 0
    found = _REST.fullmatch(header)
    if found is None or int(found["last"]) + 1 != int(found["whole"]):
        raise BodyInvalid("Content-Range: not from a byte to the end")
    return int(found["begin"])


def _image_type(data: bytes) -> str:
    if data.startswith(b"\xff\xd8"):
        return "image/jpeg"
    return "image/png" if data.startswith(b"\x89PNG") else "image/webp"
