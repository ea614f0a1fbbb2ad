"""PROTOCOL.md is read with the very types the center uses."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from center.protocol import kiosk_wire, rest, staff_wire

TEXT = Path(__file__).parents[3].joinpath("PROTOCOL.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json (\w+)\n(.*?)\n```", TEXT, flags=re.DOTALL)
UNIONS: dict[str, Any] = {
    "KioskToCenter": kiosk_wire.KioskToCenter,
    "CenterToKiosk": kiosk_wire.CenterToKiosk,
    "StaffToCenter": staff_wire.StaffToCenter,
    "CenterToStaff": staff_wire.CenterToStaff,
}
TYPES: dict[str, Any] = UNIONS | {
    "KioskHello": kiosk_wire.KioskHello,
    "StaffHello": staff_wire.StaffHello,
} | {name: getattr(rest, name) for name in ("Problem", "Login", "Enrol", "PageRecord")} | {
    name: getattr(rest, name) for name in ("LookupAsk", "Lookup")
}  # fmt: skip


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[text[:60] for _, text in EXAMPLES])
def test_every_example_is_valid(name: str, example: str) -> None:
    TypeAdapter(TYPES[name]).validate_json(example)


def test_every_fenced_json_names_its_type() -> None:
    assert TEXT.count("```json") == len(EXAMPLES)


def test_every_frame_has_an_example() -> None:
    shown = {TypeAdapter(TYPES[name]).validate_json(text).__class__ for name, text in EXAMPLES}
    frames = {frame for union in UNIONS.values() for frame in get_args(get_args(union)[0])}
    assert {frame.__name__ for frame in frames - shown} == set()
