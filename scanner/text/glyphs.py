"""Letters with their places along a line, whoever read them, and the line they make."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanner.text.page import Corner, Corners, Language, TextLine, TextWord
from scanner.types import Quad


@dataclass(frozen=True)
class Glyph:
    """One letter or one space between `start` and `end`, parts of the line's length, 0 to 1."""

    char: str
    start: float
    end: float
    confidence: float


def is_hangul(char: str) -> bool:
    return "\uac00" <= char <= "\ud7a3" or "\u1100" <= char <= "\u11ff" or "ㄱ" <= char <= "ㆎ"


def is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff"


def language_of(text: str) -> Language:
    """The script most letters belong to; a Hangul syllable weighs like two other letters, because
    Korean lines carry many figures and names in Han."""
    hangul, han = sum(map(is_hangul, text)), sum(map(is_han, text))
    if hangul and 2 * hangul >= han:
        return Language.KO
    return Language.ZH if han else Language.EN


def line_of(glyphs: Sequence[Glyph], quad: Quad) -> TextLine | None:
    """None when nothing but spaces was read."""
    inked = [glyph for glyph in glyphs if not glyph.char.isspace()]
    if not inked:
        return None
    words = _words(glyphs)
    text = unicodedata.normalize("NFC", " ".join(_spelt(word) for word in words))
    return TextLine(
        text=text,
        quad=_part(quad, 0, 1),
        confidence=round(sum(glyph.confidence for glyph in inked) / len(inked), 4),
        language=language_of(text),
        words=tuple(
            TextWord(_spelt(word), _part(quad, word[0].start, word[-1].end)) for word in words
        ),
    )


def _words(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    words: list[list[Glyph]] = [[]]
    for glyph in glyphs:
        if glyph.char.isspace():
            words.append([])
        else:
            words[-1].append(glyph)
    return [word for word in words if word]


def _spelt(word: Sequence[Glyph]) -> str:
    return unicodedata.normalize("NFC", "".join(glyph.char for glyph in word))


def _part(quad: Quad, start: float, end: float) -> Corners:
    """The piece of the line from `start` to `end` of its length."""
    corners: NDArray[np.float64] = np.asarray(quad, np.float64)
    top_left, top_right, bottom_right, bottom_left = corners
    return (
        _corner(top_left, top_right, start),
        _corner(top_left, top_right, end),
        _corner(bottom_left, bottom_right, end),
        _corner(bottom_left, bottom_right, start),
    )


def _corner(one: NDArray[np.float64], other: NDArray[np.float64], part: float) -> Corner:
    x, y = one + (other - one) * part
    return round(float(x), 2), round(float(y), 2)
