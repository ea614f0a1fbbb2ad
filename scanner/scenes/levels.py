"""What each level may throw at the reader: chances and ranges, in one table."""

from dataclasses import dataclass

from scanner.scenes.ground import Ground
from scanner.scenes.models import Level

Range = tuple[float, float]


@dataclass(frozen=True)
class Recipe:
    """Angles in degrees; `curl` the steepest slope in radians; `fill` the share of the tighter
    side of the frame that a paper takes; chances 0..1; sensor figures as in `Sensor`."""

    tilt: Range
    turn: float
    upside: float
    fill: Range
    outside: float
    curl: Range
    bent: float
    grounds: dict[Ground, float]
    photos: bool
    edge: float
    lamps: int
    ambient: Range
    shadows: float
    hand: float
    held: float
    moire: float
    clutter: float
    beneath: float
    glare: float
    sleeve: float
    focus: Range
    motion: Range
    noise: Range
    exposure: Range
    cast: float
    quality: Range


RECIPES: dict[Level, Recipe] = {
    Level.EASY: Recipe(
        tilt=(0, 16),
        turn=14,
        upside=0.15,
        fill=(0.55, 0.94),
        outside=0,
        photos=False,
        curl=(0.0, 0.03),
        bent=0.3,
        grounds={Ground.DARK: 1},
        edge=0,
        lamps=2,
        ambient=(0.45, 0.7),
        shadows=0.1,
        hand=0,
        held=0,
        moire=0,
        clutter=0,
        beneath=0,
        glare=0,
        sleeve=0,
        focus=(0, 0.5),
        motion=(0, 0),
        noise=(0.5, 2.5),
        exposure=(0.7, 0.95),
        cast=0.04,
        quality=(80, 96),
    ),
    Level.MEDIUM: Recipe(
        tilt=(0, 38),
        turn=40,
        upside=0.3,
        fill=(0.4, 0.97),
        outside=0,
        photos=True,
        curl=(0.02, 0.16),
        bent=0.6,
        grounds={
            Ground.PLAIN: 2,
            Ground.WOOD: 5,
            Ground.PLANKS: 2,
            Ground.CLOTH: 2,
            Ground.CHECKED: 1,
            Ground.MARBLE: 1,
            Ground.TILES: 1,
            Ground.STONES: 1,
            Ground.SPECKLED: 1,
        },
        edge=0.2,
        lamps=3,
        ambient=(0.25, 0.6),
        shadows=0.35,
        hand=0.05,
        held=0.03,
        moire=0.02,
        clutter=0.35,
        beneath=0.08,
        glare=0.15,
        sleeve=0.03,
        focus=(0, 0.9),
        motion=(0, 1.0),
        noise=(1, 5),
        exposure=(0.6, 1.1),
        cast=0.1,
        quality=(60, 95),
    ),
    Level.HARD: Recipe(
        tilt=(0, 52),
        turn=180,
        upside=0.4,
        fill=(0.32, 1.0),
        outside=0.12,
        photos=True,
        curl=(0.05, 0.4),
        bent=0.8,
        grounds={
            Ground.PLAIN: 1.5,
            Ground.WHITE: 3,
            Ground.WOOD: 3,
            Ground.PLANKS: 1.5,
            Ground.CLOTH: 1.5,
            Ground.CHECKED: 1.5,
            Ground.MARBLE: 2,
            Ground.TILES: 1.5,
            Ground.STONES: 1.5,
            Ground.SPECKLED: 1.5,
            Ground.NEWSPRINT: 2,
        },
        edge=0.3,
        lamps=3,
        ambient=(0.12, 0.5),
        shadows=0.55,
        hand=0.35,
        held=0.08,
        moire=0.08,
        clutter=0.6,
        beneath=0.25,
        glare=0.35,
        sleeve=0.18,
        focus=(0, 1.8),
        motion=(0, 3.0),
        noise=(1, 9),
        exposure=(0.4, 1.2),
        cast=0.2,
        quality=(35, 92),
    ),
}
