"""The demo's document camera: real papers laid on a kiosk's mat, nudged, and taken away.

The camera looks down a little askew, so the picture has true perspective. What happens is a list of
shots, one a frame, so that frame n is the same in every run; a resting picture is made once and
handed out again, and motion is drawn at half size, which is how a moving paper looks anyway.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.film import Pace
from scanner.frame import Frame
from scanner.geometry import homography, unit_square
from scanner.image import encode_jpeg
from scanner.samples import PAPERS
from scanner.types import Image, Quad

SIZE = (2592, 1944)
"""Width and height of every frame, pixels."""

_MAT_MM = (440.0, 330.0)
_SHADOW = 0.55
_SHADOW_SPREAD = 15


@dataclass(frozen=True)
class Pose:
    """Where a paper's middle lies on the mat (mm from its top left) and its turn (degrees)."""

    x: float
    y: float
    angle: float


@dataclass(frozen=True)
class Shot:
    """One frame: a paper somewhere, or the bare mat; `moving` is drawn at half size."""

    paper: int | None = None
    pose: Pose = Pose(0, 0, 0)
    moving: bool = False
    lamp: float = 1.0


def empty(frames: int) -> list[Shot]:
    return [Shot()] * frames


def dark(frames: int) -> list[Shot]:
    """The lamp fails: black frames."""
    return [Shot(lamp=0.0)] * frames


def rest(paper: int, pose: Pose, frames: int) -> list[Shot]:
    return [Shot(paper, pose)] * frames


def glide(paper: int, start: Pose, end: Pose, frames: int) -> list[Shot]:
    """Move smoothly, slow at both ends; the first and last frames are not yet at rest."""
    eased = [(1 - np.cos(np.pi * step / (frames + 1))) / 2 for step in range(1, frames + 1)]
    return [Shot(paper, _between(start, end, float(part)), moving=True) for part in eased]


def visit(paper: int, rng: np.random.Generator) -> list[Shot]:
    """A page is laid down, rests, is nudged, rests again, and is taken away."""
    across, down, angle = (float(part) for part in rng.uniform(-3, 3, 3))
    middle = Pose(_MAT_MM[0] / 2 + across, _MAT_MM[1] / 2 + down, angle)
    nudged = Pose(middle.x + 3, middle.y - 2, middle.angle + 1.2)
    outside = Pose(_MAT_MM[0] * 1.9, middle.y + 40, middle.angle + 25)
    return [
        *glide(paper, outside, middle, 12),
        *rest(paper, middle, 40),
        *glide(paper, middle, nudged, 5),
        *rest(paper, nudged, 25),
        *glide(paper, nudged, outside, 10),
        *empty(8),
    ]


def default_script(seed: int) -> list[Shot]:
    """Every sample paper once."""
    rng = np.random.default_rng(seed)
    return [*empty(10), *(shot for paper in range(len(PAPERS)) for shot in visit(paper, rng))]


class SimulatedCamera:
    """Plays `script` in a loop. `truth` belongs to the last frame.

    With `fps` it keeps to real time and drops frames that were not read in time; without, each read
    is the next shot.
    """

    def __init__(
        self, *, script: Sequence[Shot] | None = None, seed: int = 7, fps: float | None = None
    ) -> None:
        self.identity = f"simulated:{seed}"
        self.truth: Quad | None = None
        """Exact corners of the paper in the last frame, or None on the bare mat."""
        self._shots = _looped(script if script is not None else default_script(seed))
        self._stage = _Stage(seed)
        self._pace = Pace(fps)
        self._last: tuple[Shot, Image, bytes] | None = None

    def read(self) -> Frame:
        for _ in range(self._pace.behind()):
            next(self._shots)
        shot = next(self._shots)
        if self._last is None or self._last[0] != shot:
            image = self._stage.draw(shot)
            self._last = (shot, image, encode_jpeg(image, 80 if shot.moving else 90))
        lit = shot.paper is not None and shot.lamp > 0
        self.truth = corners(shot) if lit else None
        self._pace.wait()
        return Frame(self._last[2], self._last[1], time.monotonic())

    def close(self) -> None:
        self._last = None


def corners(shot: Shot) -> Quad:
    """Exact corners in the full frame of the shot's paper."""
    if shot.paper is None:
        raise ValueError("the mat is bare")
    return _corners(shot.paper, shot.pose)


def _corners(paper: int, pose: Pose) -> Quad:
    height, width = _paper(paper).shape[:2]
    seen = cv2.perspectiveTransform(unit_square(width, height)[None], _onto_frame(paper, pose))[0]
    return np.asarray(seen, np.float32)


def _looped(script: Sequence[Shot]) -> Iterator[Shot]:
    while True:
        yield from script


def _between(start: Pose, end: Pose, part: float) -> Pose:
    mixed = ((1 - part) * a + part * b for a, b in zip(_row(start), _row(end), strict=True))
    return Pose(*mixed)


def _row(pose: Pose) -> tuple[float, float, float]:
    return pose.x, pose.y, pose.angle


@lru_cache(maxsize=3)
def _paper(index: int) -> Image:
    return PAPERS[index].load()


def _camera() -> NDArray[np.float64]:
    """Mat millimetres to pixels: the camera stands a little askew above the mat."""
    width, height = SIZE
    seen = np.array([[22, 4], [width - 30, 10], [width + 12, height - 2], [-18, height + 6]])
    return homography(unit_square(*_MAT_MM), seen)


def _onto_frame(paper: int, pose: Pose) -> NDArray[np.float64]:
    """Homography from the paper's pixels to the frame's."""
    height, width = _paper(paper).shape[:2]
    mm = PAPERS[paper].long_side_mm / max(height, width)
    turn = np.deg2rad(pose.angle)
    cos, sin = np.cos(turn) * mm, np.sin(turn) * mm
    x = pose.x - cos * width / 2 + sin * height / 2
    y = pose.y - sin * width / 2 - cos * height / 2
    return np.asarray(_camera() @ np.array([[cos, -sin, x], [sin, cos, y], [0, 0, 1]]))


class _Stage:
    """The lit mat, at full and at half size, and how a paper is drawn on it."""

    def __init__(self, seed: int) -> None:
        full = _mat(np.random.default_rng(seed))
        half = np.asarray(cv2.resize(full, None, fx=0.5, fy=0.5), np.uint8)
        self._mats = {1: full, 2: half}
        self._lamps = {scale: _lamp(mat.shape) for scale, mat in self._mats.items()}

    def draw(self, shot: Shot) -> Image:
        if shot.lamp == 0:
            return np.full((SIZE[1], SIZE[0], 3), 2, np.uint8)
        scale = 2 if shot.moving else 1
        picture = np.asarray(self._mats[scale].copy(), np.uint8)
        if shot.paper is not None:
            self._lay(picture, shot.paper, shot.pose, scale)
        return picture if scale == 1 else np.asarray(cv2.resize(picture, SIZE), np.uint8)

    def _lay(self, picture: Image, index: int, pose: Pose, scale: int) -> None:
        shrink = np.diag([1 / scale, 1 / scale, 1])
        box = _box(_corners(index, pose), scale, picture.shape)
        if box is None:
            return
        left, top, right, bottom = box
        onto = (
            np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1.0]]) @ shrink @ _onto_frame(index, pose)
        )
        size = (right - left, bottom - top)
        under, lamp = picture[top:bottom, left:right], self._lamps[scale][top:bottom, left:right]
        paper = _paper(index)
        solid = np.full(paper.shape[:2], 255, np.uint8)
        mask = np.asarray(cv2.warpPerspective(solid, onto, size), np.uint8)
        over = cv2.multiply(cv2.warpPerspective(paper, onto, size), lamp, scale=1 / 255)
        _shade(under, mask, scale)
        cv2.copyTo(over, (mask > 127).astype(np.uint8), under)


def _box(quad: Quad, scale: int, shape: tuple[int, ...]) -> tuple[int, int, int, int] | None:
    """The part of the picture that a paper and its shadow touch."""
    left, top = np.floor(quad.min(0) / scale).astype(int) - 2 * _SHADOW_SPREAD
    right, bottom = np.ceil(quad.max(0) / scale).astype(int) + 2 * _SHADOW_SPREAD
    left, top = max(int(left), 0), max(int(top), 0)
    right, bottom = min(int(right), shape[1]), min(int(bottom), shape[0])
    return (left, top, right, bottom) if left < right and top < bottom else None


def _shade(under: Image, mask: Image, scale: int) -> None:
    """A soft shadow to the lower right, where the lamp does not reach under the edge."""
    quarter = cv2.resize(mask, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    soft = cv2.blur(quarter, (_SHADOW_SPREAD // (2 * scale) | 1,) * 2)
    shifted = cv2.warpAffine(soft, np.array([[1.0, 0, 1], [0, 1, 1]]), soft.shape[::-1])
    fading = cv2.resize(255 - (shifted * _SHADOW).astype(np.uint8), mask.shape[1::-1])
    cv2.multiply(under, cv2.merge([fading] * 3), under, scale=1 / 255)


def _lamp(shape: tuple[int, ...]) -> Image:
    """How much light arrives, of 255: strongest at the upper left."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    far = np.hypot(x / shape[1] - 0.35, (y / shape[0] - 0.3) * 0.75)
    light = np.clip(252 - 58 * far**1.5, 0, 255).astype(np.uint8)
    return np.asarray(cv2.merge([light] * 3), np.uint8)


def _mat(rng: np.random.Generator) -> Image:
    """Dark teal rubber with a fine grain, a few wear marks, and sensor noise."""
    width, height = SIZE
    grain = rng.normal(0, 1, (height, width)).astype(np.float32)
    woven = cv2.GaussianBlur(grain, (0, 0), 3) * 14 + grain * 1.6
    coarse = rng.normal(0, 1, (height // 32, width // 32)).astype(np.float32)
    wear = cv2.resize(coarse, SIZE, interpolation=cv2.INTER_CUBIC) * 2.5
    base = np.array([62, 58, 44], np.float32)
    mat = np.clip(base + (woven + wear)[..., None], 0, 255).astype(np.uint8)
    return np.asarray(cv2.multiply(mat, _lamp(mat.shape), scale=1 / 255), np.uint8)
