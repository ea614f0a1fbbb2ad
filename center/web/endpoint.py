"""What an endpoint is: who may call it, what it takes, what it gives.

The table of them in `center.web.routes` feeds the router, the permission middleware, the
OpenAPI document and the test that walks every role over every endpoint.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Literal, TypeVar

from aiohttp import web
from pydantic import BaseModel

from center.protocol.base import BODY_LIMIT
from center.protocol.rest import Empty, Session
from center.protocol.words import Role

TakesT = TypeVar("TakesT", bound=BaseModel)


class Caller(StrEnum):
    """Who may stand behind a request."""

    PUBLIC = "public"
    LAWYER = "lawyer"
    MEDIATOR = "mediator"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    KIOSK = "kiosk"


PUBLIC = frozenset({Caller.PUBLIC})
KIOSK = frozenset({Caller.KIOSK})
STAFF = frozenset(Caller(role.value) for role in Role)
MEDIATOR = frozenset({Caller.MEDIATOR})
ANSWERING = frozenset({Caller.LAWYER, Caller.MEDIATOR})
COUNSEL = frozenset({Caller.LAWYER, Caller.MEDIATOR, Caller.SUPERVISOR})
OFFICE = frozenset({Caller.SUPERVISOR, Caller.ADMIN})
ADMIN = frozenset({Caller.ADMIN})


@dataclass(frozen=True)
class Identified:
    """Who called; exactly one of the two is set, neither for the public."""

    session: Session | None = None
    kiosk_id: str | None = None

    @property
    def caller(self) -> Caller:
        """The kind that permissions speak of."""
        if self.kiosk_id is not None:
            return Caller.KIOSK
        return Caller(self.session.staff.role.value) if self.session else Caller.PUBLIC


@dataclass(frozen=True)
class Endpoint(Generic[TakesT]):
    """One row of the table.

    `takes` is read from the JSON body or, with `source="query"`, from the query string; `media` is
    the type of an answer that is not JSON, `gives` the model of one that is. `upload` bodies are
    raw bytes that the handler reads up to `limit`, or with `takes` a form: the model as `record`,
    and a `picture` of at most `limit` bytes, which the handler finds in the request. `socket` names
    the unions of a WebSocket (received, sent). `browsers` is false for what only kiosk agents call:
    they send no Origin.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    handler: Callable[[web.Request, TakesT], Awaitable[BaseModel | web.StreamResponse]]
    allow: frozenset[Caller]
    takes: type[TakesT]
    gives: type[BaseModel] | None = None
    source: Literal["body", "query"] = "body"
    media: str | None = None
    upload: bool = False
    limit: int = BODY_LIMIT
    status: int = 200
    socket: tuple[str, str] | None = None
    browsers: bool = True

    @property
    def summary(self) -> str:
        """First line of the handler's docstring."""
        return (self.handler.__doc__ or "").strip().partition("\n")[0]

    @property
    def operation_id(self) -> str:
        """Name of the operation for generated clients."""
        return self.handler.__name__


AnyEndpoint = Endpoint[Any]


class Nothing(Empty):
    """An endpoint that takes nothing."""
