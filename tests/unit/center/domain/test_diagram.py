"""The pictures show what the tables say."""

import re

from center.domain import duty, transitions
from center.domain.diagram import consultation_diagram, duty_diagram

ARROW = re.compile(r"    (\S+) --> (\w+)(?:: (.+))?")


def arrows(diagram: str) -> set[tuple[str, str, str]]:
    head, *lines = diagram.splitlines()
    assert head == "stateDiagram-v2"
    found = [ARROW.fullmatch(line) for line in lines]
    return {
        (match[1], event, match[2])
        for match in found
        if match
        for event in (match[3] or "").split(", ")
    }


def test_the_consultation_as_a_picture() -> None:
    moves = {
        (str(before or "[*]"), event.__name__, str(after))
        for before, event, after in transitions.TRANSITIONS
        if before is not after
    }
    assert arrows(consultation_diagram()) == moves


def test_the_duty_as_a_picture() -> None:
    moves = {
        (str(before), event.__name__, str(after))
        for before, event, after in duty.TRANSITIONS
        if before is not after
    }
    assert arrows(duty_diagram()) == moves | {("[*]", "", "off")}
