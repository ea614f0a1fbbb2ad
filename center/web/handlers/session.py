"""Signing in and out."""

from aiohttp import web

from center import keys
from center.protocol.rest import Empty, Login, Session
from center.web.auth import COOKIE, session_of
from center.web.binding import json_answer
from center.web.endpoint import Nothing


async def sign_in(request: web.Request, body: Login) -> web.StreamResponse:
    """Sign in with a password; the session travels in a cookie that scripts cannot read."""
    token, session = await request.app[keys.IDENTITY].login(
        body.username, body.password.get_secret_value()
    )
    answer = json_answer(session)
    settings = request.app[keys.SETTINGS].center
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(settings.auth.session_hours * 3600),
        httponly=True,
        secure=settings.cookie_secure,
        samesite="Strict",
        path="/",
    )
    return answer


async def who_am_i(request: web.Request, _: Nothing) -> Session:
    """Who is signed in."""
    return session_of(request)


async def sign_out(request: web.Request, _: Nothing) -> web.StreamResponse:
    """End the session; its sockets are closed."""
    await request.app[keys.IDENTITY].logout(request.cookies[COOKIE])
    request.app[keys.HUB].sign_out(session_of(request).staff.staff_id)
    answer = json_answer(Empty())
    answer.del_cookie(COOKIE, path="/")
    return answer
