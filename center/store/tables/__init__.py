"""All tables; importing this fills `SQLModel.metadata`."""

from center.store.tables import calls, evidence, log, people

__all__ = ["calls", "evidence", "log", "people"]
