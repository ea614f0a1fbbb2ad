"""Pages with known text, and the hard camera they are seen through: what reading is measured on.

Drawn with Noto (Debian's fonts-noto-cjk); the same seed gives the same page.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from scanner.types import Image, Quad

_FONTS = Path("/usr/share/fonts/opentype/noto")
_FACES = ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc")
_KOREAN, _CHINESE = 1, 2  # faces inside the collections
_DPI = 300
_INK, _PAPER = (28, 26, 30), (250, 249, 246)
_NOT_FIRST = "，。、；：？！）》」”’.,;:?!)%"


class Script(StrEnum):
    CHINESE = "zh"
    KOREAN = "ko"
    ENGLISH = "en"
    MIXED = "mixed"


@dataclass(frozen=True, eq=False)
class MadePage:
    """An A4 page at 300 dpi and the lines printed on it."""

    image: Image
    lines: tuple[str, ...]


def made_page(script: Script, seed: int, points: float = 12) -> MadePage:
    """A page full of sentences. MIXED: some lines Chinese, some Korean, some English, some all."""
    rng = np.random.default_rng(seed)
    width, height = round(210 / 25.4 * _DPI), round(297 / 25.4 * _DPI)
    sheet = Pillow.new("RGB", (width, height), _PAPER)
    draw, size = ImageDraw.Draw(sheet), round(points * _DPI / 72)
    face = str(_FONTS / rng.choice(_FACES))
    top, left = round(0.8 * _DPI), round(0.9 * _DPI)
    room = int((height - 2 * top) / (1.7 * size))
    lines = _lines(script, rng, face, size, width - 2 * left)[:room]
    for number, line in enumerate(lines):
        at = (left, top + round(1.7 * size * number))
        draw.text(at, line, _INK, font=_font(face, size, line))
    return MadePage(np.asarray(sheet, np.uint8)[:, :, ::-1].copy(), tuple(lines))


def _lines(script: Script, rng: np.random.Generator, face: str, size: int, width: int) -> list[str]:
    sentences = [str(one) for one in rng.permutation(_sentences(script, rng))]
    return [
        line
        for sentence in sentences
        for line in _wrapped(sentence, _font(face, size, sentence), width)
    ]


def _sentences(script: Script, rng: np.random.Generator) -> list[str]:
    if script is not Script.MIXED:
        return _written(script)
    chinese, korean, english = (_written(one) for one in list(Script)[:3])
    return chinese[::2] + korean[::2] + english[::2] + _bilingual(rng, chinese, korean)


def _bilingual(rng: np.random.Generator, chinese: list[str], korean: list[str]) -> list[str]:
    """One line in both, as on the forms of a bilingual town."""
    pairs = zip(rng.permutation(chinese)[:10], rng.permutation(korean)[:10], strict=True)
    return [f"{one[:9]} {' '.join(other.split()[:3])}" for one, other in pairs]


@cache
def _written(script: Script) -> list[str]:
    return (files("scanner.text") / "sentences" / f"{script}.txt").read_text("utf-8").splitlines()


@cache
def _face(path: str, size: int, index: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, index=index)


def _font(path: str, size: int, text: str) -> ImageFont.FreeTypeFont:
    korean = any("가" <= char <= "힣" for char in text)
    return _face(path, size, _KOREAN if korean else _CHINESE)


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Broken at spaces where there are some, else between letters, never before a full stop."""
    glue = " " if text.count(" ") > 3 else ""
    lines = [""]
    for piece in text.split(" ") if glue else text:
        longer = lines[-1] + glue + piece if lines[-1] else piece
        if font.getlength(longer) > width and piece not in _NOT_FIRST:
            lines.append(piece)
        else:
            lines[-1] = longer
    return lines


def photographed(
    page: Image, seed: int, hard: float = 1.0, size: tuple[int, int] = (3264, 2448)
) -> tuple[Image, Quad]:
    """The page on a dark mat under a tilted camera, its top to the left so that it fills the frame:
    perspective, lamp fall-off, a shadow, blur, grain, JPEG. Also the page's corners in the picture,
    clockwise from the page's own top left. `hard` 0 is ideal, 1 a bad day, 2 hopeless."""
    rng = np.random.default_rng([seed, 1])
    quad = _seen_corners(rng, page.shape[1] / page.shape[0], hard, size)
    height, width = page.shape[:2]
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    onto = cv2.getPerspectiveTransform(flat, quad)
    mat = np.full((size[1], size[0], 3), (62, 58, 55), np.uint8)
    soft = cv2.GaussianBlur(page, (0, 0), 0.35 * width / 2480)
    laid = cv2.warpPerspective(
        soft, onto, size, mat, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_TRANSPARENT
    )
    lit = laid.astype(np.float32) * _light(rng, hard, size)[..., None]
    soft_lit = cv2.GaussianBlur(lit, (0, 0), max(0.2, 0.9 * hard * size[0] / 3264))
    noise = rng.normal(0, 5 * hard, lit.shape[:2])[..., None] + rng.normal(0, 2 * hard, lit.shape)
    developed = np.clip(soft_lit + noise, 0, 255).astype(np.uint8)
    jpeg = cv2.imencode(".jpg", developed, [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), np.uint8), quad


def _seen_corners(
    rng: np.random.Generator, ratio: float, hard: float, size: tuple[int, int]
) -> Quad:
    """A pinhole above the mat, tilted up to 12 degrees, the sheet turned by up to 4."""
    tilt, turn = np.deg2rad(rng.uniform(-12, 12, 2) * hard), np.deg2rad(rng.uniform(-4, 4) * hard)
    rotation, _ = cv2.Rodrigues(np.array([tilt[0], tilt[1], turn - np.pi / 2]))
    sheet = np.array([[-ratio, -1, 0], [ratio, -1, 0], [ratio, 1, 0], [-ratio, 1, 0]]) / 2
    turned, distance, frame = sheet @ np.asarray(rotation, np.float64).T, 1.5, np.array(size)
    seen = turned[:, :2]
    for _ in range(6):
        seen = turned[:, :2] / (turned[:, 2:] + distance)
        seen -= (seen.max(0) + seen.min(0)) / 2
        distance *= float((np.ptp(seen, axis=0) / (frame / frame.max())).max()) / 0.94
    focal = 1.0 * frame.max()
    return np.asarray(seen * focal + frame / 2, np.float32)


def _light(rng: np.random.Generator, hard: float, size: tuple[int, int]) -> Image:
    """(H, W) factor: a lamp from one side, and somebody's shadow."""
    x, y = np.meshgrid(np.linspace(0, 1, size[0]), np.linspace(0, 1, size[1]))
    way, edge = rng.uniform(0, 2 * np.pi), rng.uniform(0.2, 0.8)
    fall = 1 - 0.36 * hard * np.clip(x * np.cos(way) + y * np.sin(way) + 0.4, 0, 1)
    shadow = 1 - 0.35 * hard / (1 + np.exp(-(x - edge + 0.2 * (y - 0.5)) * 40))
    return np.asarray(fall * shadow, np.float32)


def curled(page: Image, depth: float) -> Image:
    """The page as it rises from a book's spine, seen from below: every column is shifted up by at
    most `depth` of the page's height, most at a third of its width."""
    height, width = page.shape[:2]
    part = np.linspace(0, 1, width, dtype=np.float32)
    profile = np.sin(np.pi * part) * np.exp(-2 * part)
    shift = depth * height * profile / profile.max()
    columns, rows = np.meshgrid(
        np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    )
    return np.asarray(
        cv2.remap(page, columns, rows + shift, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        np.uint8,
    )
