"""The tracker says the right thing at the right time, and takes every page once."""

import itertools
from collections.abc import Iterable

import cv2
import numpy as np
import pytest

from scanner.geometry import page_iou, scaled_to
from scanner.live import Coach, Live, Tracker
from scanner.samples import PAPERS
from scanner.simulated import (
    SIZE,
    Pose,
    Shot,
    SimulatedCamera,
    dark,
    default_script,
    empty,
    glide,
    rest,
)
from scanner.types import Image

FPS = 15
MIDDLE = Pose(220, 165, 1)
OUTSIDE = Pose(820, 200, 20)


def watch(script: list[Shot], tracker: Tracker, start: int = 0, fps: float = FPS) -> list[Live]:
    camera, seen = SimulatedCamera(script=script), []
    picture = preview = np.empty(0, np.uint8)
    for frame in range(start, start + len(script)):
        if (image := camera.read().image) is not picture:  # at rest it is the same
            picture, preview = image, third(image)
        seen.append(tracker.update(preview, frame / fps))
    return seen


def third(image: Image) -> Image:
    """As large as a kiosk's preview, quickly."""
    size = (SIZE[0] // 3, SIZE[1] // 3)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def said(seen: Iterable[Live]) -> list[str]:
    return [str(coach) for coach, _ in itertools.groupby(live.coach for live in seen)]


def captures(seen: Iterable[Live]) -> int:
    return sum(live.capture for live in seen)


def lay(paper: int, frames: int = 25) -> list[Shot]:
    return [*glide(paper, OUTSIDE, MIDDLE, 8), *rest(paper, MIDDLE, frames)]


def take(paper: int) -> list[Shot]:
    return [*glide(paper, MIDDLE, OUTSIDE, 6), *empty(3)]


def test_the_whole_demo_script_takes_each_page_once() -> None:
    """Seen four times a second, as on a slow machine: each of its movements still is."""
    script = default_script(7)[::4]
    seen = watch(script, Tracker(), fps=FPS / 4)
    one_page = ["nothing", "moving", "hold_still", "captured", "moving", "captured", "moving"]
    assert said(seen) == [*(one_page * len(PAPERS)), "nothing"]
    assert captures(seen) == len(PAPERS)
    taken = [script[frame].paper for frame, live in enumerate(seen) if live.capture]
    assert taken == list(range(len(PAPERS)))


def test_progress_fills_and_the_outline_is_true() -> None:
    camera = SimulatedCamera(script=[*empty(2), *lay(0)])
    tracker, progress = Tracker(), []
    for frame in range(35):
        picture = camera.read().image
        live = tracker.update(scaled_to(picture, 1024)[0], frame / FPS)
        if live.coach is Coach.HOLD_STILL:
            progress.append(live.progress)
            assert live.quad is not None
            assert camera.truth is not None
            assert page_iou(live.quad * np.array(SIZE), camera.truth) > 0.98
    assert progress == sorted(progress)
    assert progress[0] == 0
    assert len(progress) == pytest.approx(0.8 * FPS, abs=2)


def test_the_same_page_laid_down_again_is_not_taken_again() -> None:
    tracker = Tracker()
    seen = watch([*lay(2), *take(2), *lay(2)], tracker)
    assert captures(seen) == 1
    assert seen[-1].coach is Coach.CAPTURED


def test_rearm_takes_the_page_that_lies_there_once_more() -> None:
    tracker = Tracker()
    assert captures(watch(lay(2), tracker)) == 1
    tracker.rearm()
    again = watch(rest(2, MIDDLE, 40), tracker, start=100)
    assert captures(again) == 1
    assert again[-1].coach is Coach.CAPTURED


def test_a_page_taken_by_hand_does_not_take_itself() -> None:
    tracker = Tracker()
    early = watch([*empty(1), *lay(2, frames=4)], tracker)
    assert captures(early) == 0
    tracker.took()
    later = watch(rest(2, MIDDLE, 30), tracker, start=20)
    assert captures(later) == 0
    assert later[-1].coach is Coach.CAPTURED


def test_a_failing_lamp_says_dark_and_forgets_nothing_taken() -> None:
    tracker = Tracker()
    seen = watch([*lay(1), *dark(3), *rest(1, MIDDLE, 25)], tracker)
    assert "dark" in said(seen)
    assert captures(seen) == 1


def still(image: Image, tracker: Tracker, frames: int = 20) -> list[Live]:
    preview, _ = scaled_to(image, 1024)
    return [tracker.update(preview, frame / FPS) for frame in range(frames)]


def one(paper: int, pose: Pose = MIDDLE) -> Image:
    return SimulatedCamera(script=rest(paper, pose, 1)).read().image


def spoilt(image: Image, coach: Coach) -> Image:
    match coach:
        case Coach.BLURRED:
            return np.asarray(cv2.GaussianBlur(image, (0, 0), 9), np.uint8)
        case Coach.DARK:
            return (image * 0.25).astype(np.uint8)
        case Coach.GLARE:
            lamp = np.zeros(image.shape, np.uint8)
            cv2.circle(lamp, (1300, 900), 190, (255, 255, 255), -1)
            return np.asarray(cv2.add(image, cv2.GaussianBlur(lamp, (0, 0), 12)), np.uint8)
        case Coach.HAND:
            hand = image.copy()
            cv2.ellipse(hand, (1900, 1500), (900, 170), 25, 0, 360, (120, 150, 205), -1)
            return hand
    raise AssertionError(coach)


@pytest.mark.parametrize("coach", [Coach.BLURRED, Coach.DARK, Coach.GLARE, Coach.HAND])
def test_a_spoilt_page_is_not_taken_and_told_why(coach: Coach) -> None:
    seen = still(spoilt(one(0), coach), Tracker())
    assert captures(seen) == 0
    assert seen[-1].coach is coach


def test_a_page_that_leaves_the_picture_is_cut_off() -> None:
    seen = still(one(0, Pose(220, 225, 1)), Tracker())
    assert captures(seen) == 0
    assert seen[-1].coach is Coach.CUT_OFF


def test_two_pages_are_not_taken_as_one() -> None:
    left, right = one(7, Pose(110, 160, 4)), one(8, Pose(330, 170, -5))
    half = left.shape[1] // 2
    both = np.concatenate([left[:, :half], right[:, half:]], axis=1)
    seen = still(both, Tracker())
    assert captures(seen) == 0
    assert seen[-1].coach is Coach.SEVERAL


def test_frames_of_changing_size_are_taken_as_they_come() -> None:
    image, tracker = one(2), Tracker()
    for frame, side in enumerate((1024, 640, 1024, 700)):
        live = tracker.update(scaled_to(image, side)[0], frame / FPS)
        assert live.coach is Coach.MOVING
