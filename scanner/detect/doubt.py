"""A second opinion where the network is unsure, as with a pale page on a pale table among cables.

Two makers of candidates that know nothing of the network: `regions` cuts the picture into areas and
boxes them, `lines` joins straight edges, so that a page with a hidden corner keeps its four sides.
`score` looks at the pixels along an outline; the best are judged like all others.
"""

import numpy as np

from scanner.detect.lines import line_quads
from scanner.detect.proposals import Proposal
from scanner.detect.pyramid import Pyramid
from scanner.detect.regions import region_quads
from scanner.detect.score import Scene, score
from scanner.geometry import overlap, scaled_to
from scanner.types import Quad

_SIDE = 640
_TRIED, _KEPT = 120, 6
_ALIKE = 0.85
_USUAL = 0.9  # as sure as the network is of most of what it proposes
_CLASSIC = 0.2  # scores below: empty mats score below .06, coloured noise below .27


def second_opinion(picture: Pyramid) -> list[Proposal]:
    small, scale = scaled_to(picture.levels[0], _SIDE)
    scene = Scene.of(small)
    quads = np.concatenate([region_quads(scene), line_quads(scene)])
    best = _different(quads, score(scene, quads))
    there = np.asarray((quads[best] + 0.5) / scale - 0.5, np.float32)
    return [Proposal(quad, _USUAL) for quad in there]


def _different(quads: Quad, scores: np.ndarray) -> list[int]:
    kept: list[int] = []
    for index in np.argsort(-scores)[:_TRIED]:
        if scores[index] < _CLASSIC or len(kept) == _KEPT:
            break
        if all(overlap(quads[index], quads[other]) < _ALIKE for other in kept):
            kept.append(int(index))
    return kept
