"""Which origin this center is reached by, and whether a browser's request comes from it."""

from aiohttp import web

from center import keys
from center.web.errors import WrongOrigin


def own_origin(request: web.Request) -> str:
    """The origin browsers use: as configured, else scheme and Host of this request.

    `X-Forwarded-*` is believed only from a trusted proxy.
    """
    settings = request.app[keys.SETTINGS].center
    if settings.public_origin:
        return settings.public_origin.rstrip("/")
    if request.remote in settings.trusted_proxies:
        scheme = request.headers.get("X-Forwarded-Proto", request.scheme)
        return f"{scheme}://{request.headers.get('X-Forwarded-Host', request.host)}"
    return f"{request.scheme}://{request.host}"


def require_own_origin(request: web.Request) -> None:
    """A page of ours must have sent this.

    Raises:
        WrongOrigin: the Origin header is missing or another one.
    """
    origin = request.headers.get("Origin")
    if origin != own_origin(request):
        raise WrongOrigin(f"origin {origin!r}")


def refuse_browsers(request: web.Request) -> None:
    """Kiosk agents send no Origin; a page that does must be ours.

    Raises:
        WrongOrigin: a foreign page sent this.
    """
    if "Origin" in request.headers:
        require_own_origin(request)
