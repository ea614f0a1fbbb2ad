"""The loop that answers requests: each gets an ack or an error, in the order they came."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import TypeAdapter

from center.domain.errors import DomainError
from center.protocol.frames import Request
from center.protocol.words import ErrorCode
from center.realtime.connection import Connection
from config.logging import bind_consultation

log = logging.getLogger(__name__)

RequestT = TypeVar("RequestT", bound=Request)


async def serve(
    connection: Connection,
    adapter: TypeAdapter[RequestT],
    handle: Callable[[RequestT], Awaitable[None]],
) -> None:
    """Until the socket ends. A failing request never ends the socket."""
    async for frame in connection.requests(adapter):
        bind_consultation(getattr(frame, "consultation_id", getattr(frame, "room_id", None)))
        try:
            await handle(frame)
        except DomainError as error:
            connection.refuse(frame.id, error.code, error.detail)
        except Exception:
            log.exception("request %s failed", getattr(frame, "type", "?"))
            connection.refuse(frame.id, ErrorCode.INTERNAL, "the center failed; the log says why")
        else:
            connection.ack(frame.id)
