"""What the recorder's process is told and says: one JSON object a line, on its standard streams.

The first line is a `Setting`. Each order is answered by a `Done` or a `Failed` with its number;
`News` come in between. At the end of its input the process stops every recording and ends.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from media.recording.manifest import Consent

READY = 0
"""Number of the `Done` that the process says first, when it is ready for orders."""


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Setting(_Line):
    """Where recordings go, the key they are sealed with (hex), and whether 127.0.0.1 is a way."""

    folder: str
    key: str = Field(repr=False)
    loopback: bool = False


class Server(_Line):
    """An entry of RTCConfiguration.iceServers."""

    urls: tuple[str, ...]
    username: str | None = None
    credential: str | None = None


class _Order(_Line):
    number: int
    reel: str


class Start(_Order):
    """Begin an empty recording called `reel`."""

    do: Literal["start"] = "start"
    room: str


class Answer(_Order):
    """Answer a peer's offer; `names` tell what its tracks show, by mid. The relays are for a first
    offer, their credentials last for minutes."""

    do: Literal["answer"] = "answer"
    consent: Consent
    sdp: str
    names: dict[str, str]
    servers: tuple[Server, ...] = ()
    relay_only: bool = False


class Candidate(_Line):
    """RTCIceCandidateInit, as far as it matters."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    candidate: str
    sdpMid: str | None = None  # noqa: N815 - the W3C's name
    sdpMLineIndex: int | None = None  # noqa: N815


class AddCandidates(_Order):
    """Ways to a peer that were found after its offer."""

    do: Literal["add_candidates"] = "add_candidates"
    peer: str
    candidates: tuple[Candidate, ...]


class HangUp(_Order):
    """A peer is not recorded any more."""

    do: Literal["hang_up"] = "hang_up"
    peer: str


class Stop(_Order):
    """The recording is over; answered when everything is on the disk."""

    do: Literal["stop"] = "stop"


class Pulse(_Line):
    """Say that you are there: a process that hangs does not."""

    do: Literal["pulse"] = "pulse"
    number: int


class Done(_Line):
    """The order was carried out; `sdp` answers an `Answer`."""

    say: Literal["done"] = "done"
    number: int
    sdp: str | None = None


class Failed(_Line):
    """The order was refused (what ran goes on), or failed: no room on the disk, no writing to it,
    or otherwise."""

    say: Literal["failed"] = "failed"
    number: int
    why: Literal["refused", "full", "disk", "failed"]
    detail: str


class News(_Line):
    """A peer's recording is in this state now; see `media.recording.peer.State`."""

    say: Literal["news"] = "news"
    reel: str
    peer: str
    state: str


class Finishing(_Line):
    """All that `python -m media finish` needs, on its standard input."""

    folder: str
    key: str = Field(repr=False)
    seal_key: str = Field(repr=False)
    seal_certificate: str


class Published(_Line):
    """What one participant sent in one go: files of Janus (`.mjr`) by what they show."""

    consent: Consent
    files: dict[str, str]


class Converting(Finishing):
    """All that `python -m media convert` needs, on its standard input; `folder` is made."""

    room: str
    published: tuple[Published, ...]


OfReel = Start | Answer | AddCandidates | HangUp | Stop
Order = Annotated[OfReel | Pulse, Field(discriminator="do")]
Word = Annotated[Done | Failed | News, Field(discriminator="say")]

order: TypeAdapter[Order] = TypeAdapter(Order)
word: TypeAdapter[Word] = TypeAdapter(Word)
