"""What the pages of a room on a server say of its lines, passed on as a mesh would.

There each page tells each other one what it sends and how it receives that one. Here it tells the
center, on the link that sends, what it sends, and on each other link, how it receives that person;
the words are those of center/ui/shared/src/rtc/quality/report.ts.
"""

from collections.abc import Sequence
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from center.domain.rooms import Tracks
from center.protocol.words import Track
from center.realtime.channel import Body

Hears = Literal["nothing", "silence", "sound"]
Sees = Literal["frozen", "black", "picture"]
"""Worst first."""
_HEARS, _SEES = get_args(Hears), get_args(Sees)


class Report(BaseModel):
    """Of one page, about one link; without a grade it is left to RTCP."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    hears: Hears
    sees: Sees
    grade: Literal["good", "fair", "weak", "broken"] | None
    sound: Literal["on", "muted", "silent", "none", "withheld"]
    picture: Literal["full", "small", "paused", "off", "none", "withheld"]


PRESUMED = Report(hears="sound", sees="picture", grade="good", sound="on", picture="full")
"""Of a page that has not spoken yet."""


def report_in(body: Body) -> Report | None:
    """None when there is none, or none that makes sense."""
    try:
        return Report.model_validate(body["quality"])
    except (KeyError, ValidationError):
        return None


def of_person(sends: Report, allowed: Tracks, receives: Report | None) -> Report:
    """Of somebody, for one who is allowed these tracks of them: what they send, and how they
    receive that one."""
    sound = sends.sound if Track.FACE_AUDIO in allowed else "withheld"
    picture = sends.picture if Track.FACE_VIDEO in allowed else "withheld"
    return (receives or PRESUMED).model_copy(update={"sound": sound, "picture": picture})


def of_room(receivers: Sequence[Report]) -> Report:
    """Of the server, for one who sends to it: the worst that the others receive of them."""
    hears: Hears = min((one.hears for one in receivers), key=_HEARS.index, default="sound")
    sees: Sees = min((one.sees for one in receivers), key=_SEES.index, default="picture")
    return Report(hears=hears, sees=sees, grade=None, sound="withheld", picture="withheld")
