"""Puts a scene together: what was decided is drawn from the table upwards, then photographed.

Decisions, props and textures come from generators of their own, so that one seed gives the same
scene at every size.
"""

from dataclasses import dataclass

import numpy as np

from scanner.scenes.canvas import Canvas
from scanner.scenes.clutter import distance, draw_cable_across, draw_clutter
from scanner.scenes.hands import Hand, make_hand
from scanner.scenes.layout import Laid, Layout, lay_out
from scanner.scenes.levels import RECIPES, Recipe
from scanner.scenes.models import Level, Paper, Scene
from scanner.scenes.piles import draw_beneath, draw_cut_off
from scanner.scenes.relief import Array
from scanner.scenes.sensor import develop
from scanner.scenes.shade import draw_shadow
from scanner.scenes.sheet import Sheet
from scanner.scenes.sleeve import draw_sleeve
from scanner.scenes.solids import draw_solid
from scanner.scenes.surface import draw_sheet, unfolded
from scanner.scenes.table import draw_table

_MOST = 5
_LEVELS = list(Level)


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
    decide, props, texture = (
        np.random.default_rng([seed, _LEVELS.index(level), part]) for part in range(3)
    )
    count = int(decide.integers(1, _MOST + 1)) if papers is None else papers
    layout = lay_out(decide, RECIPES[level], size, count)
    canvas = Canvas(layout.camera, layout.lamps, layout.ambient)
    drawing = _Drawing(canvas, RECIPES[level], layout, props, texture)
    sheets = drawing.draw()
    image = develop(texture, canvas.lit(), layout.sensor)
    return Scene(image, tuple(_truth(sheet, canvas) for sheet in sheets))


def _truth(sheet: Sheet, canvas: Canvas) -> Paper:
    return Paper(sheet.quad(canvas.camera), sheet.outline(canvas.camera), sheet.kind)


@dataclass(frozen=True, eq=False)
class _Drawing:
    """`props` decides on what lies about, `texture` on grain and print."""

    canvas: Canvas
    recipe: Recipe
    layout: Layout
    props: np.random.Generator
    texture: np.random.Generator

    def draw(self) -> list[Sheet]:
        """Everything, from the table upwards; the sheets that are to be found."""
        draw_table(self.props, self.texture, self.canvas, self.layout.ground, self.recipe.edge)
        self._beside()
        hands = [found for laid in self.layout.laid if (found := self._hand(laid))]
        for hand, gripping in hands:
            if gripping:
                draw_solid(self.canvas, hand.whole)
        for laid in self.layout.laid:
            if self._chance(self.recipe.beneath) and not laid.held:
                draw_beneath(self.props, self.texture, self.canvas, laid)
        sheets = [self._sheet(laid) for laid in self.layout.laid]
        self._above()
        for hand, gripping in hands:
            draw_solid(self.canvas, hand.thumb if gripping else hand.whole)
        return sheets

    def _chance(self, share: float) -> bool:
        return bool(self.props.random() < share)

    def _beside(self) -> None:
        """Whatever lies on the table before the papers do."""
        laid = self.layout.laid
        if self._chance(self.recipe.beneath) and laid:
            draw_cut_off(self.props, self.texture, self.canvas, self.recipe, laid)
        if self._chance(self.recipe.clutter):
            number = int(self.props.integers(*self.recipe.things))
            draw_clutter(self.props, self.canvas, [one.flat[:, :2] for one in laid], number)

    def _sheet(self, laid: Laid) -> Sheet:
        pixels = self.canvas.camera.scale(np.array([*laid.place, laid.held]))
        sheet = laid.plan.printed(self.texture, pixels, laid.place, laid.angle, laid.held)
        sheet = unfolded(sheet, self.canvas.camera)
        draw_sheet(self.canvas, sheet)
        if self._chance(self.recipe.sleeve):
            draw_sleeve(self.props, self.canvas, sheet)
        return sheet

    def _above(self) -> None:
        """Small things on the papers, and shadows from outside."""
        taken = [one.flat[:, :2] for one in self.layout.laid if min(one.plan.size) > 100]
        if taken and self._chance(self.recipe.upon):
            number = int(self.props.integers(1, 4))
            draw_clutter(self.props, self.canvas, taken, number, on_papers=True)
        if taken and self.recipe.across and self._chance(self.recipe.across):
            draw_cable_across(self.props, self.canvas, taken)
        if self._chance(self.recipe.shadows):
            for _ in range(int(self.props.integers(1, 3))):
                draw_shadow(self.props, self.canvas)

    def _hand(self, laid: Laid) -> tuple[Hand, bool] | None:
        """A hand at a paper, sometimes; a paper in the air is always held."""
        if not (laid.held or self._chance(self.recipe.hand)):
            return None
        gripping = bool(laid.held) or self._chance(0.35)
        side = int(self.props.integers(4))
        start, end = laid.flat[side, :2], laid.flat[(side + 1) % 4, :2]
        edge = start + (end - start) * self.props.uniform(0.05, 0.95)
        inward = np.arctan2(*(np.array(laid.place) - (start + end) / 2)[::-1])
        angle = float(inward + self.props.normal(0, 0.45))
        if not self._arm_is_clear(laid, edge, angle):
            return None
        reach = self.props.uniform(4, min(34.0, 0.3 * min(laid.plan.size)))
        tip = edge + np.array([np.cos(angle), np.sin(angle)]) * reach
        at = (float(tip[0]), float(tip[1]))
        base = laid.held + (0 if gripping else 0.4 + laid.plan.stack)
        return make_hand(self.props, at, angle, base, gripping=gripping), gripping

    def _arm_is_clear(self, laid: Laid, edge: Array, angle: float) -> bool:
        """Whether an arm that comes to `edge` in direction `angle` crosses no other paper."""
        way = np.array([np.cos(angle), np.sin(angle)])
        arm = edge - way * np.arange(0, 700, 30)[:, None]
        others = [other.flat[:, :2] for other in self.layout.laid if other is not laid]
        return all(distance(other, place) > 70 for other in others for place in arm)
