"""Lost races: who read before somebody else wrote reads again and decides again."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from center.domain.errors import VersionConflict

log = logging.getLogger(__name__)

T = TypeVar("T")

ATTEMPTS = 20
"""Lost races after which a use case gives up. Each was somebody else's progress."""


async def settled(decide: Callable[[], Awaitable[T]]) -> T:
    """What `decide` comes to once nobody else was first; it reads anew each time.

    Raises:
        VersionConflict: too many races were lost; nothing was changed.
    """
    for attempt in range(ATTEMPTS):
        try:
            return await decide()
        except VersionConflict:
            log.debug("lost a race, attempt %d", attempt + 1)
    raise VersionConflict(f"lost {ATTEMPTS} races")
