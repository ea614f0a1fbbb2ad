"""What each level may throw at the reader: chances and ranges, in one table."""

from dataclasses import dataclass, replace

from scanner.scenes.ground import Ground
from scanner.scenes.models import Kind, Level

Range = tuple[float, float]


@dataclass(frozen=True)
class Recipe:
    """Angles in degrees; `curl` the steepest slope in radians; `fill` the share of the tighter
    side of the frame that a paper takes; chances 0..1; sensor figures as in `Sensor`.

    `things`: from and below how many lie about where there is `clutter`; `upon`: the chance of some
    on the papers, `across`: of cables over them; `gap`: several papers do not touch even when so
    much larger; `kinds`: the chances of papers, where not the stock's own.
    """

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
    things: tuple[int, int] = (1, 8)
    upon: float = 0.0
    across: float = 0.0
    gap: float = 1.08
    kinds: dict[Kind, float] | None = None


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
        upon=0.105,
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
        upon=0.18,
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

RECIPES[Level.DESK] = replace(
    RECIPES[Level.HARD],
    tilt=(0, 48),
    turn=35,
    upside=0.3,
    fill=(0.32, 1.0),
    curl=(0.0, 0.12),
    grounds={Ground.DESK: 6, Ground.WHITE: 2, Ground.WOOD: 1, Ground.MARBLE: 1},
    edge=0.5,
    ambient=(0.3, 0.7),
    hand=0.05,
    held=0,
    clutter=1,
    things=(3, 14),
    upon=0.6,
    across=0.3,
    gap=1.01,
    beneath=0.08,
    glare=0.1,
    sleeve=0.04,
    focus=(0, 1.2),
    motion=(0, 2.0),
    exposure=(0.6, 1.6),
    kinds={Kind.A4: 0.8, Kind.NOTE: 0.12, Kind.RECEIPT: 0.08},
)

RECIPES[Level.SNAPSHOT] = replace(
    RECIPES[Level.HARD],
    tilt=(0, 32),
    turn=25,
    upside=0.1,
    fill=(0.5, 1.02),
    outside=0.2,
    curl=(0.08, 0.55),
    bent=0.95,
    lamps=2,
    ambient=(0.15, 0.6),
    shadows=0.3,
    hand=0.08,
    clutter=0.25,
    upon=0.05,
    beneath=0.05,
    glare=0.05,
    sleeve=0.02,
    focus=(0, 1.0),
    motion=(0, 1.0),
    kinds={Kind.RECEIPT: 0.65, Kind.NOTE: 0.15, Kind.A4: 0.2},
)
