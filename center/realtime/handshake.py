"""The first frame of a client, under a time limit."""

import asyncio
from typing import TypeVar

from pydantic import BaseModel, TypeAdapter

from center.protocol.base import PROTOCOL_VERSION
from center.protocol.words import ErrorCode
from center.realtime.connection import CLOSE_HELLO, CLOSE_PROTOCOL, Connection, FrameRefused

HelloT = TypeVar("HelloT", bound=BaseModel)


async def first_frame(
    connection: Connection, adapter: TypeAdapter[HelloT], seconds: float
) -> HelloT | None:
    """The hello, or None after the socket was told why not and is being closed."""
    try:
        async with asyncio.timeout(seconds):
            return await connection.receive(adapter)
    except TimeoutError:
        _refuse(connection, ErrorCode.HELLO_TIMEOUT, f"no hello within {seconds} s")
    except FrameRefused as refused:
        _refuse(connection, refused.code, refused.detail)
    except ConnectionResetError:
        pass
    return None


def is_spoken(connection: Connection, protocol: int) -> bool:
    """Whether the client speaks our protocol; if not, it is told and closed."""
    if protocol == PROTOCOL_VERSION:
        return True
    connection.refuse(None, ErrorCode.PROTOCOL_MISMATCH, f"this is protocol {PROTOCOL_VERSION}")
    connection.close(CLOSE_PROTOCOL, "protocol")
    return False


def _refuse(connection: Connection, code: ErrorCode, detail: str) -> None:
    connection.refuse(None, code, detail)
    connection.close(CLOSE_HELLO, code.value)
