"""Security headers on every response.

Element Plus positions its poppers through the CSSOM (`element.style.top = …`), which CSP does not
govern, so styles need no 'unsafe-inline'.
"""

from aiohttp import web

from center.web.origin import own_origin

PERMISSIONS = "camera=(self), microphone=(self), display-capture=(), geolocation=(), payment=()"


def policy(origin: str) -> str:
    """The Content-Security-Policy; `connect-src` names the socket's origin for older browsers."""
    sockets = origin.replace("http", "ws", 1)
    return (
        "default-src 'self'; script-src 'self'; style-src 'self'; "
        f"connect-src 'self' {sockets}; img-src 'self' blob: data:; media-src 'self' blob:; "
        "font-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
        "form-action 'self'"
    )


async def add_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Signal handler of `on_response_prepare`, so that refusals and sockets have them too."""
    origin = own_origin(request)
    response.headers["Content-Security-Policy"] = policy(origin)
    response.headers["Permissions-Policy"] = PERMISSIONS
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
    if origin.startswith("https:"):
        response.headers["Strict-Transport-Security"] = "max-age=31536000"


def install(app: web.Application) -> None:
    """Put the headers on every response of the application."""
    app.on_response_prepare.append(add_security_headers)
