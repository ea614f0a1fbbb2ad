"""What papers lie on: textures of the table's surface."""

from collections.abc import Callable
from enum import StrEnum

import cv2
import numpy as np

from scanner.scenes.contents import Page
from scanner.scenes.noise import Shape, fractal, grain, tinted, value_noise, worley
from scanner.types import Image

Colour = tuple[float, float, float]


class Ground(StrEnum):
    """Surfaces, by how they look."""

    DARK = "dark"
    PLAIN = "plain"
    WHITE = "white"
    DESK = "desk"
    WOOD = "wood"
    PLANKS = "planks"
    CLOTH = "cloth"
    CHECKED = "checked"
    MARBLE = "marble"
    TILES = "tiles"
    STONES = "stones"
    SPECKLED = "speckled"
    NEWSPRINT = "newsprint"


def ground_texture(rng: np.random.Generator, kind: Ground, shape: Shape, millis: float) -> Image:
    """(H, W, 3) BGR of a surface; `millis` pixels a millimetre."""
    return _MAKERS[kind](rng, shape, millis)


def _colour(rng: np.random.Generator, low: float, high: float, tinge: float = 0.12) -> Colour:
    """Between two shades, mostly greyish or warm, seldom vivid."""
    shade = rng.uniform(low, high)
    vivid = 3 if rng.random() < 0.15 else 1
    warm = rng.normal(0.4, 1) * tinge * np.array([-1, -0.1, 0.8])
    blue, green, red = np.clip(shade * (1 + vivid * warm + rng.normal(0, tinge / 3, 3)), 3, 252)
    return float(blue), float(green), float(red)


def _scaled(colour: Colour, factor: float) -> Colour:
    blue, green, red = (min(254.0, part * factor) for part in colour)
    return blue, green, red


def _plain(rng: np.random.Generator, shape: Shape, _millis: float) -> Image:
    colour = _colour(rng, 12, 165, 0.18)
    field = fractal(rng, shape, (4, 4), 3) * 0.5 + 0.25
    field += grain(rng, shape, rng.uniform(0.02, 0.25))
    return tinted(field, [_scaled(colour, 0.93), _scaled(colour, 1.07)])


def _dark(rng: np.random.Generator, shape: Shape, _millis: float) -> Image:
    """A mat made for scanning: even, and darker than any paper."""
    colour = _colour(rng, 12, 95, 0.12)
    field = fractal(rng, shape, (3, 3), 2) * 0.5 + 0.25
    field += grain(rng, shape, rng.uniform(0.02, 0.15))
    return tinted(field, [_scaled(colour, 0.95), _scaled(colour, 1.05)])


def _white(rng: np.random.Generator, shape: Shape, _millis: float) -> Image:
    colour = _colour(rng, 205, 250, 0.02)
    field = fractal(rng, shape, (3, 3), 4) + grain(rng, shape, rng.uniform(0.02, 0.2))
    return tinted(field, [_scaled(colour, 0.96), colour])


def _desk(rng: np.random.Generator, shape: Shape, _millis: float) -> Image:
    """Laminate, nearly as pale as paper, a little grey, beige or pink, and worn unevenly."""
    colour = _colour(rng, 150, 250, 0.07)
    field = fractal(rng, shape, (3, 3), 4) * rng.uniform(0.2, 1)
    field += grain(rng, shape, rng.uniform(0.02, 0.3))
    return tinted(field, [_scaled(colour, rng.uniform(0.88, 0.98)), colour])


_WOODS: tuple[tuple[Colour, Colour], ...] = (
    ((120, 170, 215), (85, 135, 185)),
    ((60, 105, 160), (35, 70, 120)),
    ((40, 65, 110), (20, 35, 65)),
    ((25, 35, 55), (10, 16, 28)),
    ((165, 200, 225), (140, 175, 205)),
    ((30, 60, 130), (18, 38, 90)),
    ((110, 120, 130), (75, 84, 95)),
)


def _wood(rng: np.random.Generator, shape: Shape, millis: float) -> Image:
    light, dark = _WOODS[int(rng.integers(len(_WOODS)))]
    dark = _scaled(light, rng.uniform(0.6, 0.95)) if rng.random() < 0.5 else dark
    bands = max(4.0, shape[0] / millis / rng.uniform(6, 40))
    field = value_noise(rng, shape, (bands, 2)) * 2
    rings = np.sin(field * rng.uniform(4, 14)) * 0.25 + 0.5
    fine = value_noise(rng, shape, (shape[0] / max(1.0, millis * 0.7), shape[1] / 60 + 2))
    mixed = rings * 0.6 + fine * 0.4
    mixed = mixed if rng.random() < 0.5 else np.ascontiguousarray(_fitted(mixed.T, shape))
    return tinted(mixed, [dark, light])


def _fitted(field: np.ndarray, shape: Shape) -> np.ndarray:
    return np.asarray(cv2.resize(field, shape[::-1]), np.float32)


def _planks(rng: np.random.Generator, shape: Shape, millis: float) -> Image:
    image = _wood(rng, shape, millis).astype(np.float32)
    wide = rng.uniform(60, 180) * millis
    rows = (np.arange(shape[0]) + rng.uniform(0, wide)) / wide
    shade = rng.uniform(0.75, 1.1, int(rows.max()) + 1)[rows.astype(int)]
    gap = (rows % 1) * wide < max(1.0, 1.5 * millis)
    image *= (shade * np.where(gap, 0.35, 1.0))[:, None, None].astype(np.float32)
    turned = rng.random() < 0.5
    result = np.clip(image, 0, 255).astype(np.uint8)
    flipped = cv2.resize(result.transpose(1, 0, 2), shape[::-1])
    return np.asarray(flipped, np.uint8) if turned else result


def _cloth(rng: np.random.Generator, shape: Shape, millis: float) -> Image:
    colour = _colour(rng, 15, 215, 0.2)
    pitch = max(2.2, rng.uniform(0.6, 2.5) * millis)
    across = np.sin(np.arange(shape[1], dtype=np.float32) * (2 * np.pi / pitch))
    along = np.sin(np.arange(shape[0], dtype=np.float32) * (2 * np.pi / pitch))
    weave = across[None] * along[:, None] * 0.25 + 0.5
    weave = weave + (fractal(rng, shape, (3, 4), 3) - 0.5) * rng.uniform(0.2, 1.2)
    weave += grain(rng, shape, 0.08)
    return tinted(weave, [_scaled(colour, 0.72), _scaled(colour, 1.15)])


def _checked(rng: np.random.Generator, shape: Shape, millis: float) -> Image:
    pitch = rng.uniform(8, 45) * millis
    one, two = _colour(rng, 20, 240, 0.25), _colour(rng, 20, 240, 0.25)
    across = (np.arange(shape[1]) / pitch % 1 < rng.uniform(0.2, 0.7)).astype(np.float32)
    along = (np.arange(shape[0]) / pitch % 1 < rng.uniform(0.2, 0.7)).astype(np.float32)
    style = rng.random()
    if style < 0.4:
        field = (across[None] + along[:, None]) / 2
    elif style < 0.7:
        field = np.repeat(across[None], shape[0], 0)
    else:
        field = np.abs(across[None] - along[:, None])
    return tinted(field * 0.9 + 0.1 * fractal(rng, shape, (20, 20), 2), [one, two])


def _marble(rng: np.random.Generator, shape: Shape, _millis: float) -> Image:
    colour = _colour(rng, 175, 245, 0.03) if rng.random() < 0.7 else _colour(rng, 20, 90, 0.1)
    dark = sum(colour) < 300
    cloud = fractal(rng, shape, (4, 4), 6)
    veins = np.clip(1 - np.abs(cloud - 0.5) * rng.uniform(12, 40), 0, 1) ** 2
    tone = fractal(rng, shape, (5, 5), 2) * 0.3
    vein = _scaled(colour, 2.2 if dark else 0.6)
    return tinted(np.clip(veins * rng.uniform(0.3, 0.9) + tone * 0.5, 0, 1), [colour, vein])


def _tiles(rng: np.random.Generator, shape: Shape, millis: float) -> Image:
    base = _marble(rng, shape, millis) if rng.random() < 0.6 else _plain(rng, shape, millis)
    pitch = rng.uniform(70, 260) * millis
    joint = max(1.0, rng.uniform(2, 6) * millis)
    colour = np.array(_colour(rng, 40, 160, 0.05))
    for axis in (0, 1):
        at = (np.arange(shape[axis]) + rng.uniform(0, pitch)) % pitch < joint
        if axis == 0:
            base[at] = colour
        else:
            base[:, at] = colour
    speckle = np.clip(grain(rng, shape, 4.0), -20, 20)[..., None]
    return np.asarray(np.clip(base + speckle, 0, 255), np.uint8)


def _stones(rng: np.random.Generator, shape: Shape, millis: float) -> Image:
    size = rng.uniform(5, 60)
    cells = int(np.clip(shape[0] * shape[1] / (size * millis) ** 2, 40, 4000))
    distance, shade = worley(rng, shape, cells)
    colour = _colour(rng, 60, 170, 0.15)
    rounded = np.clip(1.1 - distance / (size * millis * 0.75), 0, 1)
    field = rounded * (0.35 + 0.65 * shade.astype(np.float32) / 255)
    field = field + (fractal(rng, shape, (30, 30), 3) - 0.5) * 0.3
    return tinted(np.clip(field, 0, 1), [_scaled(colour, 0.2), colour, _scaled(colour, 1.5)])


def _speckled(rng: np.random.Generator, shape: Shape, millis: float) -> Image:
    """Carpet, gravel, terrazzo: coloured grains."""
    one, two, three = (_colour(rng, 15, 210, 0.2) for _ in range(3))
    cells = max(8.0, shape[0] / millis / rng.uniform(0.8, 5))
    field = value_noise(rng, shape, (cells, cells * shape[1] / shape[0]))
    return tinted(np.clip(field * 1.6 - 0.3, 0, 1), [one, two, three])


def _newsprint(rng: np.random.Generator, shape: Shape, millis: float) -> Image:
    """A mat full of print, as a page is."""
    page = Page(rng, (shape[1], shape[0]), millis, _colour(rng, 190, 245, 0.02))
    across = max(2, round(shape[1] / millis / rng.uniform(40, 80)))
    for column in range(across):
        left = column / across
        page.block((left, 0, left + 0.92 / across, 1), rng.uniform(2.0, 4.5), 1.5)
    page.dry()
    return page.image


_MAKERS: dict[Ground, Callable[[np.random.Generator, Shape, float], Image]] = {
    Ground.DARK: _dark,
    Ground.PLAIN: _plain,
    Ground.WHITE: _white,
    Ground.DESK: _desk,
    Ground.WOOD: _wood,
    Ground.PLANKS: _planks,
    Ground.CLOTH: _cloth,
    Ground.CHECKED: _checked,
    Ground.MARBLE: _marble,
    Ground.TILES: _tiles,
    Ground.STONES: _stones,
    Ground.SPECKLED: _speckled,
    Ground.NEWSPRINT: _newsprint,
}
