"""The real scanner behind the agent's desk: the simulated camera lays papers down by itself."""

import asyncio
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

import scanner
from kiosk.capture import ScanFailedError
from kiosk.desk import Desk, Sight, Tracker
from kiosk.eyes import describe_camera, real_devices, scan_page
from kiosk.words import CoachWord
from scanner.image import decode

SAMPLES = Path(scanner.__file__).parent / "samples"


async def test_a_paper_that_lies_still_is_seen_taken_and_flattened() -> None:
    devices = real_devices("simulated")
    desk = Desk(devices.desk, asyncio.get_running_loop())
    settled, words = asyncio.Event(), set[CoachWord]()

    def saw(sight: Sight) -> None:
        words.add(sight.coach)

    desk.listeners.sight, desk.listeners.settled = saw, settled.set
    desk.start()
    try:
        desk.follow(on=True)
        desk.light(on=True)
        await asyncio.wait_for(settled.wait(), 60)
        frame = await asyncio.to_thread(desk.fresh)
        assert frame is not None
        assert frame.jpeg is not None
        page = await asyncio.to_thread(devices.scan, frame.jpeg)
    finally:
        await asyncio.to_thread(desk.close)
    assert {CoachWord.MOVING, CoachWord.HOLD_STILL} <= words
    assert page.sha256 == sha256(frame.jpeg).hexdigest()
    assert page.clean_sha256 == sha256(page.pictures.clean).hexdigest()
    assert page.quad is not None
    assert len(page.pictures.thumb) < len(page.pictures.clean)


@pytest.mark.parametrize("picture", [b"", b"no picture", b"\xff\xd8\xff\xe0 cut"])
def test_what_is_no_picture_is_no_page(picture: bytes) -> None:
    with pytest.raises(ScanFailedError):
        scan_page(picture)


def test_the_camera_command_tells_what_is_there() -> None:
    assert describe_camera("simulated")[1]
    line, works = describe_camera("usb:/dev/video99")
    assert not works
    assert "camera_missing" in line


def test_a_page_taken_by_hand_does_not_take_itself_again() -> None:
    """The same still paper, with and without the shutter key."""
    jpeg = next(iter(sorted(SAMPLES.rglob("*.jpg")))).read_bytes()
    paper = decode(jpeg)
    mat = np.full((960, 1280, 3), 70, np.uint8)
    mat[100:860, 340:940] = cv2.resize(paper, (600, 760), interpolation=cv2.INTER_AREA)
    make = real_devices("simulated").desk.make_tracker
    assert _captures(make(), mat, by_hand=False) == 1
    assert _captures(make(), mat, by_hand=True) == 0


def _captures(tracker: Tracker, picture: NDArray[np.uint8], by_hand: bool) -> int:
    taken = 0
    for tick in range(20):
        if by_hand and tick == 3:
            tracker.took()
        taken += tracker.update(picture, tick / 5).capture
    return taken
