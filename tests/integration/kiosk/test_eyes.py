"""The real scanner behind the agent's desk: the simulated camera lays papers down by itself."""

import asyncio
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

import scanner
from center.protocol.words import EmptyDeskState
from kiosk.bare_desk import BareDesk
from kiosk.capture import ScanFailedError
from kiosk.desk import Desk, Sight, Tracker
from kiosk.eyes import Watcher, describe_camera, real_devices, scan_page
from kiosk.words import CoachWord
from scanner.detect.mat import Mat
from scanner.image import decode
from scanner.scenes.ground import Ground, ground_texture
from tests.support.patience import PATIENCE

SAMPLES = Path(scanner.__file__).parent / "samples"


async def test_a_paper_that_lies_still_is_seen_taken_and_flattened(tmp_path: Path) -> None:
    devices = real_devices("simulated", tmp_path)
    desk = Desk(devices.desk, asyncio.get_running_loop())
    settled, words = asyncio.Event(), set[CoachWord]()

    def saw(sight: Sight) -> None:
        words.add(sight.coach)

    desk.listeners.sight, desk.listeners.settled = saw, settled.set
    desk.start()
    try:
        desk.follow(on=True)
        desk.light(on=True)
        await asyncio.wait_for(settled.wait(), PATIENCE)
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
    tracker = _tracker()
    assert _captures(tracker, _desk(0)) == 1
    tracker = _tracker()
    assert _captures(tracker, _desk(0), ticks=3) == 0
    tracker.took()
    assert _captures(tracker, _desk(0), begin=3) == 0


def test_a_page_laid_down_while_the_last_was_being_kept_takes_itself() -> None:
    """The agent says "kept" a second after the picture; by then another page lies there."""
    tracker = _tracker()
    assert _captures(tracker, _desk(0)) == 1
    assert _captures(tracker, _desk(1), begin=20, ticks=3) == 0
    tracker.took()
    assert _captures(tracker, _desk(1), begin=23) == 1


def test_a_page_wanted_again_takes_itself_again() -> None:
    tracker = _tracker()
    assert _captures(tracker, _desk(0)) == 1
    assert _captures(tracker, _desk(0), begin=20) == 0
    tracker.rearm()
    assert _captures(tracker, _desk(0), begin=40) == 1


def test_what_is_painted_on_a_desk_that_was_shown_empty_is_no_page(tmp_path: Path) -> None:
    """Neither live nor in the still, and whatever is laid there is one all the same."""
    devices, painted = real_devices("simulated", tmp_path), _desk(0)
    assert devices.scan(_jpeg(painted)).quad is not None
    assert _captures(devices.desk.make_tracker(), painted) == 1
    devices.empty_desk.keep(painted)
    devices = real_devices("simulated", tmp_path)
    assert devices.scan(_jpeg(painted)).quad is None
    assert _captures(devices.desk.make_tracker(), painted) == 0
    laid = painted.copy()
    laid[40:500, 20:330] = cv2.resize(_paper(1), (310, 460), interpolation=cv2.INTER_AREA)
    found = devices.scan(_jpeg(laid)).quad
    assert found is not None
    assert max(x for x, _ in found.points) < 340


def test_a_desk_that_is_not_where_it_was_is_not_believed_until_it_is_there_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.eyes.LOOK_EVERY_S", 0.2)
    grain = ground_texture(np.random.default_rng(3), Ground.PLANKS, (480, 640), 0.2)
    desk = np.asarray(grain, np.uint8)
    moved = np.roll(desk, 30, axis=1)
    bare = BareDesk(tmp_path)
    bare.keep(desk)

    def visit(picture: NDArray[np.uint8]) -> tuple[EmptyDeskState, bool]:
        """What is known after it, and whether the scanner is told."""
        tracker = Watcher(bare)
        for tick in range(6):
            tracker.update(picture, tick / 5)
        return bare.state, bare.mat() is not None

    assert visit(desk) == (EmptyDeskState.KNOWN, True)
    assert visit(moved) == (EmptyDeskState.KNOWN, True)
    assert visit(moved) == (EmptyDeskState.MOVED, False)
    bare = BareDesk(tmp_path)
    assert (bare.state, bare.mat()) == (EmptyDeskState.MOVED, None)
    assert visit(desk) == (EmptyDeskState.KNOWN, True)
    assert (visit(moved), visit(moved)[1]) == ((EmptyDeskState.KNOWN, True), False)
    bare.keep(moved)
    assert visit(moved) == (EmptyDeskState.KNOWN, True)


def test_nothing_could_be_read_on_what_is_kept_of_the_desk(tmp_path: Path) -> None:
    bare = BareDesk(tmp_path)
    assert (bare.since, bare.mat()) == (None, None)
    bare.keep(_desk(0))
    (file,) = tmp_path.iterdir()
    kept, known = cv2.imread(str(file)), bare.mat()
    assert kept is not None
    assert kept.shape == (256, 256, 3)
    assert known is not None
    assert np.array_equal(known.seen, Mat.of(_desk(0)).seen)
    assert bare.since is not None
    file.write_bytes(b"cut off")
    assert bare.mat() is None


def _tracker() -> Tracker:
    return real_devices("simulated", SAMPLES).desk.make_tracker()


def _desk(sample: int) -> NDArray[np.uint8]:
    """One of the sample papers lying on a dark mat, 960 × 1280."""
    mat = np.full((960, 1280, 3), 70, np.uint8)
    mat[100:860, 340:940] = cv2.resize(_paper(sample), (600, 760), interpolation=cv2.INTER_AREA)
    return mat


def _paper(sample: int) -> NDArray[np.uint8]:
    return decode(sorted(SAMPLES.rglob("*.jpg"))[sample].read_bytes())


def _jpeg(picture: NDArray[np.uint8]) -> bytes:
    return cv2.imencode(".jpg", picture)[1].tobytes()


def _captures(
    tracker: Tracker, picture: NDArray[np.uint8], *, begin: int = 0, ticks: int = 20
) -> int:
    """How often the page takes itself while nothing moves, five looks a second."""
    return sum(tracker.update(picture, tick / 5).capture for tick in range(begin, begin + ticks))
