"""Scenes are reproducible, keep training and judging apart, and are as hard as their level says."""

import cv2
import numpy as np
import pytest

from scanner.geometry import area, overlap
from scanner.scenes import TEST_SEEDS, TRAIN_SEEDS, Kind, Level, Scene, make_scene
from scanner.types import Image

SMALL = (192, 144)
LEVELS = list(Level)


@pytest.fixture(scope="module")
def hard() -> list[Scene]:
    return [make_scene(seed, Level.HARD, SMALL) for seed in range(6)]


@pytest.mark.parametrize("level", LEVELS)
def test_a_seed_gives_the_same_scene_again(level: Level) -> None:
    one, two = (make_scene(7, level, SMALL) for _ in range(2))
    assert one.image.tobytes() == two.image.tobytes()
    assert one.papers[0].quad.tobytes() == two.papers[0].quad.tobytes()
    other = make_scene(8, level, SMALL)
    assert one.image.tobytes() != other.image.tobytes()


def test_levels_of_one_seed_are_different_scenes() -> None:
    quads = {make_scene(5, level, SMALL).papers[0].quad.tobytes() for level in LEVELS}
    assert len(quads) == len(LEVELS)


@pytest.mark.parametrize("seed", [3, 11])
def test_a_seed_is_the_same_scene_at_every_size(seed: int) -> None:
    small = make_scene(seed, Level.HARD, SMALL)
    large = make_scene(seed, Level.HARD, (384, 288))
    scaled = (small.papers[0].quad + 0.5) * 2 - 0.5
    assert np.abs(scaled - large.papers[0].quad).max() < 0.05
    shrunk = np.asarray(cv2.resize(large.image, SMALL, interpolation=cv2.INTER_AREA), np.uint8)
    assert np.corrcoef(_blurred(shrunk), _blurred(small.image))[0, 1] > 0.8


def _blurred(image: Image) -> np.ndarray:
    return cv2.GaussianBlur(image, (0, 0), 6).ravel().astype(np.float64)


def test_training_and_judging_never_share_a_seed() -> None:
    assert len(TRAIN_SEEDS) > 10**8
    assert len(TEST_SEEDS) > 10**5
    assert TEST_SEEDS[0] not in TRAIN_SEEDS
    assert TEST_SEEDS[-1] < TRAIN_SEEDS[0]


def test_pictures_and_truth_have_the_promised_shapes(hard: list[Scene]) -> None:
    for scene in hard:
        (paper,) = scene.papers
        assert scene.image.shape == (144, 192, 3)
        assert scene.image.dtype == np.uint8
        assert paper.quad.shape == (4, 2)
        assert paper.quad.dtype == paper.outline.dtype == np.float32
        assert len(paper.outline) > 8
        assert isinstance(paper.kind, Kind)


def test_corners_run_clockwise_and_the_outline_follows_them(hard: list[Scene]) -> None:
    for scene in hard:
        paper = scene.papers[0]
        assert area(paper.quad) > 0
        silhouette = cv2.contourArea(paper.outline, oriented=True)
        assert silhouette == pytest.approx(area(paper.quad), rel=0.25)


def test_hard_papers_may_lie_upside_down(hard: list[Scene]) -> None:
    assert any(scene.papers[0].quad[0, 1] > scene.papers[0].quad[3, 1] for scene in hard)


@pytest.mark.parametrize("seed", range(2))
def test_easy_and_medium_papers_lie_wholly_inside(seed: int) -> None:
    for level in (Level.EASY, Level.MEDIUM):
        (paper,) = make_scene(seed, level, SMALL).papers
        assert paper.quad.min() > -3
        assert (paper.quad < np.array(SMALL) + 3).all()


def test_an_easy_paper_stands_out_from_its_ground() -> None:
    for seed in range(6):
        scene = make_scene(seed, Level.EASY, SMALL)
        grey = cv2.cvtColor(scene.image, cv2.COLOR_BGR2GRAY).astype(float)
        mask = np.zeros(grey.shape, np.uint8)
        cv2.fillPoly(mask, [np.rint(scene.papers[0].outline).astype(np.int32)], 1)
        rim = cv2.dilate(mask, np.ones((9, 9))) - cv2.dilate(mask, np.ones((3, 3)))
        inner = cv2.erode(mask, np.ones((3, 3))) - cv2.erode(mask, np.ones((9, 9)))
        assert abs(np.median(grey[inner == 1]) - np.median(grey[rim == 1])) > 25


def test_an_empty_table_has_no_papers() -> None:
    scene = make_scene(4, Level.HARD, SMALL, papers=0)
    assert scene.papers == ()
    assert scene.image.std() > 1


def test_several_papers_do_not_touch() -> None:
    counts = set()
    for seed in range(3):
        papers = make_scene(seed, Level.HARD, SMALL, papers=None).papers
        counts.add(len(papers))
        for index, one in enumerate(papers):
            for other in papers[:index]:
                assert overlap(one.quad, other.quad) < 0.02
    assert counts <= {1, 2, 3, 4, 5}
    assert len(counts) > 1


def test_as_many_papers_as_asked_for() -> None:
    assert len(make_scene(2, Level.MEDIUM, SMALL, papers=4).papers) == 4
