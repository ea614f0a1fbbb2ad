"""One figure against its goal, and how figures are shown."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a figure counts in. Of some units less is better."""

    IOU = "IoU"
    SHARE = "%"  # the value is 0 to 1
    MS = "ms"
    RATIO = "x floor"  # times the decoding of an 8-megapixel JPEG
    SECONDS = "s"
    COUNT = "count"
    MEGABYTES = "MB"
    RATE = "per s"


_LESS_IS_BETTER = {Unit.MS, Unit.RATIO, Unit.SECONDS, Unit.COUNT, Unit.MEGABYTES}


@dataclass(frozen=True)
class Row:
    """`goal` None: told, not judged."""

    name: str
    value: float
    goal: float | None
    unit: Unit

    @property
    def reached(self) -> bool | None:
        if self.goal is None:
            return None
        if math.isnan(self.value):
            return False
        less = self.unit in _LESS_IS_BETTER
        return self.value <= self.goal if less else self.value >= self.goal


def table(suites: Mapping[str, Sequence[Row]]) -> str:
    lines = [f"{'figure':<46}{'is':>10}{'goal':>10}  unit"]
    for name, rows in suites.items():
        lines += ["", name, *(_line(row) for row in rows)]
    return "\n".join(lines)


def to_json(suites: Mapping[str, Sequence[Row]]) -> str:
    told = {name: [_plain(row) for row in rows] for name, rows in suites.items()}
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def _line(row: Row) -> str:
    mark = {True: "reached", False: "MISSED", None: ""}[row.reached]
    goal = "" if row.goal is None else _shown(row.goal, row.unit)
    return f"  {row.name:<44}{_shown(row.value, row.unit):>10}{goal:>10}  {row.unit:<8} {mark}"


def _shown(value: float, unit: Unit) -> str:
    if unit is Unit.SHARE:
        return f"{100 * value:.1f}"
    return f"{value:.0f}" if unit is Unit.COUNT else f"{value:.4g}"


def _plain(row: Row) -> dict[str, object]:
    return {
        "name": row.name,
        "value": round(row.value, 5),
        "goal": row.goal,
        "unit": row.unit.value,
        "reached": row.reached,
    }
