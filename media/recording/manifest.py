"""What a finished recording vouches for, in words."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Consent(_Frozen):
    """Who agreed to be recorded, and when (ISO 8601, UTC)."""

    peer: str
    who: str
    at: str


class Stream(_Frozen):
    """One stream of a part; `name` is what it shows, or the track's W3C `mid`."""

    name: str
    codec: str
    frames: int


class Part(_Frozen):
    """What one connection of one peer showed, the person or the desk: a WebM file, or none when
    nothing came or the disk damaged it.

    `since` and `until` are seconds after the recording began; `whole` when its end was written,
    with `cause` (a `State`, or `crashed`). `sha256` (hex) and `size` are of the plain WebM.
    """

    file: str | None
    consent: Consent | None
    since: float
    until: float
    whole: bool
    cause: str
    streams: tuple[Stream, ...] = ()
    size: int = 0
    sha256: str = ""


class Manifest(_Frozen):
    """The recording; times ISO 8601, UTC."""

    version: Literal[1] = 1
    recording: str
    room: str
    started_at: str
    sealed_at: str
    parts: tuple[Part, ...]


class Envelope(_Frozen):
    """A manifest to the byte, and a detached CMS signature over it (PEM)."""

    manifest: str
    signature: str
