"""Korean: tesseract's LSTM with Debian's `kor` data, line by line.

Lines come from the detector and evenly lit, because tesseract's own layout analysis takes minutes
on a shaded page and then finds nothing.
"""

import logging
import os
from functools import cache
from pathlib import Path
from threading import local

import cv2
import numpy as np
from PIL import Image as Pillow
from tesserocr import OEM, PSM, RIL, PyTessBaseAPI, iterate_level

from scanner.text.glyphs import Glyph
from scanner.types import Image

HEIGHT = 64  # pixels; 36 loses the strokes of dense syllables
_MARGIN = 12
_LINE_MS = 2000
_PLACES = ("/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata")
_log = logging.getLogger(__name__)
_mine = local()


@cache
def korean_data() -> Path | None:
    """The folder with kor.traineddata (TESSDATA_PREFIX, else Debian's); None when there is none."""
    asked = os.environ.get("TESSDATA_PREFIX")
    for place in (*([asked] if asked else []), *_PLACES):
        if (Path(place) / "kor.traineddata").exists():
            return Path(place)
    _log.warning("Korean stays unread: the system package tesseract-ocr-kor is not installed")
    return None


def read_hangul(line: Image) -> list[Glyph]:
    """`line`: (HEIGHT, W, 3), one line lying flat. Nothing when Korean data is not installed."""
    engine = _engine()
    if engine is None:
        return []
    grey = cv2.cvtColor(line, cv2.COLOR_BGR2GRAY)
    paper = float(np.percentile(grey, 90))  # a whiter frame would be seen as strokes
    framed = cv2.copyMakeBorder(
        grey, _MARGIN, _MARGIN, _MARGIN, _MARGIN, cv2.BORDER_CONSTANT, value=paper
    )
    engine.SetImage(Pillow.fromarray(np.asarray(framed, np.uint8)))
    if not engine.Recognize(_LINE_MS):
        return []
    return _glyphs(engine, line.shape[1])


def _engine() -> PyTessBaseAPI | None:
    """One engine a thread: they are not to be shared."""
    folder = korean_data()
    if folder is None:
        return None
    if not hasattr(_mine, "engine"):
        # RAW_LINE sees marks that are not there in front of every third line.
        _mine.engine = PyTessBaseAPI(
            path=str(folder), lang="kor", psm=PSM.SINGLE_LINE, oem=OEM.LSTM_ONLY
        )
        # Otherwise a space follows every syllable.
        _mine.engine.SetVariable("preserve_interword_spaces", "1")
    engine: PyTessBaseAPI = _mine.engine
    return engine


def _glyphs(engine: PyTessBaseAPI, width: int) -> list[Glyph]:
    """Symbols carry the places; only the whole text knows which gaps are spaces."""
    symbols = iter(_symbols(engine, width))
    glyphs: list[Glyph] = []
    for char in engine.GetUTF8Text().strip():
        if char.isspace():
            glyphs.append(Glyph(" ", glyphs[-1].end, glyphs[-1].end, 1.0))
        elif (symbol := next(symbols, None)) is not None:
            glyphs.append(symbol)
    return glyphs


def _symbols(engine: PyTessBaseAPI, width: int) -> list[Glyph]:
    glyphs: list[Glyph] = []
    for symbol in iterate_level(engine.GetIterator(), RIL.SYMBOL):
        box = symbol.BoundingBox(RIL.SYMBOL)
        if box is None:
            continue
        start, end = ((x - _MARGIN) / width for x in (box[0], box[2]))
        sure = symbol.Confidence(RIL.SYMBOL) / 100
        text = symbol.GetUTF8Text(RIL.SYMBOL)
        glyphs.extend(Glyph(char, start, end, sure) for char in text if not char.isspace())
    return glyphs
