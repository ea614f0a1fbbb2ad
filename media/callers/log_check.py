"""Whether the center's log of a consultation is complete and without a hole."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from media.callers.doors import Person

_MEDIA = "media_reported"
WAY = Counter(
    ["requested", "offered", "accepted", _MEDIA, _MEDIA, "hung_up", "filed", "rated"],
)
"""What a call must leave; a ring that nobody heard may add to it."""

Event = dict[str, Any]


async def torn_logs(reader: Person, consultations: Iterable[str]) -> int:
    """How many of these consultations have a log that is not whole."""
    details = [await reader.get(f"/api/usage/{name}") for name in consultations]
    return sum(not is_whole(detail["events"]) for detail in details)


def is_whole(events: Sequence[Event]) -> bool:
    """Every event of the way, versions without a hole, and positions that rise."""
    versions = [event["version"] for event in events]
    rising = all(a["seq"] < b["seq"] for a, b in pairwise(events))
    complete = Counter(event["type"] for event in events) >= WAY
    return complete and rising and versions == list(range(1, len(events) + 1))
