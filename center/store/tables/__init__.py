"""All tables; importing this fills `SQLModel.metadata`."""

from center.store.tables import (
    calls,
    evidence,
    log,
    mediations,
    papers,
    people,
    quality,
    recordings,
)

__all__ = ["calls", "evidence", "log", "mediations", "papers", "people", "quality", "recordings"]
