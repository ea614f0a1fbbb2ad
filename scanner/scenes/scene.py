"""Puts a scene together: papers, camera and lamps are decided first, then drawn back to front.

Everything decided comes from one generator and everything textured from another, so that one seed
gives the same scene at every size.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.scenes.camera import Camera, View, framed
from scanner.scenes.canvas import Canvas
from scanner.scenes.ground import Ground
from scanner.scenes.levels import RECIPES, Recipe
from scanner.scenes.light import Lamp
from scanner.scenes.models import Level, Paper, Scene
from scanner.scenes.relief import Array
from scanner.scenes.sensor import Sensor, develop
from scanner.scenes.sheet import Sheet
from scanner.scenes.stock import Plan, plan
from scanner.scenes.surface import draw_sheet
from scanner.scenes.table import draw_table

_MOST = 5
_LEVELS = list(Level)


@dataclass(frozen=True)
class Laid:
    """A planned paper at its place on the table: mm and radians."""

    plan: Plan
    place: tuple[float, float]
    angle: float

    @property
    def flat(self) -> Array:
        """(4, 3) mm: its corners as if it lay flat."""
        half = np.array(self.plan.size) / 2
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
        turn = np.array(
            [[np.cos(self.angle), np.sin(self.angle)], [-np.sin(self.angle), np.cos(self.angle)]]
        )
        return np.column_stack([corners @ turn + self.place, np.zeros(4)])


def make_scene(
    seed: int,
    level: Level,
    size: tuple[int, int] = (1024, 768),
    papers: int | None = 1,
) -> Scene:
    """The scene of a seed: always the same picture for the same arguments.

    `size` is width and height in pixels. `papers`: how many lie apart in the frame; 0 is an empty
    table, None is one to five.
    """
    recipe = RECIPES[level]
    decide = np.random.default_rng([seed, _LEVELS.index(level), 1])
    texture = np.random.default_rng([seed, _LEVELS.index(level), 2])
    count = int(decide.integers(1, _MOST + 1)) if papers is None else papers
    laid = _lay_out(decide, recipe, max(1, count))
    camera = _camera(decide, recipe, size, laid)
    canvas = Canvas(camera, _lamps(decide, recipe, camera), _ambient(decide, recipe))
    ground = _ground(decide, recipe)
    sensor = _sensor(decide, recipe)
    draw_table(texture, canvas, ground)
    sheets = [_printed(texture, camera, one) for one in laid[:count]]
    for sheet in sheets:
        draw_sheet(canvas, sheet)
    image = develop(texture, canvas.lit(), sensor)
    return Scene(image, tuple(_truth(sheet, camera) for sheet in sheets))


def _truth(sheet: Sheet, camera: Camera) -> Paper:
    return Paper(sheet.quad(camera), sheet.outline(camera), sheet.kind)


def _printed(rng: np.random.Generator, camera: Camera, laid: Laid) -> Sheet:
    pixels = camera.scale(np.array([*laid.place, 0.0]))
    return laid.plan.printed(rng, pixels, laid.place, laid.angle)


def _angle(rng: np.random.Generator, recipe: Recipe) -> float:
    turn = rng.uniform(-recipe.turn, recipe.turn)
    quarter = 90 * int(rng.integers(1, 4)) if rng.random() < recipe.upside else 0
    return float(np.radians(turn + quarter))


def _lay_out(rng: np.random.Generator, recipe: Recipe, count: int) -> list[Laid]:
    """Papers that do not touch each other, around the middle of the table."""
    laid = [Laid(plan(rng, recipe), (0.0, 0.0), _angle(rng, recipe))]
    reach = 60.0
    while len(laid) < count:
        place = rng.uniform(-reach, reach, 2)
        new = Laid(plan(rng, recipe), (float(place[0]), float(place[1])), _angle(rng, recipe))
        reach += 12
        if all(_apart(new, other) for other in laid):
            laid.append(new)
            reach = max(60.0, reach - 60)
    return laid


def _apart(one: Laid, other: Laid, gap: float = 1.08) -> bool:
    first, second = (
        (((laid.flat[:, :2] - laid.place) * gap) + laid.place).astype(np.float32)
        for laid in (one, other)
    )
    return bool(cv2.intersectConvexConvex(first, second)[0] <= 0)


def _camera(
    rng: np.random.Generator, recipe: Recipe, size: tuple[int, int], laid: list[Laid]
) -> Camera:
    low, high = recipe.tilt
    view = View(
        tilt=low + (high - low) * float(rng.beta(1.3, 2.2)),
        azimuth=float(rng.normal(0, 35)),
        roll=float(rng.normal(0, 4)),
        field=float(rng.uniform(45, 78)),
        bend=float(rng.uniform(-0.05, 0.012)),
    )
    points = np.concatenate([one.flat for one in laid])
    fill = float(rng.uniform(*recipe.fill))
    spare = max(0.0, 1 - fill) / 2
    off = rng.uniform(-1, 1, 2) * spare * 0.9
    if rng.random() < recipe.outside:
        off += rng.uniform(-0.06, 0.06, 2)
    return framed(size, view, points, fill, (0.5 + off[0], 0.5 + off[1]))


def _ambient(rng: np.random.Generator, recipe: Recipe) -> Array:
    return np.asarray(rng.uniform(*recipe.ambient) * (1 + rng.normal(0, 0.04, 3)))


def _lamps(rng: np.random.Generator, recipe: Recipe, camera: Camera) -> tuple[Lamp, ...]:
    count = int(rng.integers(1, recipe.lamps + 1))
    shares = rng.dirichlet(np.full(count, 1.5)) * rng.uniform(0.4, 0.8)
    reach = float(np.linalg.norm(camera.place))
    lamps = []
    for share in shares:
        angle, slope = rng.uniform(0, 2 * np.pi), rng.uniform(0.15, 1.35)
        far = reach * rng.uniform(0.9, 4)
        way = [np.sin(slope) * np.cos(angle), np.sin(slope) * np.sin(angle), np.cos(slope)]
        warm = rng.normal(0, 0.06) * np.array([-1, 0, 1])
        lamps.append(Lamp(np.array(way) * far, share * (1 + warm), far * rng.uniform(0.01, 0.25)))
    return tuple(lamps)


def _ground(rng: np.random.Generator, recipe: Recipe) -> Ground:
    chances = np.array(list(recipe.grounds.values()), np.float64)
    return Ground(rng.choice(list(recipe.grounds), p=chances / chances.sum()))


def _sensor(rng: np.random.Generator, recipe: Recipe) -> Sensor:
    warm, green = rng.normal(0, recipe.cast), rng.normal(0, recipe.cast / 3)
    return Sensor(
        focus=float(rng.uniform(*recipe.focus)),
        motion=float(rng.uniform(*recipe.motion)) if rng.random() < 0.4 else 0.0,
        direction=float(rng.uniform(0, np.pi)),
        noise=float(rng.uniform(*recipe.noise)),
        exposure=float(rng.uniform(*recipe.exposure)),
        cast=(1 - warm, 1 + green, 1 + warm),
        vignette=float(rng.uniform(0, 0.35)),
        sharpen=float(rng.uniform(0, 1.2)) if rng.random() < 0.5 else 0.0,
        quality=int(rng.uniform(*recipe.quality)),
    )
