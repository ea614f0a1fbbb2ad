"""All that screens read; and a look, in which what is shown at the same time is read once."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

from center.services.directory import Directory
from center.services.mediation_views import MediationViews
from center.services.policy import Policy
from center.services.ports import Clock, UnitOfWork, UnitOfWorkFactory
from center.services.rooms import Rooms
from center.services.views import Views


class Screens:
    """Each view in a unit of work of its own, or all in the one of a look."""

    def __init__(self, uow: UnitOfWorkFactory, clock: Clock, policy: Policy) -> None:
        self._uow, self._clock, self._policy = uow, clock, policy
        self.views = Views(uow, clock, policy)
        self.rooms = Rooms(uow)
        self.directory = Directory(uow)
        self.mediations = MediationViews(uow, records=policy.records)

    @asynccontextmanager
    async def look(self) -> AsyncIterator["Screens"]:
        """The same views, of what is committed by now; nothing is read twice."""
        async with self._uow() as uow:
            once = _Once(uow)
            yield Screens(lambda: once, self._clock, self._policy)


class _Once:
    """A unit of work that remembers what was found. It commits nothing."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._repositories: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name not in self._repositories:
            self._repositories[name] = _Finder(getattr(self._uow, name))
        return self._repositories[name]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """It goes on until the end of the look."""


class _Finder:
    """A repository of which every question is asked once."""

    def __init__(self, repository: object) -> None:
        self._repository = repository
        self._found: dict[tuple[object, ...], object] = {}

    def __getattr__(self, name: str) -> Callable[..., Awaitable[object]]:
        find = getattr(self._repository, name)

        async def found(*asked: object) -> object:
            if (name, *asked) not in self._found:
                self._found[name, *asked] = await find(*asked)
            return self._found[name, *asked]

        return found
