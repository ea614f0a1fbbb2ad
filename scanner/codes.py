"""Bar codes and QR codes, read by two engines that fail differently.

A matrix code (QR, PDF417, Data Matrix) carries error correction: one reading is enough. A linear
code has at most a check digit, which every tenth misreading passes: it counts once two readings
agree, of the two engines or of two looks at it. Where readings of one code differ, all are handed
on, marked as disputed.

A large picture is read once at half its size or less; what looks like a code, and what was read
there, is cut out in full resolution and read again. Only a cut-out in which that fails is retouched
and tried again, so that a page without codes costs little.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from scanner.locate import Box, around, locate
from scanner.readers import Reading, zbar, zxing
from scanner.retouch import MOST_PIXELS, Look, enlarged, looks
from scanner.types import Grey, Image

_WHOLE = 1_000_000
"""Pixels up to which a picture is treated as one cut-out."""
_OVERVIEW = 1700
"""Longer side of the overview, pixels."""
_LARGEST = 0.7
"""Of the picture: the overview is another look than the picture itself."""
_RETOUCHED = 400_000
"""Pixels up to which a cut-out is worth all looks: a code that needs them is small or far."""
_ENCODINGS = ("utf-8", "shift_jis", "big5", "gbk", "latin-1")
"""What zbar may have taken the bytes of a QR code for."""
_AGREEING = 2
"""Readings that make a linear code certain."""
_OUTVOTING = 4
"""Agreeing readings against which a single other one is a slip, not a contradiction."""


@dataclass(frozen=True)
class Code:
    """One code. `quad`: four (x, y) pixels. `readers`: who read this text. `disputed`: another
    text was read at the same place. `data`: the bytes, for codes that hold no text."""

    symbology: str
    text: str
    quad: tuple[tuple[float, float], ...]
    readers: tuple[str, ...]
    disputed: bool = False
    data: bytes = b""


def read_codes(image: Image) -> tuple[Code, ...]:
    """Every code in the picture, from top to bottom."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    codes = [code for place in _places(_readings(grey)) for code in _judged(place)]
    return tuple(sorted(codes, key=lambda code: (min(y for _, y in code.quad), code.text)))


def _readings(grey: Grey) -> Iterator[Reading]:
    if grey.size <= _WHOLE:
        yield from _closely(grey, patient=True)
        return
    scale = min(_LARGEST, _OVERVIEW / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    seen = [_moved(reading, scale) for reading in zxing(np.asarray(small, np.uint8), halve=False)]
    yield from seen
    for left, top, right, bottom in _cut_outs(grey, seen):
        for reading in _closely(np.ascontiguousarray(grey[top:bottom, left:right]), patient=False):
            yield replace(reading, quad=reading.quad + np.array([left, top], np.float32))


def _moved(reading: Reading, scale: float) -> Reading:
    return replace(reading, quad=reading.quad / np.float32(scale))


def _cut_outs(grey: Grey, seen: list[Reading]) -> list[Box]:
    """What was read already and needs a second opinion, and what else looks like a code."""
    unsure = [around(reading.quad, grey.shape) for reading in seen if reading.linear]
    known = [reading.quad.mean(0) for reading in seen]
    new = [box for box in locate(grey) if not any(_inside(point, box) for point in known)]
    return [*unsure, *new]


def _inside(point: np.ndarray, box: Box) -> bool:
    left, top, right, bottom = box
    return bool(left <= point[0] < right and top <= point[1] < bottom)


def _closely(grey: Grey, *, patient: bool) -> list[Reading]:
    """Read as it is, enlarged, and retouched for as long as nothing is certain; unless `patient`
    only where something was read at all."""
    readings = [*zxing(grey), *zbar(grey)]
    if readings and not any(reading.linear for reading in readings):
        return readings
    for number, look in enumerate(_looks(grey)):
        if number and (_settled(readings) or not (patient or readings)):
            break
        readings += _through(look)
    return readings


def _looks(grey: Grey) -> Iterator[Look]:
    """The first is there for a second opinion on linear codes."""
    small = grey.size * 4 <= MOST_PIXELS
    yield enlarged(grey, 2 if small else _LARGEST)
    if grey.size <= _RETOUCHED:
        yield from looks(grey)


def _through(look: Look) -> list[Reading]:
    readings = zxing(look.grey, whole_histogram=look.whole_histogram)
    readings += [] if look.whole_histogram else zbar(look.grey)
    return [replace(r, quad=_mapped(r, look)) for r in readings]


def _mapped(reading: Reading, look: Look) -> np.ndarray:
    return np.asarray(cv2.transform(reading.quad[None], look.back)[0], np.float32)


def _settled(readings: list[Reading]) -> bool:
    """Something certain was read, and nothing is contested or seen only once."""
    places = _places(readings)
    seen_once = 1 in Counter(r.text for r in readings if r.has_add_on).values()
    certain = any(_judged(place) for place in places)
    return certain and not seen_once and all(len(_by_text(place)) == 1 for place in places)


def _places(readings: Iterable[Reading]) -> list[list[Reading]]:
    places: list[list[Reading]] = []
    for reading in readings:
        here = (place for place in places if any(_same_place(reading, other) for other in place))
        place = next(here, None)
        places.append([reading]) if place is None else place.append(reading)
    return places


def _judged(place: list[Reading]) -> list[Code]:
    """The texts that count at one place, the most often read first."""
    groups = sorted(_by_text(place), key=len, reverse=True)
    certain = any(_certain(group) for group in groups)
    stray = len(groups[0]) >= _OUTVOTING
    counting = groups[:1] + [group for group in groups[1:] if len(group) > 1 or not stray]
    plain = [_told(group, disputed=len(counting) > 1) for group in counting]
    return [*plain, *_with_add_ons(place)] if certain else []


def _certain(group: list[Reading]) -> bool:
    """zbar agreeing with itself is no evidence: it invents the same text from the same bars."""
    zxing_too = any(reading.reader == "zxing" for reading in group)
    return not group[0].linear or (zxing_too and len(group) >= _AGREEING)


def _by_text(place: list[Reading]) -> list[list[Reading]]:
    groups: list[list[Reading]] = []
    for reading in place:
        bare = reading.without_add_on()
        same = next((group for group in groups if _same_text(group[0], bare)), None)
        groups.append([bare]) if same is None else same.append(bare)
    return groups


def _with_add_ons(place: list[Reading]) -> list[Code]:
    """Number and add-on as one text, beside the number alone."""
    seen = Counter(reading.text for reading in place if reading.has_add_on)
    agreed = {text for text, times in seen.items() if times >= _AGREEING}
    return [_told([reading]) for reading in {r.text: r for r in place if r.text in agreed}.values()]


def _told(group: list[Reading], *, disputed: bool = False) -> Code:
    best = min(group, key=lambda reading: reading.reader != "zxing")
    quad = tuple((float(x), float(y)) for x, y in best.quad)
    readers = tuple(sorted({reading.reader for reading in group}))
    return Code(best.symbology, best.text, quad, readers, disputed, best.data)


def _same_place(one: Reading, other: Reading) -> bool:
    """Of about one size and with middles near to each other; one code may lie inside another."""
    smaller, larger = sorted((one.extent, other.extent))
    apart = np.linalg.norm(one.quad.mean(0) - other.quad.mean(0))
    return bool(apart < larger / 2 and smaller > larger / 2)


def _same_text(one: Reading, other: Reading) -> bool:
    """Also when zbar, which guesses encodings, made other characters of the same bytes."""
    return one.text == other.text or _guesses(one, other) or _guesses(other, one)


def _guesses(zbar: Reading, other: Reading) -> bool:
    if zbar.reader != "zbar" or zbar.linear:
        return False
    return any(other.data == _encoded(zbar.text, guess) for guess in _ENCODINGS)


def _encoded(text: str, encoding: str) -> bytes | None:
    try:
        return text.encode(encoding)
    except UnicodeError:
        return None
