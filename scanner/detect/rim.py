"""Pages that leave the picture: a side that was read near the rim may be a line of print there."""

import numpy as np

from scanner.detect.strips import side_size
from scanner.types import Quad

_NEAR = 0.25  # of the page's size


def onto_rim(quad: Quad, shape: tuple[int, int]) -> list[Quad]:
    """The quad with one side at a time moved outwards onto the rim of a picture of `shape` (height,
    width), its neighbours made longer. Only where the rim is near."""
    height, width = shape
    size = side_size(quad)
    inside = min(float(quad.min()), float((np.array([width, height]) - quad).min()))
    if inside > _NEAR * size:
        return []
    rims = ((0, -0.5), (0, width - 0.5), (1, -0.5), (1, height - 0.5))
    moved = [_moved(quad, size, side, axis, rim) for side in range(4) for axis, rim in rims]
    return [each for each in moved if each is not None]


def _moved(quad: Quad, size: float, side: int, axis: int, rim: float) -> Quad | None:
    ends = [side, (side + 1) % 4]
    starts = [side - 1, (side + 2) % 4]
    along = quad[ends] - quad[starts]
    missing = rim - quad[ends, axis]
    outwards = along[:, axis] * missing > 0
    if not outwards.all() or np.abs(missing).max() > _NEAR * size:
        return None
    longer = quad.copy()
    longer[ends] = quad[ends] + along * (missing / along[:, axis])[:, None]
    return longer
