"""Any picture into a frame of fixed size, without distortion."""

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

SURROUND = 24
"""Gray of the bars, 0 to 255: dark, since papers are bright."""


def letterbox(picture: Picture | None, width: int, height: int) -> Picture:
    """`picture` (h, w, 3; BGR) scaled to fit and centred in (height, width, 3).

    No picture gives an empty frame.
    """
    frame = np.full((height, width, 3), SURROUND, np.uint8)
    if picture is None or picture.size == 0:
        return frame
    scale = min(width / picture.shape[1], height / picture.shape[0])
    w, h = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    x, y = (width - w) // 2, (height - h) // 2
    frame[y : y + h, x : x + w] = cv2.resize(picture, (w, h), interpolation=way)
    return frame
