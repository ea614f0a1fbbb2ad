"""Recognised text, invisible (rendering mode 3), each word over its picture.

A line is one `BT … ET`; a word is a matrix and a string of codes. The matrix takes the unit square
of the glyph's box to the word's quad, so size, slant and width follow the paper and nothing needs
font metrics (ISO 32000-1, 9.4.2).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from scanner.document.glyphless import DESCENT, EM, Codes
from scanner.text.page import Corners, PageText, TextLine

FONT = "/Text"

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Placed:
    """Some characters and where they stand, in the picture's pixels."""

    text: str
    quad: Corners


def text_operators(text: PageText, codes: Codes, width: float, height: float) -> bytes:
    """Content for a page of `width` x `height` points that its picture fills."""
    scale = (width / text.width, height / text.height)
    lines = [_line(line, codes, scale, height) for line in text.lines]
    return "".join(lines).encode()


def placed(line: TextLine) -> Iterator[Placed]:
    """The line's words, each with the space that follows it; together they are `line.text`. The
    line as a whole when words are not told or do not add up."""
    rest, words = line.text, []
    for word in line.words:
        if not rest.startswith(word.text):
            break
        rest = rest.removeprefix(word.text)
        space = rest[: len(rest) - len(rest.lstrip())]
        rest = rest.removeprefix(space)
        words.append((word, space))
    if rest or not words:
        return iter([Placed(line.text, line.quad)])
    return (
        Placed(word.text + space, _with_space(word.quad, word.text, space)) for word, space in words
    )


def _with_space(quad: Corners, text: str, space: str) -> Corners:
    """The quad longer by the space, in reading direction."""
    longer = 1 + len(space) / len(text)
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = quad
    right_top = (x0 + (x1 - x0) * longer, y0 + (y1 - y0) * longer)
    right_bottom = (x3 + (x2 - x3) * longer, y3 + (y2 - y3) * longer)
    return ((x0, y0), right_top, right_bottom, (x3, y3))


def _line(line: TextLine, codes: Codes, scale: tuple[float, float], height: float) -> str:
    words = "".join(_word(word, codes, scale, height) for word in placed(line))
    return f"BT 3 Tr {FONT} 1 Tf\n{words}ET\n"


def _word(word: Placed, codes: Codes, scale: tuple[float, float], height: float) -> str:
    numbers = " ".join(f"{number:.3f}" for number in _matrix(word, scale, height))
    shown = "".join(f"{codes[character]:04X}" for character in word.text)
    return f"{numbers} Tm <{shown}> Tj\n"


def _matrix(word: Placed, scale: tuple[float, float], height: float) -> Matrix:
    """From glyph space (one em a character along x, the box's height along y) to the page."""
    (x0, y0), (x1, y1), _, (x3, y3) = word.quad
    along = ((x1 - x0) * scale[0] / len(word.text), -(y1 - y0) * scale[1] / len(word.text))
    up = ((x0 - x3) * scale[0], (y3 - y0) * scale[1])
    lift = -DESCENT / EM
    left, bottom = x3 * scale[0] + lift * up[0], height - y3 * scale[1] + lift * up[1]
    return (*along, *up, left, bottom)
