"""Bodies of two parts: what is told of a picture, and the picture."""

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import BadHttpMessage

from center.protocol.base import BODY_LIMIT
from center.web.errors import BodyInvalid, BodyTooLarge


async def read_form(request: web.Request, limit: int) -> tuple[bytes, bytes]:
    """`record` and `picture` of a multipart/form-data body (RFC 7578), in this order.

    Raises:
        BodyInvalid: it has other parts, or was cut off.
        BodyTooLarge: the record is longer than a JSON body may be, or the picture than `limit`.
    """
    if request.content_type != "multipart/form-data":
        raise BodyInvalid("not multipart/form-data")
    try:
        parts = await request.multipart()
        record = await _part(parts, "record", BODY_LIMIT)
        picture = await _part(parts, "picture", limit)
        if await parts.next() is not None:
            raise BodyInvalid("more than record and picture")
    except (ValueError, BadHttpMessage, ConnectionError) as error:
        raise BodyInvalid(f"multipart: {error}") from None
    return record, picture


async def _part(parts: MultipartReader, name: str, limit: int) -> bytes:
    part = await parts.next()
    if not isinstance(part, BodyPartReader) or part.name != name:
        raise BodyInvalid(f"no {name} where it should be")
    data = bytearray()
    while chunk := await part.read_chunk(64 * 1024):
        data += chunk
        if len(data) > limit:
            raise BodyTooLarge(f"{name} of more than {limit} bytes")
    return bytes(data)
