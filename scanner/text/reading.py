"""A flat page to its text: find lines, ask each for its script, read it with who knows that script.

Chinese and Latin are read by one network, Hangul by another engine; a line that mixes them is read
by both: what the first leaves silent between its letters is given to the second.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from scanner.text import direction, han, hangul
from scanner.text.glyphs import Glyph, is_hangul, line_of
from scanner.text.lines import find_lines, straightened
from scanner.text.page import PageText, TextLine
from scanner.text.wire import PAGE_SECONDS
from scanner.types import Image, Quad

_WHOLLY, _PARTLY = 0.85, 0.5  # chance of Hangul: of all windows together, of any one
_LETTERS = 0.4  # a line height: with fewer letters than this it was not Korean after all
_DOUBTFUL = 0.55  # letters read less surely are not believed where another reader may know better
_GAP = 0.75  # of the line's height: a wider silence hides at least one syllable


def read_text(image: Image, seconds: float = PAGE_SECONDS, threads: int = 1) -> PageText:
    """Read a flat, evenly lit page standing upright. Lines not begun when `seconds` are over are
    left out. Each thread keeps a Korean engine of its own (about 30 MB)."""
    deadline = time.monotonic() + seconds
    quads = find_lines(image)

    def read(quad: Quad) -> tuple[bool, TextLine | None]:
        if time.monotonic() > deadline:
            return False, None
        return True, line_of(read_line(image, quad), quad)

    with ThreadPoolExecutor(threads, "text") as pool:
        outcomes = list(pool.map(read, quads))
    lines = tuple(line for _, line in outcomes if line is not None)
    complete = all(begun for begun, _ in outcomes)
    return PageText(image.shape[1], image.shape[0], lines, complete)


def read_line(image: Image, quad: Quad) -> list[Glyph]:
    """The letters and spaces of one line of the page."""
    korean = direction.direction_of(straightened(image, quad, direction.HEIGHT)).hangul
    if korean.mean() > _WHOLLY:
        glyphs = _hangul(image, quad)
        if len(glyphs) > _LETTERS * _length(quad):
            return glyphs
    glyphs = han.read_han(straightened(image, quad, han.HEIGHT, han.SQUEEZE))
    return _completed(image, quad, glyphs) if (korean > _PARTLY).any() else glyphs


def _hangul(image: Image, quad: Quad) -> list[Glyph]:
    return hangul.read_hangul(straightened(image, quad, hangul.HEIGHT))


def _completed(image: Image, quad: Quad, glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The letters of the first reader, and in its silences the Hangul of the second."""
    sure = [glyph for glyph in glyphs if glyph.confidence >= _DOUBTFUL and glyph.char != " "]
    whole = list(glyphs)
    for start, end in _silences(sure, _length(quad)):
        read = _between_hangul(_hangul(image, _piece(quad, start, end)))
        if read:
            whole = [glyph for glyph in whole if not start <= (glyph.start + glyph.end) / 2 <= end]
            whole += [Glyph(" ", start, start, 1.0)] if start > 0 else []
            whole += [_moved(glyph, start, end) for glyph in read]
            whole += [Glyph(" ", end, end, 1.0)] if end < 1 else []
    return sorted(whole, key=lambda glyph: glyph.start)


def _between_hangul(glyphs: Sequence[Glyph]) -> Sequence[Glyph]:
    """From the first to the last syllable; what lies outside are halves of the neighbours."""
    places = [i for i, g in enumerate(glyphs) if is_hangul(g.char) and g.confidence >= _DOUBTFUL]
    return glyphs[places[0] : places[-1] + 1] if places else ()


def _silences(glyphs: Sequence[Glyph], length: float) -> list[tuple[float, float]]:
    """Parts of the line without a letter; `length` in line heights."""
    edges = [0.0, *(edge for glyph in glyphs for edge in (glyph.start, glyph.end)), 1.0]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if (b - a) * length > _GAP]


def _length(quad: Quad) -> float:
    top, right, bottom, left = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    return float((top + bottom) / max(right + left, 1e-6))


def _piece(quad: Quad, start: float, end: float) -> Quad:
    top_left, top_right, bottom_right, bottom_left = quad
    along, below = top_right - top_left, bottom_right - bottom_left
    corners = (
        top_left + along * start,
        top_left + along * end,
        bottom_left + below * end,
        bottom_left + below * start,
    )
    return np.stack(corners).astype(np.float32)


def _moved(glyph: Glyph, start: float, end: float) -> Glyph:
    span = end - start
    return Glyph(glyph.char, start + glyph.start * span, start + glyph.end * span, glyph.confidence)
