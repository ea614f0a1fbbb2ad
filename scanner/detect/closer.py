"""One proposed page looked at again: seen from near, its sides read in strips, ever narrower
ones, and judged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scanner.detect.agreement import agreement
from scanner.detect.edges import fit, others
from scanner.detect.judge import judged
from scanner.detect.network import Look, around, look
from scanner.detect.proposals import Proposal, proposals
from scanner.detect.pyramid import Pyramid
from scanner.detect.rim import onto_rim
from scanner.detect.witnesses import confidence, evidence
from scanner.geometry import overlap
from scanner.types import Quad

_SAME = 0.3
_REACHES = (0.13, 0.06, 0.03, 0.02)
"""Of the page's size: how far its sides may lie from where they were thought to be, each time."""
_QUICK = (0.08,)
_ELSEWHERE = (0.13, 0.06)
_ALIKE = 0.85
_CLEARLY = 0.5  # log odds
_MORE = 0.1  # of agreement, which is 0 to 1

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Outline:
    """A page's corners in the picture's pixels; 0 to 1 how right they are; what they came of, and
    the looks they were compared with."""

    quad: Quad
    sure: float
    proposal: Proposal
    seen: tuple[Look, ...]


def closer(picture: Pyramid, wide: Look, proposal: Proposal) -> Outline:
    """The sides read once, for a moving picture."""
    read = read_sides(picture, proposal.quad, _QUICK)
    return _at_rim(picture, _rightest(picture, (wide,), proposal, [read]))


def closest(picture: Pyramid, seen: tuple[Look, ...], proposal: Proposal) -> Outline:
    """The sides read after another look at the page alone, and without it where that differs."""
    box = around(proposal.quad, picture.shape)
    if box is None:
        return closer(picture, seen[0], proposal)
    near = look(picture, box)
    starts = _starts(near, proposal.quad)
    read = [read_sides(picture, each, _REACHES) for each in starts]
    return _rightest(picture, seen, proposal, read, starts)


def elsewhere(picture: Pyramid, outline: Outline) -> Outline:
    """Single sides where they were read second best, as long as that is clearly righter."""
    for reach in _ELSEWHERE:
        quads = others(picture, outline.quad, reach)
        read = [read_sides(picture, quad, _REACHES[-1:]) for quad in quads]
        outline = _rightest(picture, outline.seen, outline.proposal, [outline.quad], read)
    return _at_rim(picture, outline)


def _at_rim(picture: Pyramid, outline: Outline) -> Outline:
    """A page that leaves the picture ends at its rim. The judge cannot tell, the look can."""
    longer = onto_rim(outline.quad, picture.shape)
    if not longer:
        return outline
    quads = [outline.quad, *longer]
    agreed = _agreement(outline.seen, quads)
    index = int(np.argmax(agreed))
    return replace(outline, quad=quads[index]) if agreed[index] > agreed[0] + _MORE else outline


def _rightest(
    picture: Pyramid,
    seen: tuple[Look, ...],
    proposal: Proposal,
    first: Sequence[Quad],
    then: Sequence[Quad] = (),
) -> Outline:
    """The best of the first, or one of the others that is clearly righter."""
    quads = [*first, *then]
    late = np.arange(len(quads)) >= len(first)
    said = evidence(judged(picture, quads), _agreement(seen, quads), proposal.sure)
    index = int(np.argmax(said - _CLEARLY * late))
    return Outline(quads[index], confidence(float(said[index])), proposal, seen)


def _agreement(seen: tuple[Look, ...], quads: Sequence[Quad]) -> Floats:
    each = [agreement(look_, np.stack(quads)) for look_ in seen]
    return np.asarray(np.mean(each, axis=0), np.float32)


def read_sides(picture: Pyramid, quad: Quad, reaches: Sequence[float]) -> Quad:
    for reach in reaches:
        quad = fit(picture, quad, reach).quad
    return quad


def _starts(near: Look, first: Quad) -> list[Quad]:
    """What is proposed from near in its place, and the first itself if that is something else."""
    again = [seen.quad for seen in proposals(near) if overlap(seen.quad, first) > _SAME]
    if not again:
        return [first]
    best = again[int(np.argmax(agreement(near, np.stack(again))))]
    return [best] if overlap(best, first) > _ALIKE else [best, first]
