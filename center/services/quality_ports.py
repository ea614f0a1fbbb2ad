"""Where the record of lines is kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from center.domain.quality import Batch, SeatBatch, Tally
from center.protocol.words import PeerRole


class QualityBook(Protocol):
    """Batches of points, and the tally of each page that sent them."""

    async def add(self, batch: Batch) -> bool:
        """Keep the batch and count it; False (and nothing changed) when the page's tally has this
        number already."""

    async def batches(self, consultation_id: str) -> tuple[Batch, ...]:
        """All batches of a consultation, by side and time."""

    async def tallies(
        self, consultation_ids: Sequence[str]
    ) -> Mapping[str, Mapping[PeerRole, Tally]]:
        """What the points of these consultations come to, by side."""

    async def add_of_seat(self, batch: SeatBatch) -> bool:
        """As `add`, of a mediation."""

    async def batches_of_seats(self, mediation_id: str) -> tuple[SeatBatch, ...]:
        """All batches of a mediation, by time."""

    async def tallies_of_seats(
        self, mediation_ids: Sequence[str]
    ) -> Mapping[str, Mapping[tuple[str, str], Tally]]:
        """What the points of these mediations come to, by seat and whom it received."""

    async def delete_batches(self, before: datetime) -> int:
        """Forget the points that began before this moment; the tallies stay. How many batches."""
