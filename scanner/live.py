"""Watches the desk and takes a page by itself once it lies still and looks good.

A pure decision: pictures and times go in, what to show and whether to capture come out.

    phase      when                                             next
    EMPTY      no page in sight                                 MOVING, when one appears
    MOVING     the page or something on it moved just now       STILL, when nothing moves
    STILL      lies still; if good, the hold runs               TAKEN, when the hold is over
    TAKEN      this very page was captured before               MOVING, when something moves

A page that is not good enough, or lies with another or under a hand, stays STILL and is judged
again when something moved, and every second, because a lens that focuses or a lamp that warms up
moves nothing. What moved is told from the picture before and, at rest, from the one at which the
rest began, so that a page drawn away slowly is noticed too; the lamp's brightness is left out.
A desk that lies still and empty is learnt, so that what shines on it is not taken for a page later.
Pages are told apart by a flattened print of them, so a page that was nudged, or laid down again
later, is not taken twice unless `rearm` asks for it.
"""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from scanner.detect import Detection, find_page, find_pages
from scanner.detect.mat import Mat
from scanner.fingerprint import Fingerprint, fingerprint, same_page
from scanner.geometry import scaled_to
from scanner.hand import hand_over
from scanner.quality import Reason, judge
from scanner.types import Image, Quad
from scanner.watch import is_black

_PREVIEW_SIDE = 1024
_MOTION_SIDE = 160
_MOVED = 0.006  # of the longer side: a corner farther from where it was has moved
_CHANGED = 9  # grey levels by which a pixel has changed
_CHANGED_PART = 0.004  # of all pixels
_AGAIN = 1.0  # seconds after which a page that was refused is judged again


class Coach(StrEnum):
    """The one thing to tell the resident now."""

    NOTHING = "nothing"
    MOVING = "moving"
    DARK = "dark"
    GLARE = "glare"
    BLURRED = "blurred"
    CUT_OFF = "cut_off"
    HAND = "hand"
    SEVERAL = "several"
    HOLD_STILL = "hold_still"
    CAPTURED = "captured"


_COACHING = {
    Reason.CUT_OFF: Coach.CUT_OFF,
    Reason.DARK: Coach.DARK,
    Reason.GLARE: Coach.GLARE,
    Reason.BLURRED: Coach.BLURRED,
}


@dataclass(frozen=True, eq=False)
class Live:
    """What to show. `quad`: corners as parts (0-1) of width and height. `progress`: of the hold,
    0 to 1. `capture`: take the still now (true once for a page)."""

    quad: Quad | None
    coach: Coach
    progress: float = 0.0
    capture: bool = False


class Tracker:
    """Follows one desk. Times are seconds of any clock that never goes back."""

    def __init__(self, *, hold: float = 0.8, mat: Mat | None = None) -> None:
        """`mat`: the bare desk, where it is known already."""
        self._hold, self._mat = hold, mat
        self._page: Detection | None = None
        self._before: Image | None = None
        self._still_since: float | None = None
        self._taken: list[Fingerprint] = []
        self._asked = False
        self._settled: Coach | None = None
        self._settled_at = 0.0
        self._rest: Image | None = None
        self._last_preview: Image | None = None

    def rearm(self) -> None:
        """The resident asks for the page that lies there to be taken again."""
        self._asked, self._settled, self._still_since = True, None, None

    def took(self) -> None:
        """The page that lies there was captured by other means: remember it as captured."""
        if self._page is not None and self._last_preview is not None:
            self._remember(self._last_preview, self._page)

    def update(self, frame_preview: Image, now: float) -> Live:
        """Look at the next preview (any size; about 1024 pixels is enough)."""
        preview, _ = scaled_to(frame_preview, _PREVIEW_SIDE)
        self._last_preview = preview
        if is_black(preview):
            return self._forget(Coach.DARK)
        changed = self._changed(preview)
        if not changed and self._settled is not None and not self._due(now):
            return self._show(preview, self._settled)
        page = find_page(
            preview,
            hint=self._page.quad if self._page and not changed else None,
            thorough=not changed,
            mat=self._mat,
        )
        if page is None:
            return self._nothing(preview, now, still=not changed)
        moved = changed or self._page is None or _shift(page, self._page, preview) > _MOVED
        self._page = page
        return self._moving(preview) if moved else self._lying(preview, page, now)

    def _due(self, now: float) -> bool:
        """Something else than a captured page lies there, and was judged a while ago."""
        if self._settled is Coach.CAPTURED:
            return False
        if now - self._settled_at >= _AGAIN:
            self._settled_at, self._still_since = now, None
            return True
        return False

    def _changed(self, preview: Image) -> bool:
        """Something moved anywhere, since the last picture or slowly since the rest began."""
        grey = cv2.cvtColor(scaled_to(preview, _MOTION_SIDE)[0], cv2.COLOR_BGR2GRAY)
        before, after = self._before, np.asarray(cv2.blur(grey, (3, 3)), np.uint8)
        self._before = after
        moved = before is None or _differ(before, after)
        if moved or self._settled is None:
            self._rest = after
            return moved
        if self._rest is not None and _differ(self._rest, after):
            self._rest = after
            return True
        return False

    def _forget(self, coach: Coach) -> Live:
        self._page = self._still_since = self._settled = None
        return Live(None, coach)

    def _nothing(self, preview: Image, now: float, *, still: bool) -> Live:
        """A desk that lies still and empty is searched again when something moves, and rarely; what
        was empty twice is learnt to be bare."""
        if still and self._settled is Coach.NOTHING:
            self._mat = Mat.of(preview)
        shown = self._forget(Coach.NOTHING)
        self._settle(Coach.NOTHING if still else None, now)
        return shown

    def _moving(self, preview: Image) -> Live:
        self._still_since = self._settled = None
        return self._show(preview, Coach.MOVING)

    def _lying(self, preview: Image, page: Detection, now: float) -> Live:
        if self._still_since is None:
            self._still_since = now
            self._settle(self._trouble(preview, page), now)
        progress = (now - self._still_since) / self._hold
        if self._settled is not None:
            return self._show(preview, self._settled)
        if progress < 1:
            return self._show(preview, Coach.HOLD_STILL, progress)
        return self._capture(preview, page)

    def _settle(self, coach: Coach | None, now: float) -> None:
        self._settled, self._settled_at = coach, now

    def _trouble(self, preview: Image, page: Detection) -> Coach | None:
        """Why this page, lying still, is not to be captured."""
        print_ = fingerprint(preview, page.quad)
        if not self._asked and any(same_page(print_, taken) for taken in self._taken):
            return Coach.CAPTURED
        reasons = judge(preview, page.quad).reasons
        if hand_over(preview, page.quad):  # a hand over a corner also hides where the page ends
            return Coach.HAND
        if Reason.CUT_OFF in reasons:
            return Coach.CUT_OFF
        if reasons:
            return next(coach for reason, coach in _COACHING.items() if reason in reasons)
        return Coach.SEVERAL if len(find_pages(preview, most=2, mat=self._mat)) > 1 else None

    def _capture(self, preview: Image, page: Detection) -> Live:
        self._remember(preview, page)
        return self._show(preview, Coach.CAPTURED, 1.0, capture=True)

    def _remember(self, preview: Image, page: Detection) -> None:
        self._taken.append(fingerprint(preview, page.quad))
        self._asked, self._settled = False, Coach.CAPTURED

    def _show(
        self, preview: Image, coach: Coach, progress: float = 0.0, *, capture: bool = False
    ) -> Live:
        size = np.array(preview.shape[1::-1], np.float32)
        quad = None if self._page is None else (self._page.quad / size).astype(np.float32)
        return Live(quad, coach, progress, capture)


def _differ(before: Image, after: Image) -> bool:
    """In more than noise, and not only in the brightness of the whole."""
    if before.shape != after.shape:
        return True
    lamp = float(np.median((after + np.float32(1)) / (before + np.float32(1))))
    apart = np.abs(after - before * np.float32(lamp))
    return bool((apart > _CHANGED).mean() > _CHANGED_PART)


def _shift(page: Detection, before: Detection, preview: Image) -> float:
    """Farthest way of a corner, as a part of the longer side."""
    farthest = float(np.abs(page.quad - before.quad).max())
    return farthest / float(max(preview.shape[:2]))
