"""Chinese and Latin letters: PP-OCRv6, which knows no Hangul and says so by silence."""

from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions

from scanner.text.errors import TextUnavailable
from scanner.text.glyphs import Glyph, is_han
from scanner.types import Image

HEIGHT = 48  # pixels of a line the network was trained on
SQUEEZE = 0.75
"""Of a line's natural width: costs a quarter less, reads no worse (measured, docs/scanner.md)."""

_MODEL = "PP-OCRv6_rec_small.onnx"
_BLANK = 0
_COLUMN = 8  # pixels of the squeezed line
_HALF_HAN = 0.42 * HEIGHT * SQUEEZE / _COLUMN
_HALF_LATIN = 0.25 * HEIGHT * SQUEEZE / _COLUMN


@cache
def _network() -> tuple[InferenceSession, list[str]]:
    """The network and its letters; index 0 is the blank of CTC, the last one a space."""
    options = SessionOptions()
    options.intra_op_num_threads = 1  # lines are read side by side instead
    options.enable_cpu_mem_arena = False  # otherwise the longest line's memory is kept for good
    options.log_severity_level = 4
    session = InferenceSession(str(_model_file()), options, providers=["CPUExecutionProvider"])
    letters = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    return session, ["", *letters, " "]


def _model_file() -> Path:
    """rapidocr ships the model inside its package; asking for its place does not import it."""
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise TextUnavailable("rapidocr is not installed")
    return Path(spec.origin).parent / "models" / _MODEL


def read_han(line: Image) -> list[Glyph]:
    """`line`: (HEIGHT, W, 3), one line lying flat."""
    session, letters = _network()
    pixels = line.astype(np.float32).transpose(2, 0, 1)[None] / 127.5 - 1
    (columns,) = session.run(None, {session.get_inputs()[0].name: pixels})
    return _decoded(np.asarray(columns, np.float32)[0], letters)


def _decoded(columns: NDArray[np.float32], letters: list[str]) -> list[Glyph]:
    """Greedy CTC: one letter a run of equal columns."""
    best, sure = columns.argmax(1), columns.max(1)
    edges = np.flatnonzero(np.diff(best, prepend=-1, append=-1))
    runs = [(int(a), int(b)) for a, b in pairwise(edges) if best[a] != _BLANK]
    chars = [letters[best[a]] for a, _ in runs]
    spans = _spans([(a + b) / 2 for a, b in runs], chars)
    return [
        Glyph(char, start / len(columns), end / len(columns), float(sure[a:b].max()))
        for char, (start, end), (a, b) in zip(chars, spans, runs, strict=True)
    ]


def _spans(middles: list[float], chars: list[str]) -> list[tuple[float, float]]:
    """CTC marks a letter's middle; it reaches half its width either way, or to its neighbour."""
    if not middles:
        return []
    halves = [_HALF_HAN if is_han(char) else _HALF_LATIN for char in chars]
    between = [(a + b) / 2 for a, b in pairwise(middles)]
    return [
        (max(middle - half, before), min(middle + half, after))
        for middle, half, before, after in zip(
            middles, halves, [-np.inf, *between], [*between, np.inf], strict=True
        )
    ]
