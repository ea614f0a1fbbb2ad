"""The papers people bring carry codes; what they are about is told only where it is certain."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from scanner.code_meaning import CourtCode, InvoiceCode, Meaning, SlipCode, meaning
from scanner.codes import Code

PAPER = "01,10,033002100411,12345678,1860.00,20261121,12345678901234567890,A1B2,"
ELECTRONIC = "01,32,,26952000000012345678,88.5,20261120,,4F2C"
COURT = "https://ssfw.court.gov.cn/ssfww/public?qdbh=7F3A"


def code(text: str) -> Code:
    return Code("qr_code", text, ((0, 0), (1, 0), (1, 1), (0, 1)), ("zxing",))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("JIUJIN:YJ-20261121-0007:123456", SlipCode("YJ-20261121-0007", "123456")),
        (PAPER, InvoiceCode("033002100411", "12345678", Decimal("1860.00"), date(2026, 11, 21))),
        (ELECTRONIC, InvoiceCode("", "26952000000012345678", Decimal("88.5"), date(2026, 11, 20))),
        (COURT, CourtCode(COURT)),
    ],
)
def test_what_a_code_is_about(text: str, told: Meaning) -> None:
    assert meaning(code(text)) == told
    assert meaning(replace(code(text), disputed=True)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "JIUJIN:YJ-20261121-0007:12345",
        PAPER.replace("20261121", "20261321"),
        PAPER.replace("1860.00", "NaN"),
        PAPER.replace("12345678,", "1234567,"),
        "02" + PAPER[2:],
        "https://court.gov.cn.example.org/",
        "https://notcourt.gov.cn/",
        COURT + "\nhttps://example.org",
    ],
)
def test_anything_else_is_not_guessed(text: str) -> None:
    assert meaning(code(text)) is None
