"""The personal words of a mediation; stored encrypted, never part of the event log."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """One clause, in the mediation's language and the second where it has two."""

    first: str
    second: str | None = None


@dataclass(frozen=True, slots=True)
class MediationWords:
    """What it is about, who sits where, the draft, the proposed clauses, and the signatures of
    this edition as lines of points (fractions of the field), by seat."""

    mediation_id: str
    title: str = ""
    names: dict[str, str] = field(default_factory=dict)
    draft: tuple[ClauseWords, ...] = ()
    clauses: tuple[ClauseWords, ...] = ()
    signatures: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = field(default_factory=dict)
