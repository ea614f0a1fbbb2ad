"""From a row of the table to an aiohttp handler: read, call, write."""

from typing import TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, ValidationError

from center import keys
from center.web.endpoint import AnyEndpoint, Nothing
from center.web.errors import BodyInvalid, BodyTooLarge
from center.web.parts import read_form

TakesT = TypeVar("TakesT", bound=BaseModel)


def bind(app: web.Application, endpoints: tuple[AnyEndpoint, ...]) -> None:
    """Register every row, and remember which route belongs to which row."""
    routes: dict[web.AbstractRoute, AnyEndpoint] = {}
    for endpoint in endpoints:
        resource = app.router.add_resource(endpoint.path)
        routes[resource.add_route(endpoint.method, _handler(endpoint))] = endpoint
    app[keys.ENDPOINTS] = routes


def _handler(endpoint: AnyEndpoint) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        taken = await _take(request, endpoint)
        given = await endpoint.handler(request, taken)
        if isinstance(given, web.StreamResponse):
            return given
        return json_answer(given, endpoint.status)

    return handle


def json_answer(given: BaseModel, status: int = 200) -> web.Response:
    """A model as a JSON response."""
    return web.Response(
        text=given.model_dump_json(), status=status, content_type="application/json"
    )


async def _take(request: web.Request, endpoint: AnyEndpoint) -> BaseModel:
    takes: type[BaseModel] = endpoint.takes
    if takes is Nothing:
        return Nothing()
    try:
        if endpoint.source == "query":
            return takes.model_validate(_query(request))
        if endpoint.upload:
            record, request[keys.PICTURE] = await read_form(request, endpoint.limit)
            return takes.model_validate_json(record)
        return takes.model_validate_json(await read(request, endpoint.limit))
    except ValidationError as error:
        raise BodyInvalid(_sentence(error)) from None


def _query(request: web.Request) -> dict[str, str]:
    """Parameters by name; an empty one counts as absent, a repeated one is refused."""
    if len(set(request.query)) != len(request.query):
        raise BodyInvalid("a parameter is given twice")
    return {name: value for name, value in request.query.items() if value != ""}


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else first["msg"]


async def read(request: web.Request, limit: int) -> bytes:
    """The body, at most `limit` bytes of it in memory.

    Raises:
        BodyTooLarge: it says it is, or turns out to be, longer.
    """
    data = bytearray()
    await read_into(data, request, limit)
    return bytes(data)


async def read_into(data: bytearray, request: web.Request, limit: int) -> None:
    """The body, appended as it arrives to what is there; `limit` is for both.

    Raises:
        BodyTooLarge: it says it is, or turns out to be, longer.
        BodyInvalid: the line was cut, so nobody hears this.
    """
    if len(data) + (request.content_length or 0) > limit:
        raise BodyTooLarge(f"more than {limit} bytes")
    try:
        async for chunk in request.content.iter_chunked(64 * 1024):
            data += chunk
            if len(data) > limit:
                raise BodyTooLarge(f"more than {limit} bytes")
    except ConnectionError:
        raise BodyInvalid("cut off") from None
