"""The array shapes every module here speaks."""

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""Colour picture: uint8, BGR, (H, W, 3)."""

Grey = NDArray[np.uint8]
"""One channel: uint8, (H, W)."""

Quad = NDArray[np.float32]
"""Four corners: float32, (4, 2), pixels, clockwise from the page's top left."""
