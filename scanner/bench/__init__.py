"""Figures of the scanner: measured, against a goal, as a table and as JSON.

Every suite is a module of this package with `rows(context) -> list[Row]`, named in `SUITES`.
Times are medians on one core and also ratios to decoding an 8-megapixel JPEG in the same run.
"""

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import cv2

from scanner.bench import codes, document, finding, live, text
from scanner.bench.context import Context
from scanner.bench.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

Suite = Callable[[Context], list[Row]]

SUITES: dict[str, Suite] = {
    "codes": codes.rows,
    "document": document.rows,
    "finding": finding.rows,
    "live": live.rows,
    "text": text.rows,
}


def measure(context: Context, names: Sequence[str] = ()) -> dict[str, list[Row]]:
    """Rows by suite; all suites when none is named. OpenCV runs on one thread meanwhile."""
    with _one_thread():
        return {name: SUITES[name](context) for name in names or SUITES}


@contextmanager
def _one_thread() -> "Iterator[None]":
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)
