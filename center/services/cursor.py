"""Opaque "where the page ended" texts of the HTTP interface."""

import base64
import binascii
from datetime import datetime

from center.domain.errors import NotFound
from center.services.office import UsageKey


def decode_number(cursor: str) -> int:
    """A cursor that is a number.

    Raises:
        NotFound: it was not made by this center.
    """
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise NotFound("no such cursor")
    return int(cursor)


def encode_key(key: UsageKey) -> str:
    """A cursor of the usage log."""
    text = f"{key.requested_at.isoformat()} {key.consultation_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_key(cursor: str) -> UsageKey:
    """The key inside a cursor of the usage log.

    Raises:
        NotFound: it was not made by this center.
    """
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, _, consultation_id = text.partition(" ")
        at = datetime.fromisoformat(moment)
    except (binascii.Error, ValueError) as error:
        raise NotFound("no such cursor") from error
    if at.tzinfo is None or not consultation_id:
        raise NotFound("no such cursor")
    return UsageKey(at, consultation_id)
