"""What every frame and body shares, and the limits of the wire."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

PROTOCOL_VERSION = 1
"""Rises when an old client can no longer talk to a new center."""

FRAME_LIMIT = 128 * 1024
"""Largest WebSocket frame accepted in either direction, bytes."""

BODY_LIMIT = 64 * 1024
"""Largest JSON body accepted over HTTP, bytes."""

PAGE_LIMIT = 24 * 1024 * 1024
"""Largest page image accepted over HTTP, bytes."""

HELLO_SECONDS = 5.0
"""Time a fresh socket has to say hello, seconds."""

SIGNAL_LIMIT = 96 * 1024
"""Largest signalling payload relayed between peers, characters."""


class WireModel(BaseModel):
    """A frozen message part; unknown fields are refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_serialization_defaults_required=True
    )


Seq = Annotated[int, Field(ge=0)]
"""Position in the center's event log; 0 means nothing seen yet."""

RequestId = Annotated[int, Field(ge=1, lt=2**53)]
"""Chosen by the client, rising by any step within one socket."""

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
LongText = Annotated[str, StringConstraints(max_length=8000)]
Score = Annotated[int, Field(ge=1, le=5)]
Timestamp = AwareDatetime
