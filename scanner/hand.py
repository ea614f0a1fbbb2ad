"""Is a hand on the page? Skin that reaches from the picture's border across the page's edge."""

import cv2
import numpy as np

from scanner.geometry import scaled_to
from scanner.types import Image, Quad

_SIDE = 320
_SKIN_LOW, _SKIN_HIGH = (40, 138, 85), (255, 175, 125)  # Y, Cr, Cb; Chai and Ngan (1999), tightened
_ON_PAGE = 0.004  # of the page
_BESIDE = 0.004  # of the picture
_A_TABLE = 0.35  # of the picture: this much skin colour is wood


def hand_over(image: Image, quad: Quad) -> bool:
    """True when one skin-coloured area lies partly on the page, partly beside it, and reaches
    the picture's border."""
    small, scale = scaled_to(image, _SIDE)
    page = np.zeros(small.shape[:2], np.uint8)
    cv2.fillConvexPoly(page, np.rint(quad * scale).astype(np.int32), 1)
    skin = _skin(small)
    if float(skin.mean()) > _A_TABLE:
        return False
    _, labels = cv2.connectedComponents(skin)
    rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    return any(_crosses(labels == label, page) for label in np.unique(rim) if label)


def _skin(small: Image) -> Image:
    tones = cv2.cvtColor(cv2.GaussianBlur(small, (5, 5), 0), cv2.COLOR_BGR2YCrCb)
    found = cv2.inRange(tones, np.array(_SKIN_LOW), np.array(_SKIN_HIGH)) // 255
    return np.asarray(cv2.morphologyEx(found, cv2.MORPH_OPEN, np.ones((5, 5))), np.uint8)


def _crosses(area: np.ndarray, page: Image) -> bool:
    on_page = float((area & (page > 0)).sum())
    beside = float(area.sum()) - on_page
    return on_page > _ON_PAGE * page.sum() and beside > _BESIDE * page.size
