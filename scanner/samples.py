"""The papers of the demo and the tests: real photographs, cut out and flattened."""

from dataclasses import dataclass
from importlib.resources import files

from scanner.image import decode
from scanner.types import Image


@dataclass(frozen=True)
class Paper:
    """One sample and the long side it has on the mat, in millimetres."""

    name: str
    long_side_mm: float

    def load(self) -> Image:
        return decode((files("scanner") / "samples" / f"{self.name}.jpg").read_bytes())


PAPERS = (
    Paper("letter", 297),
    Paper("timetable", 297),
    Paper("report", 297),
    Paper("ruled-note", 250),
    Paper("form", 180),
    Paper("article", 150),
    Paper("shop-receipt", 190),
    Paper("tall-receipt", 170),
    Paper("blue-receipt", 170),
)
