"""Mermaid pictures of the state machines, drawn from the tables that decide."""

from collections.abc import Iterable

from center.domain import duty, transitions


def state_diagram(rows: Iterable[tuple[str | None, type, str]], start: str | None = None) -> str:
    """A `stateDiagram-v2`. None as a source is the start; events on the same arrow share it."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for before, event, after in rows:
        source = "[*]" if before is None else str(before)
        arrows.setdefault((source, str(after)), []).append(event.__name__)
    lines = [f"    {a} --> {b}: {', '.join(names)}" for (a, b), names in arrows.items()]
    entry = [f"    [*] --> {start}"] if start else []
    return "\n".join(["stateDiagram-v2", *entry, *lines])


def consultation_diagram() -> str:
    """The consultation's machine, without the events that leave the state as it is."""
    moves = [row for row in transitions.TRANSITIONS if row[0] is not row[2]]
    return state_diagram(moves)


def duty_diagram() -> str:
    """The duty's machine, without the events that leave the state as it is."""
    moves = [row for row in duty.TRANSITIONS if row[0] is not row[2]]
    return state_diagram(moves, start="off")
