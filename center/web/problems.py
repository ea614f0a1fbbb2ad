"""Every refusal over HTTP is `application/problem+json` (RFC 9457) with one of our codes."""

import logging

from aiohttp import web
from aiohttp.typedefs import Handler

from center.domain.errors import DomainError
from center.protocol.rest import Problem
from center.protocol.words import ErrorCode

log = logging.getLogger(__name__)

STATUS: dict[ErrorCode, int] = {
    ErrorCode.BODY_INVALID: 422,
    ErrorCode.BODY_TOO_LARGE: 413,
    ErrorCode.NOT_AN_IMAGE: 415,
    ErrorCode.IMAGE_TRUNCATED: 422,
    ErrorCode.IMAGE_TOO_LARGE: 413,
    ErrorCode.HASH_MISMATCH: 422,
    ErrorCode.BLOB_MISSING: 409,
    ErrorCode.STORAGE_FULL: 507,
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.BAD_CREDENTIALS: 401,
    ErrorCode.BAD_SIGNATURE: 401,
    ErrorCode.KIOSK_REVOKED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.WRONG_ORIGIN: 403,
    ErrorCode.LOCKED_OUT: 429,
    ErrorCode.TOO_MANY_REQUESTS: 429,
    ErrorCode.BAD_ENROLMENT_CODE: 422,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.ILLEGAL_TRANSITION: 409,
    ErrorCode.CONFLICT: 409,
    ErrorCode.OFFER_GONE: 409,
    ErrorCode.NOBODY_WAITING: 409,
    ErrorCode.INTERNAL: 500,
}
"""Status of each code that HTTP can answer with; the others belong to sockets and give 400."""

_BY_STATUS = {
    401: ErrorCode.UNAUTHENTICATED,
    403: ErrorCode.FORBIDDEN,
    404: ErrorCode.NOT_FOUND,
    405: ErrorCode.NOT_FOUND,
    413: ErrorCode.BODY_TOO_LARGE,
}


def problem(code: ErrorCode, detail: str, status: int | None = None) -> web.Response:
    """The refusal as a response."""
    status = status or STATUS.get(code, 400)
    body = Problem(title=code.value.replace("_", " "), status=status, code=code, detail=detail)
    return web.Response(
        text=body.model_dump_json(), status=status, content_type="application/problem+json"
    )


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn typed errors, aiohttp's own and unforeseen ones into problems."""
    try:
        return await handler(request)
    except DomainError as error:
        return problem(error.code, error.detail)
    except web.HTTPRedirection:
        raise
    except web.HTTPException as error:
        code = _BY_STATUS.get(error.status, ErrorCode.BODY_INVALID)
        answer = problem(code, error.reason, error.status)
        if "Allow" in error.headers:
            answer.headers["Allow"] = error.headers["Allow"]
        return answer
    except (ConnectionError, TimeoutError):
        raise
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return problem(ErrorCode.INTERNAL, "the center failed; the log says why")
