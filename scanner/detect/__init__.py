"""Find the paper in a picture: one small network sees it, another reads where its sides end.

`network` asks what is seen in the whole picture, coarsely: what is page, where its borders are,
and of every cell where the corners of its page lie. `areas` and `proposals` make outlines of that.
`closer` looks at each page again from near, so that a small one is seen as well as a large one, and
`edges` reads each side in a strip of the picture laid flat (`strips`), three times, ever narrower.
`agreement` says how much of what was seen speaks for an outline. Where all that leaves a doubt,
`doubt` asks two makers of candidates that know nothing of the network.
"""

from dataclasses import dataclass

import numpy as np

from scanner.detect.closer import Outline, closer, closest
from scanner.detect.doubt import second_opinion
from scanner.detect.network import around, look
from scanner.detect.proposals import proposals
from scanner.geometry import ordered, scaled_to, shared
from scanner.types import Image, Quad

PREVIEW_SIDE = 1024
_SURE = 0.3
"""Less sure than this it is no page."""
_DOUBT = 0.6
"""Less sure than this of any page, other means are asked as well."""
_APART = 0.15  # of the smaller page: more in common than this and one of two is none
_SPARE = 1  # proposals looked at beyond the pages asked for


@dataclass(frozen=True, eq=False)
class Detection:
    """A page: corners in the picture's own pixels, and how sure, 0 to 1."""

    quad: Quad
    confidence: float


def find_page(image: Image, *, hint: Quad | None = None, thorough: bool = True) -> Detection | None:
    """The most convincing page, or None. `hint`: where it was a moment ago; if it is still there
    the search is skipped. Not `thorough`: no second look from near, for a moving picture."""
    if hint is not None and (tracked := _track(image, hint)) is not None:
        return tracked
    found = find_pages(image, most=1, thorough=thorough)
    return found[0] if found else None


def find_pages(image: Image, *, most: int = 4, thorough: bool = True) -> tuple[Detection, ...]:
    """Pages that do not overlap, the most convincing first."""
    preview, scale = scaled_to(image, PREVIEW_SIDE)
    wide = look(preview)
    proposed = proposals(wide)
    if thorough:
        outlines = [closest(preview, wide, each) for each in proposed[: most + _SPARE]]
        if all(outline.sure < _DOUBT for outline in outlines):
            outlines += second_opinion(preview, wide)
    else:
        outlines = [closer(preview, wide, each.quad) for each in proposed[:most]]
    return tuple(_detection(outline, scale) for outline in _apart(outlines, most))


def _apart(outlines: list[Outline], most: int) -> list[Outline]:
    """The most convincing first, each overlapping none before it."""
    chosen: list[Outline] = []
    for outline in sorted(outlines, key=lambda seen: -seen.sure):
        if outline.sure < _SURE or len(chosen) == most:
            break
        if all(shared(outline.quad, other.quad) < _APART for other in chosen):
            chosen.append(outline)
    return chosen


def _detection(outline: Outline, scale: float) -> Detection:
    """From the preview's pixels to the picture's."""
    quad = np.asarray((outline.quad + 0.5) / scale - 0.5, np.float32)
    return Detection(ordered(quad), round(min(outline.sure, 1.0), 4))


def _track(image: Image, hint: Quad) -> Detection | None:
    preview, scale = scaled_to(image, PREVIEW_SIDE)
    there = np.asarray((hint + 0.5) * scale - 0.5, np.float32)
    box = around(there, preview)
    if box is None:
        return None
    outline = closer(preview, look(preview, box), there)
    return None if outline.sure < _SURE else _detection(outline, scale)
