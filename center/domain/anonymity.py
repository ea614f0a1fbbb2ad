"""Takes the people out of a consultation's events when their time has come.

What figures are made of stays: times, types, versions, township, matter, language, outcome, rating.
Each person becomes `anonymous-1`, `anonymous-2`, … in the order in which the events name them, so
that replaying them still makes the consultation that the rows show. Hashes of papers and the slip
code go as well.
"""

from dataclasses import dataclass, field, replace

from center.domain.consultation import Consultation

Data = dict[str, object]

NAMES_PEOPLE = frozenset({"staff_id", "to"})
"""Fields of events that hold a staff id."""

STAFF_ACTOR = "staff:"


@dataclass
class Anonymity:
    """One consultation's pseudonyms; ask for its events in order, then for itself."""

    names: dict[str, str] = field(default_factory=dict)

    def entry(self, actor: str, data: Data) -> tuple[str, Data]:
        """An event's actor and data without people."""
        told = {key: self._value(key, value) for key, value in data.items()}
        if actor.startswith(STAFF_ACTOR):
            actor = STAFF_ACTOR + self._name(actor.removeprefix(STAFF_ACTOR))
        return actor, told

    def consultation(self, known: Consultation) -> Consultation:
        """What the anonymous events make; nobody opens it by its slip any more."""
        return replace(
            known,
            slip_code="",
            staff_id=known.staff_id and self._name(known.staff_id),
            wanted_staff_id=known.wanted_staff_id and self._name(known.wanted_staff_id),
            declined_by=frozenset(map(self._name, known.declined_by)),
        )

    def _value(self, key: str, value: object) -> object:
        if key in NAMES_PEOPLE and isinstance(value, str):
            return self._name(value)
        if key == "peer" and isinstance(value, str) and value.startswith(STAFF_ACTOR):
            return STAFF_ACTOR + self._name(value.removeprefix(STAFF_ACTOR))
        return "" if key == "sha256" else value

    def _name(self, staff_id: str) -> str:
        return self.names.setdefault(staff_id, f"anonymous-{len(self.names) + 1}")
