"""Pages are found where they really lie; figures on photographs are `python -m scanner bench`."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from scanner.bench.finding import photographs
from scanner.bench.rows import Row, Unit, table, to_json
from scanner.detect import find_page, find_pages
from scanner.geometry import ordered, page_iou, scaled_to, unit_square
from scanner.image import encode_jpeg
from scanner.samples import PAPERS
from scanner.scenes import TEST_SEEDS, Level, make_scene
from scanner.simulated import Pose, Shot, SimulatedCamera, corners, empty, rest
from scanner.types import Image, Quad

TILTED = Pose(222, 164, 2.4)


def scene(paper: int, pose: Pose = TILTED) -> tuple[Image, Quad]:
    camera = SimulatedCamera(script=rest(paper, pose, 1))
    image = camera.read().image
    assert camera.truth is not None
    return image, camera.truth


@pytest.mark.parametrize("paper", range(len(PAPERS)), ids=[paper.name for paper in PAPERS])
def test_every_sample_is_found_in_full_resolution(paper: int) -> None:
    image, truth = scene(paper)
    found = find_page(image)
    assert found is not None
    assert page_iou(found.quad, truth) > 0.985
    assert 0.3 < found.confidence <= 1


def test_corners_are_sub_pixel_where_the_paper_is_plain() -> None:
    image, truth = scene(3)
    found = find_page(image)
    assert found is not None
    assert np.abs(ordered(found.quad) - ordered(truth)).max() < 1.0


@pytest.mark.parametrize("angle", [-40, -20, 15, 35])
def test_turned_pages(angle: int) -> None:
    image, truth = scene(6, Pose(220, 165, angle))
    found = find_page(image)
    assert found is not None
    assert page_iou(found.quad, ordered(truth)) > 0.97


@pytest.mark.parametrize("seed", range(4))
def test_nothing_on_an_empty_mat(seed: int) -> None:
    assert find_page(SimulatedCamera(script=empty(1), seed=seed).read().image) is None


@pytest.mark.parametrize("cells", [40, 120, 400])
def test_nothing_in_a_mottled_ground(cells: int) -> None:
    noise = np.random.default_rng(cells).normal(120, 30, (cells, cells, 3)).clip(0, 255)
    ground = np.asarray(cv2.resize(noise.astype(np.uint8), (1200, 900)), np.uint8)
    assert find_page(ground) is None


@pytest.mark.parametrize("shade", [0, 120, 255])
def test_nothing_on_a_plain_wall(shade: int) -> None:
    assert find_page(np.full((600, 800, 3), shade, np.uint8)) is None


def test_the_hint_is_followed_and_dropped_when_the_page_is_gone() -> None:
    image, _ = scene(0)
    preview, _ = scaled_to(image, 1024)
    found = find_page(preview)
    assert found is not None
    shifted = (found.quad + 4).astype(np.float32)
    followed = find_page(preview, hint=shifted)
    assert followed is not None
    assert page_iou(followed.quad, found.quad) > 0.985
    bare = SimulatedCamera(script=empty(1)).read().image
    assert find_page(scaled_to(bare, 1024)[0], hint=shifted) is None


@pytest.mark.parametrize(("level", "least"), [(Level.EASY, 0.98), (Level.MEDIUM, 0.97)])
def test_papers_of_made_scenes_never_learnt_from(level: Level, least: float) -> None:
    scenes = [make_scene(seed, level, (640, 480)) for seed in TEST_SEEDS[7000:7004]]
    found = [find_page(scene.image) for scene in scenes]
    ious = [
        page_iou(None if page is None else page.quad, ordered(scene.papers[0].quad))
        for page, scene in zip(found, scenes, strict=True)
    ]
    assert np.mean(ious) > least


def test_two_papers_are_two_pages() -> None:
    left, one = scene(7, Pose(110, 160, 4))
    right, other = scene(8, Pose(330, 170, -5))
    half = left.shape[1] // 2
    both = np.concatenate([left[:, :half], right[:, half:]], axis=1)
    found = find_pages(both)
    assert len(found) == 2
    for truth in (one, other):
        assert max(page_iou(page.quad, ordered(truth)) for page in found) > 0.97


def test_jaccard_index_is_measured_in_the_page_plane() -> None:
    page = unit_square(100, 100) + 50
    assert page_iou(page, page) == pytest.approx(1)
    assert page_iou(None, page) == 0
    assert page_iou(page + np.array([50, 0], np.float32), page) == pytest.approx(1 / 3, abs=1e-3)
    leaning = np.array([[0, 0], [100, 20], [100, 80], [0, 100]], np.float32)
    beyond = np.array([[0, 0], [400, 0], [400, 100], [0, 100]], np.float32)
    assert page_iou(beyond, leaning) == 0


@pytest.mark.parametrize(
    ("value", "goal", "unit", "reached"),
    [
        (0.97, 0.96, Unit.IOU, True),
        (0.95, 0.96, Unit.IOU, False),
        (12.0, 15.0, Unit.MS, True),
        (16.0, 15.0, Unit.MS, False),
        (float("nan"), 15.0, Unit.MS, False),
        (3.0, None, Unit.COUNT, None),
    ],
)
def test_figures_are_judged_by_their_unit(
    value: float, goal: float | None, unit: Unit, reached: bool | None
) -> None:
    row = Row("a figure", value, goal, unit)
    assert row.reached is reached
    assert ("MISSED" in table({"suite": [row]})) is (reached is False)
    told = json.loads(to_json({"suite": [row]}))
    assert told["suite"][0]["reached"] is reached


def test_photographs_are_measured_set_by_set(tmp_path: Path) -> None:
    image, truth = scene(2)
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "one.jpg").write_bytes(encode_jpeg(image))
    label = {"file": "one.jpg", "set": "made", "quad": truth.tolist()}
    (folder / "labels.json").write_text(json.dumps([label]))
    mean = photographs(folder)[0]
    assert mean.name.startswith("made (1)")
    assert mean.value > 0.98


def test_shots_know_their_corners() -> None:
    with pytest.raises(ValueError, match="bare"):
        corners(Shot())
