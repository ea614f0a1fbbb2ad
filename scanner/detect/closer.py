"""One proposed page looked at again: its sides read in strips, ever narrower ones, and how much
speaks for it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scanner.detect.agreement import agreement
from scanner.detect.edges import fit
from scanner.detect.network import Look, around, look
from scanner.detect.proposals import Proposal, proposals
from scanner.geometry import overlap
from scanner.types import Image, Quad

_SAME = 0.3
_HARM = 0.8
_REACHES = (0.13, 0.06, 0.03)
"""Of the page's size: how far its sides may lie from where they were thought to be, each time."""


@dataclass(frozen=True, eq=False)
class Outline:
    """A page's corners in the picture's pixels; 0 to 1 how much speaks for it."""

    quad: Quad
    sure: float


def closer(picture: Image, seen: Look, quad: Quad) -> Outline:
    """`seen`: what the network saw of the page and its surroundings."""
    read, clear = read_sides(picture, quad, _REACHES)
    agreed, before = agreement(seen, np.stack([read, quad])).tolist()
    if agreed < _HARM * before:  # a side past the picture's border cannot be read
        return Outline(quad, before * 0.65)
    return Outline(read, agreed * (0.3 + 0.7 * clear))


def read_sides(picture: Image, quad: Quad, reaches: Sequence[float]) -> tuple[Quad, float]:
    """The quad with its sides where they were read, and how clearly, 0 to 1."""
    clear = 0.0
    for reach in reaches:
        sides = fit(picture, quad, reach)
        quad, clear = sides.quad, float(sides.clear.mean())
    return quad, clear


def closest(picture: Image, wide: Look, first: Proposal) -> Outline:
    """As `closer`, after another look at the page alone."""
    box = around(first.quad, picture)
    if box is None:
        return closer(picture, wide, first.quad)
    near = look(picture, box)
    again = [seen.quad for seen in proposals(near) if overlap(seen.quad, first.quad) > _SAME]
    quads = np.stack([first.quad, *again])
    best = quads[int(np.argmax(agreement(near, quads)))]
    both = closer(picture, near, best), closer(picture, wide, first.quad)
    return max(both, key=lambda outline: outline.sure)
