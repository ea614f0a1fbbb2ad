"""How many codes are read, how many wrongly, and how fast.

A picture's right answer lies beside it, as text or as bytes. The pictures of every folder are
counted in two halves, of which the second was never looked at while the reader was made.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import numpy as np
import segno

from scanner.bench.context import Context, median_ms
from scanner.bench.rows import Row, Unit
from scanner.codes import Code, read_codes
from scanner.image import decode
from scanner.types import Image

_PICTURES = {".jpg", ".png", ".webp"}
_EMPTY = "falsepositives"
_RIGHT, _WRONG = 0.96, 3


def rows(context: Context) -> list[Row]:
    still = _with_code(context.still)
    times = [
        *context.timed("codes of an 8 MP still", median_ms(lambda: read_codes(still), 5), 250),
        *context.timed("8 MP without codes", median_ms(lambda: read_codes(context.still), 5), 250),
    ]
    return [*([] if context.data is None else _pictures(context.data / "codes")), *times]


def _pictures(folder: Path) -> list[Row]:
    halves: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for _, files in groupby(sorted(_files(folder)), key=lambda file: file.parent):
        for place, file in enumerate(files):
            halves[place % 2][_outcome(file)] += 1
    both = halves[0] + halves[1]
    return [
        _right("worked on", halves[0], None),
        _right("kept aside", halves[1], None),
        _right("all", both, _RIGHT),
        Row("only wrong texts read", both["wrong"], _WRONG, Unit.COUNT),
        Row("texts read where no code is", both["imagined"], 0, Unit.COUNT),
    ]


def _files(folder: Path) -> Iterable[Path]:
    return (file for file in folder.glob("*/*") if file.suffix in _PICTURES)


def _right(name: str, counts: Counter[str], goal: float | None) -> Row:
    known = sum(counts[outcome] for outcome in ("right", "wrong", "missed"))
    return Row(f"right, {name} ({known})", counts["right"] / max(known, 1), goal, Unit.SHARE)


def _outcome(file: Path) -> str:
    found = read_codes(decode(file.read_bytes()))
    if file.parent.name.startswith(_EMPTY):
        return "imagined" if found else "empty"
    answers = [file.with_suffix(suffix) for suffix in (".txt", ".bin")]
    answer = next((answer for answer in answers if answer.is_file()), None)
    if answer is None:
        return "unknown"
    if any(_says(code, answer) for code in found):
        return "right"
    return "wrong" if found else "missed"


def _says(code: Code, answer: Path) -> bool:
    said = code.data if answer.suffix == ".bin" else code.text.encode()
    return said == answer.read_bytes()


def _with_code(still: Image) -> Image:
    """A slip's code in the middle, three pixels a module."""
    rows = 1 - np.array(segno.make_qr("JIUJIN:YJ-20261121-0007:123456").matrix, np.uint8)
    printed = np.kron(np.pad(rows, 4, constant_values=1), np.full((3, 3), 200, np.uint8))
    picture = still.copy()
    top, left = (side // 2 for side in still.shape[:2])
    picture[top : top + len(printed), left : left + len(printed)] = printed[..., None]
    return picture
