"""What a code on a paper is about, as far as its text tells.

Invoices follow the tax administration's layout (since 2016): a version, the kind of invoice, its
code and number, the amount, the date, a check code, a checksum, separated by commas. All-electronic
invoices (数电票, since 2021) leave the code empty and have a number of twenty digits.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from scanner.codes import Code

_SLIP = re.compile(r"JIUJIN:([A-Z]{2}-[0-9]{8}-[0-9]{4,}):([0-9]{6})")
_COURT = re.compile(
    r"https?://(?:[a-z0-9-]+\.)*(?:court\.gov\.cn|chinacourt\.(?:org|cn))(?:[:/?#].*)?"
)
_INVOICE = re.compile(
    r"01,[0-9]{2},"
    r"((?:[0-9]{10}|[0-9]{12})(?=,[0-9]{8},)|(?=,[0-9]{20},)),([0-9]+),"
    r"([0-9]+(?:\.[0-9]{1,2})?),([0-9]{8}),.*"
)


@dataclass(frozen=True)
class SlipCode:
    """The slip of an earlier visit."""

    number: str
    slip_code: str


@dataclass(frozen=True)
class InvoiceCode:
    """`code` is empty on an all-electronic invoice. `amount` in yuan."""

    code: str
    number: str
    amount: Decimal
    issued: date


@dataclass(frozen=True)
class CourtCode:
    """A court's document, to be looked up at the court's own address."""

    address: str


Meaning = SlipCode | InvoiceCode | CourtCode | None


def meaning(code: Code) -> Meaning:
    """None: some other code, or one whose text is disputed."""
    if code.disputed:
        return None
    return _slip(code.text) or _invoice(code.text) or _court(code.text)


def _slip(text: str) -> SlipCode | None:
    told = _SLIP.fullmatch(text)
    return SlipCode(told[1], told[2]) if told else None


def _invoice(text: str) -> InvoiceCode | None:
    told = _INVOICE.fullmatch(text)
    if told is None:
        return None
    try:
        issued = datetime.strptime(told[4], "%Y%m%d").date()  # noqa: DTZ007  # a day, no time
    except ValueError:
        return None
    return InvoiceCode(told[1], told[2], Decimal(told[3]), issued)


def _court(text: str) -> CourtCode | None:
    return CourtCode(text) if _COURT.fullmatch(text) else None
