"""A desk in small: papers, a hand, a lamp, drawn at preview size, quick enough for many films."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import pytest

from scanner import live
from scanner.detect import Detection
from scanner.geometry import homography, ordered, overlap, unit_square
from scanner.live import Live, Tracker
from scanner.samples import PAPERS
from scanner.types import Image, Quad

WIDTH, HEIGHT, FPS = 816, 612, 10
_MAT = (58, 52, 47)
_LONG_SIDE = 470
_SKIN = (120, 150, 205)


@dataclass(frozen=True)
class Lying:
    """A paper, where its middle lies (pixels), and its turn (degrees)."""

    paper: int
    x: float = WIDTH / 2
    y: float = HEIGHT / 2
    angle: float = 1.0


@dataclass(frozen=True)
class Look:
    """One picture. `hand`: how far it reaches in from the right, 0 to 1."""

    papers: tuple[Lying, ...] = ()
    hand: float = 0.0
    glare: bool = False
    light: float = 1.0
    blur: float = 0.0


def rest(look: Look, seconds: float = 1.2) -> list[Look]:
    return [look] * round(seconds * FPS)


def slide(start: Lying, end: Lying, frames: int = 4, below: tuple[Lying, ...] = ()) -> list[Look]:
    """On its way; the last frame is not yet the end."""
    parts = [step / (frames + 1) for step in range(1, frames + 1)]
    return [Look((*below, _between(start, end, part))) for part in parts]


def lay(lying: Lying, below: tuple[Lying, ...] = ()) -> list[Look]:
    return slide(Lying(lying.paper, WIDTH * 1.7, HEIGHT * 0.6, 20), lying, below=below)


def take(lying: Lying, below: tuple[Lying, ...] = ()) -> list[Look]:
    gone = slide(lying, Lying(lying.paper, WIDTH * 1.7, HEIGHT * 0.4, -15), below=below)
    return [*gone, *rest(Look(below), 0.4)]


def watch(film: Sequence[Look], tracker: Tracker, *, start: int = 0) -> list[Live]:
    """What the tracker says of each picture; every one has noise of its own. Pages are found where
    they are, within a pixel: how well that is done with pictures alone is measured elsewhere."""
    rng = np.random.default_rng(start)
    with pytest.MonkeyPatch.context() as patch:
        return [
            tracker.update(_before_eyes(patch, look, rng), (start + frame) / FPS)
            for frame, look in enumerate(film)
        ]


def _before_eyes(patch: pytest.MonkeyPatch, look: Look, rng: np.random.Generator) -> Image:
    quads = [corners(lying) for lying in reversed(look.papers) if 0 < lying.x < WIDTH]
    apart = [quad for quad in quads if quad is quads[0] or not overlap(quad, quads[0])]
    pages = tuple(
        Detection((ordered(quad) + rng.uniform(-0.7, 0.7, (4, 2))).astype(np.float32), 0.9)
        for quad in apart
    )
    patch.setattr(live, "find_page", lambda *_, **__: next(iter(pages), None))
    patch.setattr(live, "find_pages", lambda *_, **__: pages)
    return drawn(look, rng)


def drawn(look: Look, rng: np.random.Generator) -> Image:
    grain = rng.integers(-3, 4, (HEIGHT, WIDTH, 1), np.int16)
    return np.asarray(np.clip(_clean(look) + grain, 0, 255), np.uint8)


@lru_cache(maxsize=8)
def _clean(look: Look) -> np.ndarray:
    picture = _mat().copy()
    for lying in look.papers:
        _lay_on(picture, lying)
    if look.glare:
        lamp = np.zeros_like(picture)
        cv2.circle(lamp, (WIDTH // 2, HEIGHT // 2), 60, (255, 255, 255), -1)
        picture = np.asarray(cv2.add(picture, cv2.GaussianBlur(lamp, (0, 0), 4)), np.uint8)
    if look.hand:
        tip = (round(WIDTH * (1.05 - 0.55 * look.hand)), HEIGHT // 2)
        cv2.line(picture, tip, (WIDTH + 90, HEIGHT - 100), _SKIN, 95, cv2.LINE_AA)
    if look.blur:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), look.blur), np.uint8)
    return np.asarray(picture * look.light, np.int16)


@lru_cache
def _mat() -> Image:
    noise = np.random.default_rng(5).normal(0, 3, (HEIGHT, WIDTH, 1))
    return np.asarray(np.clip(np.array(_MAT) + noise, 0, 255), np.uint8)


@lru_cache
def paper(index: int) -> Image:
    """Twice as fine as it is seen."""
    page = PAPERS[index].load()
    factor = 2 * _LONG_SIDE / max(page.shape[:2])
    return np.asarray(cv2.resize(page, None, fx=factor, fy=factor, interpolation=3), np.uint8)


def corners(lying: Lying) -> Quad:
    """Of the paper, in the picture."""
    return _quad(lying)[0]


def forget() -> None:
    """What was drawn, because papers changed."""
    _clean.cache_clear()


def _quad(lying: Lying) -> tuple[Quad, tuple[int, int]]:
    """Its corners in the picture, and width and height of its own pixels."""
    height, width = paper(lying.paper).shape[:2]
    onto = cv2.getRotationMatrix2D((width / 2, height / 2), lying.angle, 0.5)
    onto[:, 2] += (lying.x - width / 2, lying.y - height / 2)
    seen = cv2.transform(unit_square(width, height)[None], onto)[0]
    return np.asarray(seen, np.float32), (width, height)


def _lay_on(picture: Image, lying: Lying) -> None:
    seen, (width, height) = _quad(lying)
    matrix = homography(unit_square(width, height), seen)
    cover = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, (WIDTH, HEIGHT))
    laid = cv2.warpPerspective(cv2.blur(paper(lying.paper), (2, 2)), matrix, (WIDTH, HEIGHT))
    part = cover[..., None] / 255.0
    picture[:] = (laid * part + picture * (1 - part)).astype(np.uint8)


def _between(start: Lying, end: Lying, part: float) -> Lying:
    mixed = [(1 - part) * a + part * b for a, b in zip(_row(start), _row(end), strict=True)]
    return Lying(end.paper, *mixed)


def _row(lying: Lying) -> tuple[float, float, float]:
    return lying.x, lying.y, lying.angle
