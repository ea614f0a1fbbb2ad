"""Log lines: UTC, marked, and without anything personal."""

import asyncio
import json
import logging

import pytest

from config.logging import bind_connection, bind_consultation, redact, set_up
from config.settings import LogSettings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id 222401199001011234.", "id [identity]."),
        ("id 22240119900101123X", "id [identity]"),
        ("old 222401900101123", "old [identity]"),
        ("call 13900001111", "call [phone]"),
        ("call +86 139-0000-1111 now", "call [phone] now"),
        ("hall 0433-0000001", "hall [phone]"),
        ("Authorization: Bearer K01~17~abc", "Authorization: Bearer[secret]"),
        ("Cookie: jiujin_session=abc; x=1", "Cookie: jiujin_session=[secret]; x=1"),
        ("password=hunter2", "password=[secret]"),
        ("number YJ-20261121-0007", "number YJ-20261121-0007"),
        ("2026-11-21T02:00:00.123Z", "2026-11-21T02:00:00.123Z"),
        ("consultation 6d33dbbe0df01880bb65f90a", "consultation 6d33dbbe0df01880bb65f90a"),
    ],
)
def test_personal_things_are_redacted(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_a_line_carries_its_marks_and_a_traceback_is_redacted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up(LogSettings(json_lines=True))
    bind_connection("kiosk-1")
    bind_consultation("c-1")
    try:
        int("called 13900001111")
    except ValueError:
        logging.getLogger("here").exception("failed for %s", "13900001111")
    line = json.loads(capsys.readouterr().err)
    assert (line["connection"], line["consultation"]) == ("kiosk-1", "c-1")
    assert line["at"].endswith("Z")
    assert "13900001111" not in json.dumps(line)
    assert "[phone]" in line["exception"]


async def test_marks_belong_to_their_task(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(LogSettings())

    async def one(name: str) -> None:
        bind_connection(name)
        await asyncio.sleep(0)
        logging.getLogger("here").info("hello from %s", name)

    await asyncio.gather(one("a-1"), one("b-2"))
    lines = capsys.readouterr().err.splitlines()
    assert "[a-1" in lines[0]
    assert "[b-2" in lines[1]
