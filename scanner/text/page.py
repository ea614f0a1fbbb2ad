"""What is read on a page: plain data, no engine behind it."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

Corner = tuple[float, float]
Corners = tuple[Corner, Corner, Corner, Corner]
"""Pixels of the picture that was read, clockwise from the text's own top left: corner 0 to corner 1
is the reading direction. May lie a little outside the picture."""


class Language(StrEnum):
    """By script: Hangul, Han, or neither (Latin letters, figures)."""

    KO = "ko"
    ZH = "zh"
    EN = "en"


@dataclass(frozen=True)
class TextWord:
    """What stands between two spaces; never empty."""

    text: str
    quad: Corners


@dataclass(frozen=True)
class TextLine:
    """One line, never empty, NFC, words parted by one space. `confidence` 0 to 1."""

    text: str
    quad: Corners
    confidence: float
    language: Language
    words: tuple[TextWord, ...]


@dataclass(frozen=True)
class PageText:
    """Lines in reading order, in a picture of `width` by `height` pixels. Not `complete`: the time
    was over, these are the lines read until then."""

    width: int
    height: int
    lines: tuple[TextLine, ...]
    complete: bool

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, data: str | bytes) -> "PageText":
        """Raises ValueError, KeyError or TypeError when it is not what `to_json` wrote."""
        told = json.loads(data)
        lines = tuple(_line(line) for line in told["lines"])
        return cls(int(told["width"]), int(told["height"]), lines, bool(told["complete"]))


def _line(told: dict[str, object]) -> TextLine:
    words = told["words"]
    if not isinstance(words, list):
        raise TypeError("words are not a list")
    return TextLine(
        text=str(told["text"]),
        quad=_corners(told["quad"]),
        confidence=float(str(told["confidence"])),
        language=Language(str(told["language"])),
        words=tuple(TextWord(str(word["text"]), _corners(word["quad"])) for word in words),
    )


def _corners(told: object) -> Corners:
    if not isinstance(told, list):
        raise TypeError("corners are not a list")
    one, two, three, four = ((float(x), float(y)) for x, y in told)
    return one, two, three, four
