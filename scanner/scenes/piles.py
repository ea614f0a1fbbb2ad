"""Papers that are not the ones to find: beneath them in a pile, or cut off by the frame."""

from dataclasses import replace

import numpy as np

from scanner.scenes.canvas import Canvas
from scanner.scenes.layout import Laid, apart, turned
from scanner.scenes.levels import Recipe
from scanner.scenes.stock import plan
from scanner.scenes.surface import draw_sheet


def draw_beneath(
    props: np.random.Generator,
    texture: np.random.Generator,
    canvas: Canvas,
    laid: Laid,
) -> None:
    """A few sheets of the same size that stick out askew from under a paper."""
    for _ in range(int(props.integers(1, 4))):
        off = props.normal(0, 12, 2) + props.choice([-1, 1], 2) * props.uniform(2, 10)
        place = (laid.place[0] + float(off[0]), laid.place[1] + float(off[1]))
        angle = laid.angle + float(props.normal(0, 0.09))
        same = replace(laid.plan, reliefs=(), gloss=0.0, stack=0.0)
        _draw(texture, canvas, Laid(same, place, angle))


def draw_cut_off(
    props: np.random.Generator,
    texture: np.random.Generator,
    canvas: Canvas,
    recipe: Recipe,
    laid: list[Laid],
) -> None:
    """Papers of which the frame shows less than half, clear of the others."""
    size = np.array(canvas.camera.size)
    for _ in range(int(props.integers(1, 3))):
        rim = props.uniform(0, 1, 2)
        rim[int(props.integers(2))] = props.choice([-0.08, 1.08])
        spot = canvas.camera.on_plane(rim * size)
        other = Laid(plan(props, recipe), (float(spot[0]), float(spot[1])), turned(props, recipe))
        if all(apart(other, one) for one in laid):
            _draw(texture, canvas, other)


def _draw(texture: np.random.Generator, canvas: Canvas, laid: Laid) -> None:
    pixels = canvas.camera.scale(np.array([*laid.place, 0.0]))
    draw_sheet(canvas, laid.plan.printed(texture, pixels, laid.place, laid.angle, laid.held))
