"""The three networks' weights, and OpenCV running them."""

import threading
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Weights:
    """One ONNX file of this folder. A net holds what it is looking at, so every thread has its
    own. The older engine runs these nets in two thirds of the new one's time (OpenCV 5.0.0)."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._own = threading.local()

    def run(self, blob: NDArray[Any], told: Sequence[str]) -> list[Floats]:
        net: cv2.dnn.Net | None = getattr(self._own, "net", None)
        if net is None:
            onnx = (files(__package__) / self._name).read_bytes()
            net = cv2.dnn.readNetFromONNX(np.frombuffer(onnx, np.uint8), cv2.dnn.ENGINE_CLASSIC)
            self._own.net = net
        net.setInput(blob)
        return [np.asarray(each, np.float32) for each in net.forward(list(told))]
