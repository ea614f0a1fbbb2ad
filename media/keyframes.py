"""Who hears that the other end of a sender asks for a key frame.

aiortc has no official word for it: PLI and FIR reach `RTCRtpSender._send_keyframe` alone
(https://github.com/aiortc/aiortc/blob/main/src/aiortc/rtcrtpsender.py, `_handle_rtcp_packet`).
`tests/integration/media/test_desk_peer.py` and `test_tap.py` fail when that moves.
"""

import time
from collections.abc import Callable
from typing import Any, cast

from aiortc import RTCRtpSender

CALM_S = 0.5
"""Between two key frames that were asked for: a flood of requests makes no flood of pictures."""


def on_asked(sender: RTCRtpSender, act: Callable[[], None]) -> None:
    """Call `act` in the place of the encoder."""
    cast("Any", sender)._send_keyframe = act  # noqa: SLF001


def keep_calm(sender: RTCRtpSender, clock: Callable[[], float] = time.monotonic) -> None:
    """Let the encoder hear of it twice a second at most; whoever still needs one asks again."""
    ask, last = cast("Any", sender)._send_keyframe, float("-inf")  # noqa: SLF001

    def asked() -> None:
        nonlocal last
        if clock() - last >= CALM_S:
            last = clock()
            ask()

    on_asked(sender, asked)
