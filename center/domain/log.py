"""Events as entries of the log, and back.

An entry is a type (`offer_expired` for `OfferExpired`) and JSON data. Fields marked secret are left
out: the log is read by people who must not know them. A field that came later has a default, which
older entries are read with. `replay` folds a consultation's entries
again, which is how the projections are checked against the truth.
"""

import re
from collections.abc import Iterable
from dataclasses import MISSING, Field, fields
from datetime import datetime
from enum import StrEnum
from types import NoneType
from typing import TYPE_CHECKING, TypeVar, cast, get_args, get_type_hints

from center.domain import duty, events, mediation_events, mediation_transitions
from center.domain.consultation import Consultation
from center.domain.mediation import Mediation
from center.domain.rules import Rules
from center.domain.transitions import advance

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
Data = dict[str, object]
Entry = tuple[str, Data, datetime]
"""Type, data and time of one stored event."""


def type_name(kind: type) -> str:
    """The name that events of this class bear in the log."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


_CONSULTATION: dict[str, type[events.Event]] = {
    type_name(kind): kind for kind in get_args(events.Event)
}
_DUTY: dict[str, type[duty.DutyEvent]] = {
    type_name(kind): kind for kind in get_args(duty.DutyEvent)
}
_MEDIATION: dict[str, type[mediation_events.Event]] = {
    type_name(kind): kind for kind in get_args(mediation_events.Event)
}


def encode(event: events.Event | duty.DutyEvent | mediation_events.Event) -> tuple[str, Data]:
    """Type and data, ready for JSON."""
    open_fields = [f for f in fields(event) if not _secret(f)]
    return type_name(type(event)), {f.name: _plain(getattr(event, f.name)) for f in open_fields}


def decode(name: str, data: Data) -> events.Event:
    """The consultation event of an entry; secrets come back empty. Raises KeyError."""
    return _build(_CONSULTATION[name], data)


def decode_duty(name: str, data: Data) -> duty.DutyEvent:
    """The duty event of an entry. Raises KeyError."""
    return _build(_DUTY[name], data)


def decode_mediation(name: str, data: Data) -> mediation_events.Event:
    """The mediation event of an entry; secrets come back empty. Raises KeyError."""
    return _build(_MEDIATION[name], data)


def replay(entries: Iterable[Entry], rules: Rules) -> Consultation | None:
    """The consultation that these entries make; None when there are none.

    Its deadline follows today's rules, and its secrets are empty: compare without both.
    """
    consultation = None
    for name, data, at in entries:
        consultation = advance(consultation, decode(name, data), at, rules).consultation
    return consultation


def replay_duty(staff_id: str, entries: Iterable[Entry], rules: Rules) -> duty.Duty | None:
    """The duty that these entries make; None when there are none."""
    present = None
    for name, data, at in entries:
        before = present or duty.Duty.off(staff_id, at)
        present = duty.advance(before, decode_duty(name, data), at, rules)
    return present


def replay_mediation(entries: Iterable[Entry]) -> Mediation | None:
    """The mediation that these entries make; None when there are none. Its codes are empty."""
    mediation = None
    for name, data, at in entries:
        mediation = mediation_transitions.advance(mediation, decode_mediation(name, data), at)
    return mediation


def _secret(field: Field[object]) -> bool:
    return bool(field.metadata.get("secret", False))


def _plain(value: object) -> object:
    match value:
        case StrEnum():
            return value.value
        case datetime():
            return value.isoformat()
        case _:
            return value


def _build(kind: type[T], data: Data) -> T:
    hints = get_type_hints(kind)
    values = {
        f.name: "" if _secret(f) else _typed(hints[f.name], data[f.name])
        for f in fields(cast("type[DataclassInstance]", kind))
        if f.name in data or _secret(f) or f.default is MISSING
    }
    return kind(**values)


def _typed(hint: object, value: object) -> object:
    """A field that may be None has the type of what else it may be."""
    kind = next((part for part in get_args(hint) if part is not NoneType), hint)
    if value is None or not isinstance(kind, type):
        return value
    if issubclass(kind, StrEnum):
        return kind(str(value))
    return datetime.fromisoformat(str(value)) if kind is datetime else value
