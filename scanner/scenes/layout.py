"""Everything that is decided about a scene before anything is drawn."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from scanner.scenes.camera import Camera, View, framed
from scanner.scenes.ground import Ground
from scanner.scenes.levels import Recipe
from scanner.scenes.light import Lamp
from scanner.scenes.relief import Array
from scanner.scenes.sensor import Sensor
from scanner.scenes.stock import Plan, plan

_FIRST_REACH = 60.0
_FILL_OF_SEVERAL = 0.72


@dataclass(frozen=True)
class Laid:
    """A planned paper at its place on the table: mm and radians; `held` mm up in the air."""

    plan: Plan
    place: tuple[float, float]
    angle: float
    held: float = 0.0

    @property
    def flat(self) -> Array:
        """(4, 3) mm: its corners as if it were flat, clockwise."""
        half = np.array(self.plan.size) / 2
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        turned = corners @ np.array([[cos, sin], [-sin, cos]]) + self.place
        return np.column_stack([turned, np.full(4, self.held)])


@dataclass(frozen=True, eq=False)
class Layout:
    """Papers, eye, light, table and sensor of a scene; `ambient` (3,) BGR."""

    laid: list[Laid]
    camera: Camera
    lamps: tuple[Lamp, ...]
    ambient: Array
    ground: Ground
    sensor: Sensor


def lay_out(rng: np.random.Generator, recipe: Recipe, size: tuple[int, int], count: int) -> Layout:
    """Decide on a scene for `count` papers; for none, on one that a paper would fit in."""
    laid = _papers(rng, recipe, max(1, count))
    camera = _camera(rng, recipe, size, laid)
    lamps = _lamps(rng, recipe, camera)
    if rng.random() < recipe.glare:
        laid[0], lamp = _glaring(rng, laid[0], camera)
        lamps = (*lamps, lamp)
    ambient = np.asarray(rng.uniform(*recipe.ambient) * (1 + rng.normal(0, 0.04, 3)))
    ground, sensor = _ground(rng, recipe), _sensor(rng, recipe)
    return Layout(laid[:count], camera, lamps, ambient, ground, sensor)


def turned(rng: np.random.Generator, recipe: Recipe) -> float:
    """How a paper lies, radians."""
    turn = rng.uniform(-recipe.turn, recipe.turn)
    quarter = 90 * int(rng.integers(1, 4)) if rng.random() < recipe.upside else 0
    return float(np.radians(turn + quarter))


def _papers(rng: np.random.Generator, recipe: Recipe, count: int) -> list[Laid]:
    """Papers that lie apart, around the middle of the table."""
    held = float(rng.uniform(30, 220)) if count == 1 and rng.random() < recipe.held else 0.0
    laid = [Laid(plan(rng, recipe), (0.0, 0.0), turned(rng, recipe), held)]
    reach = _FIRST_REACH
    while len(laid) < count:
        place = rng.uniform(-reach, reach, 2)
        new = Laid(plan(rng, recipe), (float(place[0]), float(place[1])), turned(rng, recipe))
        reach += 12
        if all(apart(new, other, recipe.gap) for other in laid):
            laid.append(new)
            reach = max(_FIRST_REACH, reach - 60)
    return laid


def apart(one: Laid, other: Laid, gap: float = 1.08) -> bool:
    """Whether two papers do not touch, each made a little larger."""
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
    low, high = recipe.fill
    fill = float(rng.uniform(low if len(laid) == 1 else max(low, _FILL_OF_SEVERAL), high))
    spare = max(0.0, 1 - fill) / 2
    off = rng.uniform(-1, 1, 2) * spare * 0.9
    if rng.random() < recipe.outside:
        off += rng.uniform(-0.06, 0.06, 2)
    return framed(size, view, points, fill, (0.5 + off[0], 0.5 + off[1]))


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


def _glaring(rng: np.random.Generator, laid: Laid, camera: Camera) -> tuple[Laid, Lamp]:
    """A lamp whose image in the paper's gloss stands somewhere on the paper."""
    spot = rng.dirichlet(np.ones(4)) @ laid.flat
    way = (camera.place - spot) * [-1, -1, 1]
    place = spot + way * rng.uniform(0.8, 2.5)
    lamp = Lamp(place, np.full(3, rng.uniform(0.1, 0.4)), float(np.linalg.norm(way)) * 0.05)
    glossy = replace(laid.plan, gloss=float(rng.uniform(0.08, 0.9)))
    return replace(laid, plan=glossy), lamp


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
        moire=float(rng.uniform(0.01, 0.05)) if rng.random() < recipe.moire else 0.0,
        quality=int(rng.uniform(*recipe.quality)),
    )
