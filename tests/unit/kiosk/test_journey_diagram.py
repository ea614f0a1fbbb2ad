"""The picture of the journey shows what the machine does."""

from kiosk.journey.diagram import journey_diagram
from kiosk.words import Screen


def test_every_screen_a_resident_can_come_to_is_in_the_picture() -> None:
    text = journey_diagram()
    # Only the center's word takes a kiosk out of service.
    missing = {screen for screen in Screen if f" {screen.value}" not in text}
    assert missing == {Screen.OUT_OF_SERVICE}


def test_the_main_way_is_in_the_picture() -> None:
    lines = journey_diagram().splitlines()
    for line in (
        "    home --> talk_language: lawyer",
        "    papers --> wait: call_lawyer",
        "    call --> call_scan: open_scan",
        "    wait --> home: (left)",
    ):
        assert line in lines
