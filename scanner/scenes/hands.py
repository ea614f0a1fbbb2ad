"""Hands over and under papers: fingers with joints and nails, a palm, a sleeve."""

from dataclasses import dataclass

import numpy as np

from scanner.scenes.solids import Rod, Solid

Colour = tuple[float, float, float]
Point = tuple[float, float]

_SKINS = ((0.42, 0.55, 0.80), (0.34, 0.46, 0.72), (0.24, 0.36, 0.60), (0.13, 0.20, 0.38))
_KNUCKLES = ((6.0, -30.0), (12.0, -10.5), (9.0, 10.0), (0.0, 28.0))
_LENGTHS = (66.0, 76.0, 70.0, 54.0)
_PHALANGES = (0.46, 0.3, 0.24)


@dataclass(frozen=True)
class Hand:
    """The `whole` hand, and its `thumb` alone, to be drawn again over a page that it grips."""

    whole: Solid
    thumb: Solid


def make_hand(
    rng: np.random.Generator, tip: Point, angle: float, base: float, *, gripping: bool
) -> Hand:
    """A hand reaching in direction `angle` (radians) so that a fingertip is at `tip` (mm).

    `gripping`: the thumb's tip is at `tip` and the fingers go beneath.
    """
    shade = rng.uniform(0.75, 1.15)
    skin = np.array(_SKINS[int(rng.integers(len(_SKINS)))]) * shade
    mirror = 1.0 if rng.random() < 0.5 else -1.0
    scale = float(rng.uniform(0.88, 1.12))
    bones = _Bones(rng, skin, mirror, scale)
    thumb, thumb_tip = bones.thumb(gripping=gripping)
    fingers, finger_tip = bones.fingers()
    reach = np.array(thumb_tip if gripping else finger_tip)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    place = np.array(tip) - turn @ reach
    at = (float(place[0]), float(place[1]))
    rods = (*bones.arm(), *bones.palm(), *fingers, *thumb)
    return Hand(
        Solid(rods, at, angle, base, gloss=0.06, soft=0.3),
        Solid(tuple(thumb), at, angle, base + 1, gloss=0.06, soft=0.3),
    )


class _Bones:
    """Builds the rods in the hand's own frame: fingers along +x, knuckles near the origin."""

    def __init__(
        self, rng: np.random.Generator, skin: np.ndarray, mirror: float, scale: float
    ) -> None:
        self.rng, self.skin, self.mirror, self.scale = rng, skin, mirror, scale

    def _rod(
        self, start: np.ndarray, end: np.ndarray, wide: Point, lift: float, tone: float = 1.0
    ) -> Rod:
        flip = np.array([1.0, self.mirror]) * self.scale
        one, two = start * flip, end * flip
        blush = np.array([0.96, 0.95, 1.0]) if tone < 1 else np.ones(3)
        blue, green, red = np.clip(self.skin * tone * blush, 0.02, 0.95)
        return Rod(
            (float(one[0]), float(one[1])),
            (float(two[0]), float(two[1])),
            (wide[0] * self.scale, wide[1] * self.scale),
            (float(blue), float(green), float(red)),
            lift=lift,
            flat=0.8,
        )

    def arm(self) -> list[Rod]:
        """Forearm and, mostly, a sleeve over it."""
        wrist, elbow = np.array([-72.0, 2.0]), np.array([-900.0, self.rng.uniform(-200, 200)])
        rods = [self._rod(elbow, wrist, (75, 27), -8)]
        if self.rng.random() < 0.7:
            cuff = wrist + (elbow - wrist) * self.rng.uniform(0.02, 0.2)
            sleeve = self._rod(elbow, cuff, (90, 40), -4)
            cloth = self.rng.uniform(0.01, 0.6) * (1 + self.rng.normal(0, 0.15, 3))
            blue, green, red = np.clip(cloth, 0.005, 0.9)
            colour = (float(blue), float(green), float(red))
            rods.append(Rod(sleeve.start, sleeve.end, sleeve.wide, colour, sleeve.lift, 0.7))
        return rods

    def palm(self) -> list[Rod]:
        heel = np.array([-64.0, 0.0])
        rods = [self._rod(heel, np.array(k), (25, 14), -6) for k in _KNUCKLES]
        rods.append(self._rod(heel, np.array([-40.0, -30.0]), (20, 16), -5))
        rods += [self._rod(np.array(k), np.array(k) * 0.98, (11, 11), 0.5, 0.97) for k in _KNUCKLES]
        return rods

    def fingers(self) -> tuple[list[Rod], Point]:
        rods: list[Rod] = []
        fold = self.rng.uniform(0.55, 1.0)
        spread = self.rng.uniform(0.02, 0.16)
        tips = []
        for number, knuckle in enumerate(_KNUCKLES):
            aim = (number - 1.5) * spread + self.rng.normal(0, 0.04)
            length = _LENGTHS[number] * fold * self.rng.uniform(0.9, 1.05)
            wide = (9.6, 8.8, 8.2, 7.0) if number < 3 else (8.0, 7.4, 7.0, 6.0)
            chain, tip = self._chain(np.array(knuckle), aim, length, wide)
            rods += chain
            tips.append(tip)
        flip = np.array([1.0, self.mirror]) * self.scale
        chosen = np.array(tips[int(self.rng.integers(1, 3))]) * flip
        return rods, (float(chosen[0]), float(chosen[1]))

    def thumb(self, *, gripping: bool) -> tuple[list[Rod], Point]:
        aim = self.rng.uniform(-0.5, -0.1) if gripping else self.rng.uniform(-0.9, -0.45)
        base = np.array([-42.0, -34.0])
        chain, tip = self._chain(base, aim, 68 * self.rng.uniform(0.9, 1.1), (13.5, 11, 10.5, 9))
        flip = np.array([1.0, self.mirror]) * self.scale
        at = np.array(tip) * flip
        return chain, (float(at[0]), float(at[1]))

    def _chain(
        self, start: np.ndarray, aim: float, length: float, wide: tuple[float, float, float, float]
    ) -> tuple[list[Rod], Point]:
        """Three phalanges with thicker joints, a crease at each, and a nail."""
        rods = []
        height = self.rng.uniform(2, 6)
        for bone, part in enumerate(_PHALANGES):
            end = start + np.array([np.cos(aim), np.sin(aim)]) * length * part
            rods.append(self._rod(start, end, (wide[bone], wide[bone + 1]), height))
            joint = np.array([-np.sin(aim), np.cos(aim)]) * wide[bone + 1] * 0.62
            if bone < 2:
                rods.append(self._rod(end - joint, end + joint, (1.0, 1.0), height + 6.6, 0.82))
            start, height = end, height - self.rng.uniform(0.5, 2.0)
            aim += self.rng.normal(0, 0.07)
        along = np.array([np.cos(aim), np.sin(aim)])
        nail = self._rod(start - along * 2.5, start + along * 4.0, (5.0, 4.4), height + 3.1, 1.12)
        rods.append(Rod(nail.start, nail.end, nail.wide, _pink(nail.colour), nail.lift, 0.78))
        tip = start + along * wide[3]
        return rods, (float(tip[0]), float(tip[1]))


def _pink(colour: Colour) -> Colour:
    blue, green, red = colour
    return min(0.9, blue * 1.15 + 0.05), min(0.9, green * 1.02 + 0.03), min(0.95, red * 1.05)
