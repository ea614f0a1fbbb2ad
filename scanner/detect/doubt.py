"""A second opinion where the network is unsure, as with a pale page on a pale table among cables.

Two makers of candidates that know nothing of the network: `regions` cuts the picture into areas and
boxes them, `lines` joins straight edges, so that a page with a hidden corner keeps its four sides.
`score` looks at the pixels along an outline; the sides of the best are then read as always.
"""

import numpy as np

from scanner.detect.agreement import agreement
from scanner.detect.closer import Outline, read_sides
from scanner.detect.lines import line_quads
from scanner.detect.network import Look
from scanner.detect.regions import region_quads
from scanner.detect.score import Scene, score
from scanner.geometry import overlap, scaled_to
from scanner.types import Image, Quad

_SIDE = 640
_TRIED, _KEPT = 120, 6
_ALIKE = 0.85
_CLASSIC = 0.3  # scores below: empty mats score below .06, coloured noise below .27
_GAIN = 1.9  # puts these scores on the scale of the network's, which is unsure here


def second_opinion(picture: Image, wide: Look) -> list[Outline]:
    small, scale = scaled_to(picture, _SIDE)
    scene = Scene.of(small)
    quads = np.concatenate([region_quads(scene), line_quads(scene)])
    scores = score(scene, quads)
    best = _different(quads, scores)
    return [_outline(picture, wide, (quads[i] + 0.5) / scale - 0.5, float(scores[i])) for i in best]


def _different(quads: Quad, scores: np.ndarray) -> list[int]:
    kept: list[int] = []
    for index in np.argsort(-scores)[:_TRIED]:
        if scores[index] < _CLASSIC or len(kept) == _KEPT:
            break
        if all(overlap(quads[index], quads[other]) < _ALIKE for other in kept):
            kept.append(int(index))
    return kept


def _outline(picture: Image, wide: Look, quad: Quad, classic: float) -> Outline:
    read, clear = read_sides(picture, np.asarray(quad, np.float32), (0.06, 0.03))
    agreed = float(agreement(wide, read[None])[0])
    sure = _GAIN * classic * (0.3 + 0.7 * clear) * (0.6 + 0.4 * agreed)
    return Outline(read, min(sure, 1.0))
