"""From what single cells say to pages: cells that mean the same page speak with one voice."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanner.detect.agreement import agreement
from scanner.detect.areas import areas
from scanner.detect.network import Look
from scanner.geometry import is_convex, overlap, shared
from scanner.types import Quad

_HEARD = 0.3
"""Cells less sure than this are not asked."""
_SAME = 0.3  # of a page's size: middles nearer than this are one page's
_ALIKE = 0.3
_INSIDE = 0.4  # of the smaller one
_MOST = 12
_TURNED = np.array([np.roll(np.arange(4), turn) for turn in range(4)])

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Proposal:
    """Corners in the picture's pixels, clockwise; how sure its surest cell was."""

    quad: Quad
    sure: float


def proposals(seen: Look) -> list[Proposal]:
    """The surest first, none inside another: what cells say, bettered by an area of the map that
    agrees more; then areas that no cell spoke for."""
    spoken, drawn = _spoken(seen), areas(seen)
    if not (spoken or drawn):
        return []
    quads = np.stack([*(each.quad for each in spoken), *drawn])
    agreed = agreement(seen, quads)
    bettered = [_bettered(index, each, quads, agreed) for index, each in enumerate(spoken)]
    alone = [Proposal(quads[i], float(agreed[i])) for i in range(len(spoken), len(quads))]
    kept: list[Proposal] = []
    for proposal in [*bettered, *sorted(alone, key=lambda area: -area.sure)]:
        if all(shared(proposal.quad, other.quad) < _INSIDE for other in kept):
            kept.append(proposal)
    return kept


def _bettered(index: int, proposal: Proposal, quads: Quad, agreed: Floats) -> Proposal:
    better = np.flatnonzero(agreed > agreed[index])
    for other in better[np.argsort(-agreed[better])]:
        if overlap(quads[other], proposal.quad) > _ALIKE:
            return Proposal(quads[other], proposal.sure)
    return proposal


def _spoken(seen: Look) -> list[Proposal]:
    """Every cell joins the surest one that means the same page."""
    heard = seen.sure > _HEARD
    order = np.argsort(-seen.sure[heard])
    sure, quads = seen.sure[heard][order], seen.corners[heard][order]
    found: list[Proposal] = []
    while len(sure) and len(found) < _MOST:
        away = np.linalg.norm(quads.mean(1) - quads[0].mean(0), axis=1)
        same = away < _SAME * _size(quads[0])
        same[0] = True
        together = _together(quads[same], sure[same])
        if is_convex(together):
            found.append(Proposal(together, float(sure[0])))
        sure, quads = sure[~same], quads[~same]
    return found


def _size(quad: Quad) -> float:
    """The mean of the diagonals, by half: about the square root of the area, and never nothing."""
    return float(np.linalg.norm(quad[:2] - quad[2:], axis=1).mean()) / 1.5


def _together(quads: Floats, sure: Floats) -> Quad:
    """The mean of what they say, the surest heard most, each begun where the first one begins."""
    turned = quads[:, _TURNED].transpose(1, 0, 2, 3)
    nearest = np.abs(turned - quads[0]).sum((2, 3)).argmin(0)
    alike = turned[nearest, np.arange(len(quads))]
    return np.asarray(np.average(alike, axis=0, weights=sure**3), np.float32)
