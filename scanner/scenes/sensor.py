"""From light to file: focus, motion, exposure, noise, the phone's sharpening, JPEG."""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.scenes.models import Floats
from scanner.scenes.noise import grain
from scanner.types import Image

_AUTOMATIC = 0.8
"""How much of the scene's brightness the camera's own metering takes out."""


@dataclass(frozen=True)
class Sensor:
    """`focus` and `motion` in thousandths of the long side; `noise` at mid grey, 0..255;
    `exposure` linear level of the brightest parts; `cast` BGR gains; `quality` of the JPEG."""

    focus: float
    motion: float
    direction: float
    noise: float
    exposure: float
    cast: tuple[float, float, float]
    vignette: float
    sharpen: float
    moire: float
    quality: int


def develop(rng: np.random.Generator, light: Floats, sensor: Sensor) -> Image:
    """(H, W, 3) linear light to the picture that the camera saves."""
    seen = _moved(_focused(light, sensor), sensor)
    bright = float(np.percentile(seen[::7, ::7].max(-1), 97))
    gain = sensor.exposure / max(bright, 0.02) ** _AUTOMATIC
    seen *= np.array(sensor.cast, np.float32) * np.float32(gain)
    if sensor.vignette:
        _darken_corners(seen, sensor.vignette)
    toned = np.asarray(cv2.sqrt(np.clip(seen, 0, 1, out=seen)), np.float32)
    toned *= np.float32(255)
    if sensor.moire:
        _add_moire(rng, toned, sensor.moire)
    _add_noise(rng, toned, sensor.noise)
    if sensor.sharpen:
        soft = cv2.GaussianBlur(toned, (0, 0), 1.0)
        cv2.addWeighted(toned, 1 + sensor.sharpen, soft, -sensor.sharpen, 0, dst=toned)
    image = np.clip(toned, 0, 255).astype(np.uint8)
    coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, sensor.quality])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def _focused(light: Floats, sensor: Sensor) -> Floats:
    sigma = sensor.focus * max(light.shape) / 1000
    if sigma < 0.25:
        return light
    return np.asarray(cv2.GaussianBlur(light, (0, 0), sigma), np.float32)


def _moved(light: Floats, sensor: Sensor) -> Floats:
    length = sensor.motion * max(light.shape) / 1000
    if length < 1:
        return light
    side = int(length) * 2 + 3
    kernel = np.zeros((side, side), np.float32)
    half = side // 2
    reach = length / 2 * np.array([np.cos(sensor.direction), np.sin(sensor.direction)])
    ends = np.rint((half + np.stack([-reach, reach])) * 16).astype(int)
    cv2.line(kernel, ends[0].tolist(), ends[1].tolist(), 1.0, 1, cv2.LINE_4, 4)
    return np.asarray(cv2.filter2D(light, -1, kernel / kernel.sum()), np.float32)


def _darken_corners(light: Floats, strength: float) -> None:
    height, width = light.shape[:2]
    x = (np.arange(width, dtype=np.float32) / width - 0.5) ** 2
    y = (np.arange(height, dtype=np.float32) / height - 0.5) ** 2
    light *= (1 - np.float32(strength) * 2 * (x[None] + y[:, None]))[..., None]


def _add_noise(rng: np.random.Generator, toned: Floats, spread: float) -> None:
    """Grey grain and, coarser, colour grain."""
    height, width = toned.shape[:2]
    toned += grain(rng, (height, width), spread)[..., None]
    half = np.empty((height // 2 + 1, width // 2 + 1, 3), np.float32)
    cv2.randn(half, np.zeros(3), np.array([1, 0.5, 0.8]) * spread)
    toned += cv2.resize(half, (width, height), interpolation=cv2.INTER_LINEAR)


def _add_moire(rng: np.random.Generator, toned: Floats, strength: float) -> None:
    """Slow coloured waves, as fine print and screens leave on a coarse sensor."""
    height, width = toned.shape[:2]
    x = np.arange(width, dtype=np.float32)[None] / max(width, height)
    y = np.arange(height, dtype=np.float32)[:, None] / max(width, height)
    across, down = rng.uniform(-90, 90, 2).astype(np.float32)
    bow = np.float32(rng.uniform(-60, 60)) * (x * x + y * y)
    for channel in range(3):
        wave = np.sin(x * across + y * down + bow + np.float32(channel * 2.1))
        toned[..., channel] *= 1 + np.float32(strength) * wave
