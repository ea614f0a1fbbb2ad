"""What every suite is given: the test pictures, and the time that others are compared to."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

from scanner.bench.rows import Row, Unit
from scanner.image import encode_jpeg
from scanner.simulated import Pose, SimulatedCamera, rest
from scanner.types import Image

_STILL = (3264, 2448)
_REPEATS = 9


@dataclass(frozen=True)
class Context:
    """`data`: the folder with `documents/` and `codes/`, or None when there are no photographs.
    `scenes`: how many made-up scenes of each kind are tried."""

    data: Path | None = None
    scenes: int = 60

    @cached_property
    def still(self) -> Image:
        """An 8-megapixel picture of a letter on a kiosk's mat."""
        seen = SimulatedCamera(script=rest(0, Pose(222, 164, 2.4), 1)).read().image
        return np.asarray(cv2.resize(seen, _STILL, interpolation=cv2.INTER_CUBIC), np.uint8)

    @cached_property
    def still_jpeg(self) -> bytes:
        return encode_jpeg(self.still, 90)

    @cached_property
    def floor_ms(self) -> float:
        """Decoding `still_jpeg`, in this very run."""
        buffer = np.frombuffer(self.still_jpeg, np.uint8)
        return median_ms(lambda: cv2.imdecode(buffer, cv2.IMREAD_COLOR))

    def timed(self, name: str, ms: float, goal_ms: float | None) -> list[Row]:
        """The time as milliseconds and as a multiple of the floor. A goal in milliseconds was set
        where the floor was 44 ms; as a ratio it holds on any machine."""
        ratio = None if goal_ms is None else round(goal_ms / 44, 3)
        return [
            Row(name, ms, goal_ms, Unit.MS),
            Row(f"{name}, as a ratio", ms / self.floor_ms, ratio, Unit.RATIO),
        ]


def median_ms(call: Callable[[], object], repeats: int = _REPEATS) -> float:
    """Median time of a call, one more made first to warm up."""
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1000 * float(np.median(times))
