"""When a frame was taken, on the recorder's clock, from all that the sender reports said.

Arrival tells little: sound and picture wait differently on their way, by 40 ms and more. A sender
report gives an RTP time and the sender's wall clock for the same moment, and both tracks of a peer
share that clock. So:

    theta(i)  = median of (arrival - ntp) over the reports of the peer around i
    offset(i) = median of (ntp + theta - rtp/rate) over the reports of the track around i
    taken(rtp) = rtp/rate + offset, interpolated

`theta` carries the sender's clock to ours and cancels its jumps, `offset` follows the drift of a
sound card's clock. Medians, because a report can be late by a busy moment, never early.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WINDOW = 15
"""Reports a median looks at: 15 s of picture, over a minute of sound in libwebrtc."""
PLAUSIBLE_S = 10.0
"""A frame that claims to be further from its arrival is taken at its arrival."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Report:
    """A sender report: RTP time (unwrapped), NTP seconds, arrival in seconds of the recording."""

    time: int
    ntp: float
    arrival: float


class Track:
    """Maps RTP times of one track to seconds of the recording."""

    def __init__(self, rate: int, times: Floats, offsets: Floats) -> None:
        self._rate, self._times, self._offsets = rate, times, offsets

    def taken(self, time: int, arrival: float) -> float:
        """When the frame was taken, not before 0; its arrival when there is nothing better."""
        if not len(self._times):
            return arrival
        moment = time / self._rate
        taken = moment + float(np.interp(moment, self._times, self._offsets))
        return max(0.0, taken if abs(taken - arrival) < PLAUSIBLE_S else arrival)


def tracks(reports: Mapping[int, Sequence[Report]], rates: Mapping[int, int]) -> dict[int, Track]:
    """The tracks of one peer, by number; `rates` are their clock rates, hertz."""
    thetas = _thetas([report for several in reports.values() for report in several])
    return {number: _track(reports.get(number, ()), rate, thetas) for number, rate in rates.items()}


def _thetas(reports: list[Report]) -> tuple[Floats, Floats]:
    """Arrivals, rising, and the sender's clock against ours at each."""
    reports.sort(key=lambda report: report.arrival)
    arrivals = np.array([report.arrival for report in reports])
    return arrivals, _median(arrivals - np.array([report.ntp for report in reports]))


def _track(reports: Sequence[Report], rate: int, thetas: tuple[Floats, Floats]) -> Track:
    if not reports:
        return Track(rate, np.empty(0), np.empty(0))
    arrivals, theta = thetas
    own = theta[np.searchsorted(arrivals, [report.arrival for report in reports])]
    times = np.array([report.time for report in reports]) / rate
    offsets = _median(np.array([report.ntp for report in reports]) + own - times)
    order = np.argsort(times, kind="stable")
    return Track(rate, times[order], offsets[order])


def _median(values: Floats) -> Floats:
    """Running median; at the ends over what there is."""
    if not len(values):
        return values
    half = WINDOW // 2
    padded = np.concatenate([np.full(half, np.nan), values, np.full(half, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)
    median: Floats = np.nanmedian(windows, axis=1)
    return median
