"""Made pages at half size, evenly lit: what comes out of flattening."""

from functools import cache

import cv2
import numpy as np

from scanner.text.made import Script, made_page
from scanner.types import Image


@cache
def half_page(script: Script, seed: int = 3, points: float = 12) -> Image:
    """(1754, 1240, 3), 150 dpi."""
    page = made_page(script, seed, points).image
    return np.asarray(
        cv2.resize(page, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8
    )
