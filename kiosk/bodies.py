"""Bodies of the page's requests."""

from aiohttp import web


async def read_body(request: web.Request, limit: int) -> bytes:
    """All of it. Raises HTTPRequestEntityTooLarge above `limit` bytes."""
    data = bytearray()
    async for chunk in request.content.iter_any():
        data += chunk
        if len(data) > limit:
            raise web.HTTPRequestEntityTooLarge(limit, len(data))
    return bytes(data)
