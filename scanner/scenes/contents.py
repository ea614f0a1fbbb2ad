"""What is printed on papers: made by the project, or cut from its sample photographs."""

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np

from scanner.samples import PAPERS
from scanner.scenes.models import Kind
from scanner.scenes.noise import fractal, tinted, value_noise
from scanner.scenes.pen import logo, scribble, seal
from scanner.scenes.text import strip
from scanner.types import Grey, Image

Colour = tuple[float, float, float]

_PAPER_TINTS: tuple[Colour, ...] = (
    (250, 250, 250),
    (240, 244, 247),
    (228, 238, 244),
    (214, 226, 238),
    (235, 235, 232),
)
_BRIGHT_TINTS: tuple[Colour, ...] = (
    (170, 220, 245),
    (215, 200, 150),
    (190, 180, 235),
    (185, 225, 190),
    (225, 200, 175),
    (120, 200, 240),
)


def contents(rng: np.random.Generator, kind: Kind, size: tuple[int, int], millis: float) -> Image:
    """The print of a paper: BGR (height, width, 3); `size` width, height; `millis` pixels a mm."""
    sheet = Page(rng, size, millis, _tint(rng, kind))
    _MAKERS[kind](sheet)
    sheet.dry()
    return sheet.image


def _tint(rng: np.random.Generator, kind: Kind) -> Colour:
    bright = {Kind.A4: 0.06, Kind.NOTE: 0.35, Kind.CARD: 0.7, Kind.RECEIPT: 0.15, Kind.TICKET: 0.8}
    tints = _BRIGHT_TINTS if rng.random() < bright.get(kind, 0.1) else _PAPER_TINTS
    return tints[int(rng.integers(len(tints)))]


class Page:
    """A page being printed: boxes are left, top, right, bottom as shares of it."""

    def __init__(
        self, rng: np.random.Generator, size: tuple[int, int], millis: float, tint: Colour
    ) -> None:
        self.rng = rng
        self.width, self.height = size
        self.millis = millis
        self.image: Image = np.empty((self.height, self.width, 3), np.uint8)
        self.image[:] = tint
        self._wet: Grey = np.zeros((self.height, self.width), np.uint8)
        self.ink = np.array(tint) * rng.uniform(0.05, 0.4)
        self.first = int(rng.integers(3)) + 3 * int(rng.integers(3))

    def line(self, left: int, top: int, height: int, width: int) -> None:
        """One line of print, at most `width` pixels."""
        ink = strip(self.first + 9 * int(self.rng.integers(20)), height)[:, :width]
        bottom, right = min(top + ink.shape[0], self.height), min(left + ink.shape[1], self.width)
        if bottom <= max(top, 0) or right <= left or left < 0 or top < 0:
            return
        part = self._wet[top:bottom, left:right]
        np.maximum(part, ink[: bottom - top, : right - left], out=part)

    def dry(self) -> None:
        """Let the lines printed so far show."""
        share = self._wet[..., None].astype(np.float32) / 255
        self.image[:] = self.image + (self.ink.astype(np.float32) - self.image) * share
        self._wet[:] = 0

    def block(self, box: tuple[float, float, float, float], letter: float, lead: float) -> None:
        """Lines of `letter` mm in a box, with ragged ends of paragraphs."""
        left, top, right, bottom = self.pixels(box)
        height = max(1, round(letter * self.millis))
        pace = max(2.0, lead * letter * self.millis)
        for row in np.arange(top, bottom - height, pace):
            short = self.rng.uniform(0.2, 1) if self.rng.random() < 0.2 else 1.0
            self.line(left, int(row), height, int((right - left) * short))

    def pixels(self, box: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
        left, top, right, bottom = box
        return (
            int(left * self.width),
            int(top * self.height),
            int(right * self.width),
            int(bottom * self.height),
        )

    def rule(self, box: tuple[float, float, float, float], thick: float = 0.3) -> None:
        left, top, right, bottom = self.pixels(box)
        width = max(1, round(thick * self.millis))
        colour = tuple(map(float, self.ink + (255 - self.ink) * (0.3 if self.millis < 2 else 0)))
        cv2.rectangle(self.image, (left, top), (right, bottom), colour, width)

    def paste(self, picture: Image, box: tuple[float, float, float, float]) -> None:
        self.dry()
        left, top, right, bottom = self.pixels(box)
        if right - left > 1 and bottom - top > 1:
            size = (right - left, bottom - top)
            small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
            self.image[top:bottom, left:right] = small


def photograph(rng: np.random.Generator, size: tuple[int, int]) -> Image:
    """Something like a snapshot: sky and land, or blurred things, in any colours."""
    shape = (min(size[1], 240), min(size[0], 240))
    colours = [_muted(rng) for _ in range(4)]
    image = tinted(fractal(rng, shape, (3, 3), 5), colours)
    for _ in range(int(rng.integers(3, 12))):
        middle = (int(rng.integers(shape[1])), int(rng.integers(shape[0])))
        axes = (int(rng.integers(4, 60)), int(rng.integers(4, 60)))
        turn = float(rng.uniform(0, 180))
        cv2.ellipse(image, middle, axes, turn, 0, 360, _muted(rng), -1)
    fade = value_noise(rng, shape, (2, 2))[..., None]
    image = np.asarray(image * (0.4 + 0.6 * fade), np.uint8)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _muted(rng: np.random.Generator) -> Colour:
    """A colour as things have them: any brightness, little chroma, sometimes more."""
    shade, chroma = rng.uniform(8, 250), rng.exponential(0.16)
    blue, green, red = np.clip(shade * (1 + chroma * rng.normal(0, 1, 3)), 0, 255)
    return float(blue), float(green), float(red)


@lru_cache(maxsize=16)
def _sample(number: int) -> Image:
    picture = PAPERS[number].load()
    scale = min(1.0, 1400 / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _real(page: Page, numbers: tuple[int, ...]) -> None:
    page.paste(_sample(int(page.rng.choice(numbers))), (0, 0, 1, 1))


def _letter(page: Page) -> None:
    rng = page.rng
    style = rng.random()
    if style < 0.12:
        return _real(page, (0, 1, 2, 4, 5))
    margin = rng.uniform(0.07, 0.14)
    page.block((rng.uniform(0.2, 0.4), 0.06, 0.75, 0.11), rng.uniform(5, 8), 1.5)
    if rng.random() < 0.4:
        logo(rng, page.image, page.millis)
    columns = 2 if rng.random() < 0.2 else 1
    end = rng.uniform(0.35, 0.93) if rng.random() < 0.85 else 0.2
    letter, lead = rng.uniform(2.3, 4.2), rng.uniform(1.4, 2.1)
    step = (1 - 2 * margin) / columns
    for column in range(columns):
        left = margin + column * step
        page.block((left, 0.14, left + step * 0.96, end), letter, lead)
    if rng.random() < 0.3:
        _table(page, (margin, end * 0.6, 1 - margin, end * 0.9))
    if rng.random() < 0.2:
        corner = (rng.uniform(0.1, 0.5), rng.uniform(0.3, 0.6))
        box = (*corner, corner[0] + rng.uniform(0.2, 0.4), corner[1] + rng.uniform(0.1, 0.3))
        page.paste(photograph(rng, (120, 120)), box)
    _finish(page)
    return None


def _finish(page: Page) -> None:
    rng = page.rng
    if rng.random() < 0.35:
        seal(rng, page.image, page.millis)
    if rng.random() < 0.35:
        scribble(rng, page.image, page.millis, int(rng.integers(1, 4)))


def _table(page: Page, box: tuple[float, float, float, float]) -> None:
    rows, columns = int(page.rng.integers(3, 9)), int(page.rng.integers(2, 6))
    left, top, right, bottom = box
    shade = page.rng.random() < 0.4
    for row in range(rows):
        low = top + (bottom - top) * row / rows
        high = top + (bottom - top) * (row + 1) / rows
        if shade and row % 2 == 0:
            x0, y0, x1, y1 = page.pixels((left, low, right, high))
            page.image[y0:y1, x0:x1] = page.image[y0:y1, x0:x1] * 0.85
        for column in range(columns):
            start = left + (right - left) * column / columns
            end = left + (right - left) * (column + 1) / columns
            page.rule((start, low, end, high))
            page.block((start + 0.01, low + 0.004, end - 0.02, high), 3.0, 1.6)


def _form(page: Page) -> None:
    for top in np.arange(0.1, 0.85, page.rng.uniform(0.1, 0.3)):
        _table(page, (0.06, float(top), 0.94, float(top) + 0.09))
    _finish(page)


def _note(page: Page) -> None:
    rng = page.rng
    if rng.random() < 0.1:
        return _real(page, (3, 4, 5))
    if rng.random() < 0.5:
        for top in np.arange(0.1, 0.97, rng.uniform(0.03, 0.06)):
            page.rule((0, float(top), 1, float(top)), 0.2)
    if rng.random() < 0.4:
        return page.block((0.1, 0.1, 0.9, 0.8), rng.uniform(4, 12), 1.8)
    return scribble(rng, page.image, page.millis, int(rng.integers(4, 14)))


def _receipt(page: Page) -> None:
    rng = page.rng
    if rng.random() < 0.15:
        return _real(page, (6, 7, 8))
    page.block((0.25, 0.03, 0.75, 0.1), rng.uniform(4, 7), 1.6)
    letter = rng.uniform(2.0, 3.4)
    height = letter * page.millis
    pace = max(2.0, height * rng.uniform(1.3, 2.0))
    end = page.height * rng.uniform(0.6, 0.96)
    for row in np.arange(page.height * 0.12, end, pace):
        tall = max(1, round(height))
        page.line(int(0.08 * page.width), int(row), tall, int(rng.uniform(0.2, 0.6) * page.width))
        page.line(int(0.78 * page.width), int(row), tall, int(0.14 * page.width))
    if rng.random() < 0.4:
        _bars(page)
    return None


def _bars(page: Page) -> None:
    left, top, right, bottom = page.pixels((0.15, 0.9, 0.85, 0.96))
    bars = page.rng.random(max(2, (right - left) // 2)) > 0.5
    row = np.repeat(bars, 2)[: right - left]
    page.image[top:bottom, left : left + len(row)][:, row] = 30


def _card(page: Page) -> None:
    rng = page.rng
    shape = page.image.shape[:2]
    if rng.random() < 0.7:
        base = rng.uniform(155, 240) * (1 + rng.normal(0, 0.12, 3))
        other = np.clip(base + rng.normal(0, 22, 3), 20, 255)
        ramp = [(float(a[0]), float(a[1]), float(a[2])) for a in (base, other, base)]
        page.image[:] = tinted(fractal(rng, shape, (2, 3), 2), ramp)
    if rng.random() < 0.6:
        side = rng.choice([0.06, 0.64])
        page.paste(photograph(rng, (80, 100)), (side, 0.2, side + 0.3, 0.85))
        page.block((0.4 if side < 0.5 else 0.06, 0.15, 0.9 - side * 0.5, 0.85), 3, 2.2)
    else:
        page.block((0.08, 0.12, 0.8, 0.8), rng.uniform(2.5, 5), 2.0)


def _photo(page: Page) -> None:
    rng = page.rng
    border = rng.uniform(0.02, 0.06) if rng.random() < 0.4 else 0.0
    page.paste(photograph(rng, (240, 240)), (border, border, 1 - border, 1 - border))


def _booklet(page: Page) -> None:
    rng = page.rng
    for left in (0.04, 0.54):
        if rng.random() < 0.25:
            page.paste(photograph(rng, (100, 140)), (left, 0.08, left + 0.42, 0.6))
            page.block((left, 0.64, left + 0.4, 0.92), 2.8, 1.8)
        else:
            page.block((left, 0.07, left + 0.42, 0.94), rng.uniform(2.2, 3.5), 1.7)
    if rng.random() < 0.3:
        seal(rng, page.image, page.millis)


def _ticket(page: Page) -> None:
    rng = page.rng
    if rng.random() < 0.6:
        page.rule((0.03, 0.05, 0.97, 0.95), 0.6)
    page.block((0.08, 0.1, 0.85, 0.4), rng.uniform(6, 12), 1.4)
    page.block((0.08, 0.45, 0.7, 0.9), rng.uniform(2.5, 5), 1.6)
    _finish(page)


def _a4(page: Page) -> None:
    maker = _form if page.rng.random() < 0.25 else _letter
    maker(page)


_MAKERS: dict[Kind, Callable[[Page], None]] = {
    Kind.A4: _a4,
    Kind.NOTE: _note,
    Kind.CARD: _card,
    Kind.RECEIPT: _receipt,
    Kind.PHOTO: _photo,
    Kind.BOOKLET: _booklet,
    Kind.TICKET: _ticket,
}
