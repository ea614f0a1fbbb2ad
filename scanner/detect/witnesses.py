"""Three witnesses tell how right an outline is: the judge, who sees what it encloses; agreement
with the looks, which see the whole; and how sure the proposal was. None is ever quite sure, so none
has the last word alone."""

import math

import numpy as np
from numpy.typing import NDArray

_HEARD = np.array([0.5, 0.4, 0.1], np.float32)
"""The judge cannot tell two sheets from one, and the looks take small pages and large ones amiss;
made scenes are found best when both are heard about alike. A proposal tells little."""
_NEVER = 0.03

Floats = NDArray[np.float32]


def evidence(judged: Floats, agreed: Floats, proposed: float) -> Floats:
    """(n,) log odds of n outlines of one proposal: the mean of what the witnesses say, 0 to 1."""
    said = np.stack([judged, agreed, np.full_like(judged, proposed)])
    odds = np.clip(said, _NEVER, 1 - _NEVER)
    return np.asarray(_HEARD @ np.log(odds / (1 - odds)), np.float32)


def confidence(log_odds: float) -> float:
    """0 to 1."""
    return 1 / (1 + math.exp(-log_odds))
