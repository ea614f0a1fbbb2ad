"""Find the paper in a picture: one small network sees it, another reads where its sides end, a
third judges how right that is.

`network` asks what is seen in the whole picture, coarsely: what is page, where its borders are,
and of every cell where the corners of its page lie; once more, finer, for small pages. `areas` and
`proposals` make outlines of that. `closer` looks at each page again from near, and `edges` reads
each side in a strip of the picture laid flat (`strips`), again and again, ever narrower. `judge`
looks at what an outline encloses; with `agreement`, how much of what was seen speaks for the
outline, that makes the confidence. Where all that leaves a doubt, `doubt` asks two makers of
candidates that know nothing of the network. All of them look at a `Pyramid` of the picture.
"""

from dataclasses import dataclass, replace

import numpy as np

from scanner.detect.closer import Outline, closer, closest, elsewhere
from scanner.detect.doubt import second_opinion
from scanner.detect.edges import fit
from scanner.detect.mat import Mat
from scanner.detect.network import FINE, around, look
from scanner.detect.proposals import Proposal, proposals
from scanner.detect.pyramid import Pyramid
from scanner.geometry import ordered, overlap, scaled_to, shared
from scanner.types import Image, Quad

PREVIEW_SIDE = 1024
_SURE = 0.4
"""Less sure than this it is no page."""
_DOUBT = 0.8
"""Less sure than this of any page, other means are asked as well."""
_APART = 0.15  # of the smaller page: more in common than this and one of two is none
_ALIKE = 0.8  # more in common than this and two proposals are one
_FOLLOWED = 0.95  # how sure it is that a page is still where it was, before it is looked at
_FINEST, _CLEAR = 0.012, 0.4  # of the page's size; read clearly enough to be believed
_SPARE = 1  # proposals looked at beyond the pages asked for


@dataclass(frozen=True, eq=False)
class Detection:
    """A page: corners in the picture's own pixels, and how sure, 0 to 1."""

    quad: Quad
    confidence: float


def find_page(
    image: Image, *, hint: Quad | None = None, thorough: bool = True, mat: Mat | None = None
) -> Detection | None:
    """The most convincing page, or None. `hint`: where it was a moment ago; if it is still there
    the search is skipped. Not `thorough`: no second look from near, for a moving picture. `mat`:
    the bare desk, where it is known; what shows nothing else is no page."""
    if hint is not None and (tracked := _track(image, hint, mat)) is not None:
        return tracked
    found = find_pages(image, most=1, thorough=thorough, mat=mat)
    return found[0] if found else None


def find_pages(
    image: Image, *, most: int = 4, thorough: bool = True, mat: Mat | None = None
) -> tuple[Detection, ...]:
    """Pages that do not overlap, the most convincing first."""
    small, scale = scaled_to(image, PREVIEW_SIDE)
    preview = Pyramid.of(small)
    wide = look(preview)
    proposed = proposals(wide)[: most + _SPARE]
    if thorough:
        fine = look(preview, side=FINE)
        seen = (wide, fine) if mat is None else (wide, fine, mat.look(small))
        tried = _different([each for one in seen for each in proposals(one)[: most + _SPARE]])
        outlines = _laid(small, [closest(preview, seen, each) for each in tried], mat)
        if all(outline.sure < _DOUBT for outline in outlines):
            asked = [closest(preview, seen, each) for each in second_opinion(preview)]
            outlines += _laid(small, asked, mat)
        chosen = [elsewhere(preview, outline) for outline in _apart(outlines, most)]
        return tuple(_sharpened(image, _detection(outline, scale)) for outline in chosen)
    outlines = [closer(preview, wide, each) for each in proposed[:most]]
    chosen = _apart(_laid(small, outlines, mat), most)
    return tuple(_detection(outline, scale) for outline in chosen)


def _laid(picture: Image, outlines: list[Outline], mat: Mat | None) -> list[Outline]:
    """Those in which something lies on the mat, where it is known."""
    if mat is None:
        return outlines
    bare = mat.bare(picture, [outline.quad for outline in outlines])
    return [outline for outline, none in zip(outlines, bare, strict=True) if not none]


def _different(proposed: list[Proposal]) -> list[Proposal]:
    kept: list[Proposal] = []
    for each in proposed:
        if all(overlap(each.quad, other.quad) < _ALIKE for other in kept):
            kept.append(each)
    return kept


def _apart(outlines: list[Outline], most: int) -> list[Outline]:
    """The most convincing first, each overlapping none before it."""
    chosen: list[Outline] = []
    for outline in sorted(outlines, key=lambda seen: -seen.sure):
        if outline.sure < _SURE or len(chosen) == most:
            break
        if all(shared(outline.quad, other.quad) < _APART for other in chosen):
            chosen.append(outline)
    return chosen


def _sharpened(image: Image, found: Detection) -> Detection:
    """Its sides read once more, in the picture's own pixels."""
    if max(image.shape[:2]) < 1.5 * PREVIEW_SIDE:
        return found
    read = fit(Pyramid.whole(image), found.quad, _FINEST)
    return found if read.clear.min() < _CLEAR else replace(found, quad=ordered(read.quad))


def _detection(outline: Outline, scale: float) -> Detection:
    """From the preview's pixels to the picture's."""
    quad = np.asarray((outline.quad + 0.5) / scale - 0.5, np.float32)
    return Detection(ordered(quad), round(min(outline.sure, 1.0), 4))


def _track(image: Image, hint: Quad, mat: Mat | None) -> Detection | None:
    small, scale = scaled_to(image, PREVIEW_SIDE)
    there = np.asarray((hint + 0.5) * scale - 0.5, np.float32)
    preview = Pyramid.of(small)
    box = around(there, preview.shape)
    if box is None:
        return None
    outline = closer(preview, look(preview, box), Proposal(there, _FOLLOWED))
    followed = _apart(_laid(small, [outline], mat), 1)
    return _detection(followed[0], scale) if followed else None
