"""The stock of papers: sizes, corners, gloss and bends of each kind."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scanner.scenes import relief
from scanner.scenes.contents import contents
from scanner.scenes.levels import Recipe
from scanner.scenes.models import Floats, Kind
from scanner.scenes.relief import Relief
from scanner.scenes.sheet import Sheet

Size = tuple[float, float]

_STRAIGHT: Floats = np.empty((2, 0), np.float32)


@dataclass(frozen=True)
class Plan:
    """A paper before it is printed: what the layout of a scene needs to know."""

    kind: Kind
    size: Size
    radius: float
    gloss: float
    stack: float
    tear: Floats
    reliefs: tuple[Relief, ...]

    def printed(
        self,
        rng: np.random.Generator,
        pixels: float,
        place: tuple[float, float],
        angle: float,
        held: float = 0.0,
    ) -> Sheet:
        """The finished sheet; `pixels` a millimetre in the picture."""
        millis = float(np.clip(pixels, 0.2, 3000 / max(self.size)))
        width, height = (max(8, round(side * millis)) for side in self.size)
        print_ = contents(rng, self.kind, (width, height), millis)
        return Sheet(
            kind=self.kind,
            size=self.size,
            print=print_,
            place=place,
            angle=angle,
            radius=self.radius,
            gloss=self.gloss,
            stack=self.stack,
            tear=self.tear,
            reliefs=self.reliefs,
            base=0.2 + self.stack + held,
        )


_CHANCES = {
    Kind.A4: 0.4,
    Kind.NOTE: 0.12,
    Kind.CARD: 0.08,
    Kind.RECEIPT: 0.2,
    Kind.PHOTO: 0.05,
    Kind.BOOKLET: 0.09,
    Kind.TICKET: 0.06,
}


def plan(rng: np.random.Generator, recipe: Recipe) -> Plan:
    """Some paper out of the stock."""
    chances = recipe.kinds or _CHANCES
    kind = Kind(rng.choice(list(chances), p=np.array(list(chances.values()))))
    if kind is Kind.PHOTO and not recipe.photos:
        kind = Kind.A4
    size = _SIZES[kind](rng)
    gloss = {Kind.CARD: 0.35, Kind.PHOTO: 0.4, Kind.BOOKLET: 0.05}.get(kind, 0.0)
    return Plan(
        kind=kind,
        size=size,
        radius=3.18 if kind is Kind.CARD else 0.0,
        gloss=gloss * rng.uniform(0, 1),
        stack=_stack(rng, kind),
        tear=_tear(rng) if kind is Kind.RECEIPT and rng.random() < 0.6 else _STRAIGHT,
        reliefs=_reliefs(rng, kind, size, recipe),
    )


def _stack(rng: np.random.Generator, kind: Kind) -> float:
    if kind is Kind.BOOKLET:
        return float(rng.uniform(0.3, 6))
    if kind is Kind.CARD:
        return 0.76
    return float(rng.uniform(0.3, 4)) if rng.random() < 0.1 else 0.0


def _a4(rng: np.random.Generator) -> Size:
    sizes = ((210, 297), (210, 297), (216, 279), (148, 210), (182, 257), (216, 356), (297, 420))
    width, height = sizes[int(rng.integers(len(sizes)))]
    return (height, width) if rng.random() < 0.15 else (width, height)


def _note(rng: np.random.Generator) -> Size:
    return float(rng.uniform(70, 200)), float(rng.uniform(80, 260))


def _card(rng: np.random.Generator) -> Size:
    return (53.98, 85.6) if rng.random() < 0.12 else (85.6, 53.98)


def _receipt(rng: np.random.Generator) -> Size:
    return float(rng.choice([57, 79])), float(rng.uniform(90, 330))


def _photo(rng: np.random.Generator) -> Size:
    width, height = ((102, 152), (127, 178), (89, 127), (100, 100))[int(rng.integers(4))]
    return (height, width) if rng.random() < 0.5 else (width, height)


def _booklet(rng: np.random.Generator) -> Size:
    width, height = ((176, 125), (210, 148), (296, 210), (420, 297), (260, 190))[
        int(rng.integers(5))
    ]
    return float(width), float(height)


def _ticket(rng: np.random.Generator) -> Size:
    width, height = float(rng.uniform(120, 200)), float(rng.uniform(55, 95))
    return (height, width) if rng.random() < 0.3 else (width, height)


_SIZES: dict[Kind, Callable[[np.random.Generator], Size]] = {
    Kind.A4: _a4,
    Kind.NOTE: _note,
    Kind.CARD: _card,
    Kind.RECEIPT: _receipt,
    Kind.PHOTO: _photo,
    Kind.BOOKLET: _booklet,
    Kind.TICKET: _ticket,
}


def _tear(rng: np.random.Generator) -> Floats:
    """A serrated or ragged edge: how far (mm) it steps in, along the width."""
    knots = 41
    if rng.random() < 0.5:
        saw = np.abs(np.arange(knots) % 4 - 2) / 2 * rng.uniform(0.5, 1.2)
        return np.stack([saw, saw]).astype(np.float32)
    ragged = np.abs(rng.normal(0, 0.3, (2, knots)))
    ragged += np.abs(rng.normal(0, 0.8, (2, 1))) * np.linspace(0, 1, knots)
    return ragged.astype(np.float32)


def _reliefs(
    rng: np.random.Generator, kind: Kind, size: Size, recipe: Recipe
) -> tuple[Relief, ...]:
    low, high = recipe.curl
    strength = float(rng.uniform(low, high))
    found: list[Relief] = []
    if kind is Kind.BOOKLET:
        found.append(relief.spine(rng, size, min(0.9, 0.1 + 1.5 * strength)))
    if kind is Kind.CARD or rng.random() > recipe.bent:
        return tuple(found)
    if kind is Kind.RECEIPT:
        found.append(relief.waves(rng, size, strength * 0.8))
    styles = [relief.curl, relief.curl, relief.folds]
    if kind is not Kind.BOOKLET:
        found.append(styles[int(rng.integers(3))](rng, size, strength))
        if rng.random() < 0.25:
            found.append(relief.lifted_corner(rng, size, 2.2 * strength))
    if rng.random() < 0.4:
        found.append(relief.crumple(rng, size, strength))
    return tuple(found)
