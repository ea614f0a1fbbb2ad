"""Who calls, and whether the table lets them."""

from aiohttp import web
from aiohttp.typedefs import Handler

from center import keys
from center.domain.errors import Forbidden, Unauthenticated
from center.protocol.rest import Session
from center.web.endpoint import KIOSK, PUBLIC, STAFF, AnyEndpoint, Identified
from center.web.origin import refuse_browsers, require_own_origin

COOKIE = "jiujin_session"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@web.middleware
async def permissions(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a request through only when its endpoint's row allows its caller."""
    endpoint = request.app[keys.ENDPOINTS].get(request.match_info.route)
    if endpoint is None:
        return await handler(request)
    _check_origin(request, endpoint)
    request[keys.WHO] = await _identify(request, endpoint)
    return await handler(request)


def _check_origin(request: web.Request, endpoint: AnyEndpoint) -> None:
    changes_or_streams = request.method not in SAFE or endpoint.socket is not None
    if endpoint.browsers and changes_or_streams:
        require_own_origin(request)
    elif changes_or_streams:
        refuse_browsers(request)


async def _identify(request: web.Request, endpoint: AnyEndpoint) -> Identified:
    if endpoint.allow == PUBLIC:
        return Identified()
    who = await _credentials(request)
    if who.caller not in endpoint.allow:
        raise Forbidden(f"{endpoint.operation_id} is not for {who.caller}")
    return who


async def _credentials(request: web.Request) -> Identified:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return Identified(kiosk_id=await request.app[keys.IDENTITY].kiosk_of_token(token))
    if cookie := request.cookies.get(COOKIE):
        return Identified(session=await request.app[keys.IDENTITY].session(cookie))
    raise Unauthenticated("no session cookie and no bearer token")


def session_of(request: web.Request) -> Session:
    """The staff session behind a request whose endpoint is for staff."""
    session = request[keys.WHO].session
    if session is None:
        raise Unauthenticated("not a staff request")
    return session


def actor_of(request: web.Request) -> str:
    """The signed-in person as the audit log names one."""
    return f"staff:{session_of(request).staff.staff_id}"


def caller_of(request: web.Request) -> str:
    """Who is behind a request whose endpoint is for staff and kiosks."""
    kiosk_id = request[keys.WHO].kiosk_id
    return f"kiosk:{kiosk_id}" if kiosk_id else actor_of(request)


def kiosk_of(request: web.Request) -> str:
    """The kiosk behind a request whose endpoint is for kiosks."""
    kiosk_id = request[keys.WHO].kiosk_id
    if kiosk_id is None:
        raise Unauthenticated("not a kiosk request")
    return kiosk_id


def credentials_of(endpoint: AnyEndpoint) -> list[str]:
    """Which credentials open an endpoint, as OpenAPI names them; none when it is public."""
    kinds = {"session": STAFF, "kiosk": KIOSK}
    return [name for name, callers in kinds.items() if endpoint.allow & callers]
