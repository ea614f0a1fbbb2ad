"""What else lies about: pens, cables, mice, coins, cups, books, screens, around or on the paper."""

from itertools import pairwise

import numpy as np

from scanner.scenes.boxes import coin, cup, draw_box, slab
from scanner.scenes.canvas import Canvas
from scanner.scenes.relief import Array
from scanner.scenes.solids import Rod, Solid, draw_solid

Colour = tuple[float, float, float]


def draw_clutter(
    rng: np.random.Generator,
    canvas: Canvas,
    taken: list[Array],
    number: int,
    *,
    on_papers: bool = False,
) -> None:
    """Lay `number` things beside the papers (`taken`: (4, 2) mm each), or small ones on them."""
    for _ in range(number):
        style = rng.random()
        if on_papers or style < 0.35:
            _lay_small(rng, canvas, taken, on_papers=on_papers)
        elif style < 0.5:
            _lay_cable(rng, canvas, taken)
        else:
            _lay_large(rng, canvas, taken)


def _lay_small(
    rng: np.random.Generator, canvas: Canvas, taken: list[Array], *, on_papers: bool
) -> None:
    place = _spot_on(rng, taken) if on_papers and taken else _spot(rng, canvas, taken, 15)
    if place is None:
        return
    if rng.random() < 0.65:
        draw_solid(canvas, pen(rng, place))
    else:
        for disc in coin(rng, place):
            draw_box(canvas, disc)


def _lay_large(rng: np.random.Generator, canvas: Canvas, taken: list[Array]) -> None:
    style = rng.random()
    reach = 60 if style < 0.3 else 90
    place = _spot(rng, canvas, taken, reach)
    if place is None:
        return
    if style < 0.2:
        for disc in cup(rng, place):
            draw_box(canvas, disc)
    elif style < 0.35:
        draw_solid(canvas, mouse(rng, place))
    else:
        _lay_slab(rng, canvas, taken, place)


def _lay_slab(rng: np.random.Generator, canvas: Canvas, taken: list[Array], place: Array) -> None:
    box = slab(rng, place, float(rng.uniform(0, 2 * np.pi)))
    if all(_gap(paper, box.outline) for paper in taken):
        draw_box(canvas, box)


def _gap(paper: Array, other: Array) -> bool:
    """Two convex outlines stay apart: some side of one of them divides them."""
    for one, two in ((paper, other), (other, paper)):
        sides = np.roll(one, -1, 0) - one
        for start, way in zip(one, sides, strict=True):
            normal = np.array([way[1], -way[0]]) / np.linalg.norm(way)
            first, second = (one - start) @ normal, (two - start) @ normal
            if second.min() > first.max() + 3 or second.max() < first.min() - 3:
                return True
    return False


def _spot(
    rng: np.random.Generator, canvas: Canvas, taken: list[Array], reach: float
) -> Array | None:
    """A place in or just outside the picture, `reach` mm off every paper."""
    size = np.array(canvas.camera.size)
    for _ in range(12):
        place = canvas.camera.on_plane(rng.uniform(-0.12, 1.12, 2) * size)
        if all(distance(paper, place) > reach for paper in taken):
            return np.asarray(place)
    return None


def _spot_on(rng: np.random.Generator, taken: list[Array]) -> Array:
    paper = taken[int(rng.integers(len(taken)))]
    shares = rng.dirichlet(np.ones(4))
    return np.asarray(shares @ paper)


def distance(paper: Array, place: Array) -> float:
    """Millimetres from the outside of a convex outline, 0 within."""
    best = np.inf
    inside = True
    for start, end in zip(paper, np.roll(paper, -1, 0), strict=True):
        way = end - start
        part = np.clip((place - start) @ way / (way @ way), 0, 1)
        best = min(best, float(np.linalg.norm(start + part * way - place)))
        inside = inside and float(way[0] * (place - start)[1] - way[1] * (place - start)[0]) > 0
    return 0.0 if inside else best


def _at(place: Array) -> tuple[float, float]:
    return float(place[0]), float(place[1])


def pen(rng: np.random.Generator, place: Array) -> Solid:
    """A ball pen, marker or pencil."""
    body, cap = _paint(rng), _paint(rng)
    thick = float(rng.uniform(3.5, 8))
    half = float(rng.uniform(60, 75))
    rods = (
        Rod((-half, 0), (half * 0.8, 0), (thick, thick), body),
        Rod((-half, 0), (-half * 0.3, 0), (thick * 1.12, thick * 1.12), cap, lift=0.3),
        Rod((half * 0.8, 0), (half, 0), (thick * 0.8, 1.0), cap),
        Rod((-half * 0.95, 0), (-half * 0.45, 0), (1.2, 1.2), cap, lift=thick),
    )
    return Solid(rods, _at(place), float(rng.uniform(0, 6.3)), 0.5, gloss=0.4)


def mouse(rng: np.random.Generator, place: Array) -> Solid:
    """A computer mouse with its wheel."""
    shade = float(rng.choice([0.01, 0.03, 0.5]))
    body: Colour = (shade, shade, shade)
    rods = (
        Rod((-25, 0), (22, 0), (30, 28), body, flat=0.9),
        Rod((14, 0), (24, 0), (3, 3), (0.1, 0.1, 0.1), lift=24),
    )
    return Solid(rods, _at(place), float(rng.uniform(0, 6.3)), 0.0, gloss=0.15)


def _lay_cable(rng: np.random.Generator, canvas: Canvas, taken: list[Array]) -> None:
    place = _spot(rng, canvas, taken, 5)
    if place is None:
        return
    knots = _course(rng, 26)
    colour = _paint(rng) if rng.random() < 0.3 else (0.012, 0.012, 0.012)
    thick = float(rng.uniform(1.6, 3))
    rods = tuple(
        Rod(_at(one), _at(two), (thick, thick), colour)
        for one, two in pairwise(knots)
        if all(distance(paper, one + place) > 4 or rng.random() < 0.5 for paper in taken)
    )
    if rods:
        draw_solid(canvas, Solid(rods, _at(place), 0.0, 0.3, gloss=0.3))


def draw_cable_across(rng: np.random.Generator, canvas: Canvas, taken: list[Array]) -> None:
    """A cable that lies over one of the papers, mostly over its rim."""
    paper = taken[int(rng.integers(len(taken)))]
    side, part = int(rng.integers(4)), rng.uniform(-0.2, 1.2)
    place = paper[side] * (1 - part) + paper[(side + 1) % 4] * part
    colour = _paint(rng) if rng.random() < 0.3 else (0.012, 0.012, 0.012)
    thick = float(rng.uniform(1.6, 3))
    rods = tuple(
        Rod(_at(one), _at(two), (thick, thick), colour) for one, two in pairwise(_course(rng, 34))
    )
    draw_solid(canvas, Solid(rods, _at(place), 0.0, 1.0, gloss=0.3))


def _course(rng: np.random.Generator, count: int) -> Array:
    """(count, 2) mm: a cable's bends, around its middle."""
    aim = rng.uniform(0, 6.3) + np.cumsum(rng.normal(0, 0.16, count)) + rng.normal(0, 0.05)
    knots = np.cumsum(np.stack([np.cos(aim), np.sin(aim)], -1) * 16, 0)
    return np.asarray(knots - knots[count // 2])


def _paint(rng: np.random.Generator) -> Colour:
    blue, green, red = rng.uniform(0, 1, 3) ** 2 * rng.uniform(0.05, 1)
    return float(blue), float(green), float(red)
