"""A camera that looks at the desk it knows is told from one that was moved, in any light and
whatever lies there."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from scanner.detect.mat import SIDE
from scanner.detect.moved import DeskEdges, DeskSeen
from scanner.geometry import homography, unit_square
from scanner.samples import PAPERS
from scanner.scenes.ground import Ground, ground_texture
from scanner.types import Image, Quad

WIDTH, HEIGHT = 640, 480
MAT = np.array([[210, 150], [700, 160], [690, 520], [205, 510]], np.int32)
PAPER = np.array([[180, 90], [460, 110], [440, 400], [160, 380]], np.float32)
OTHER_PAPER = np.array([[30, 240], [210, 230], [220, 460], [40, 470]], np.float32)
DESKS = ((Ground.WOOD, Ground.PLAIN), (Ground.TILES, Ground.TILES), (Ground.DARK, Ground.CLOTH))


def table(kinds: tuple[Ground, Ground], seed: int = 0) -> Image:
    """Larger than what the camera sees of it, with a mat on it."""
    rng, shape = np.random.default_rng(seed), (680, 900)
    ground, mat = (np.asarray(ground_texture(rng, kind, shape, 0.25)) for kind in kinds)
    mask = cv2.fillConvexPoly(np.zeros(shape, np.uint8), MAT, 1)[..., None]
    return np.asarray(np.where(mask, mat, ground), np.uint8)


def seen(of: Image, *, shift: float = 0, turn: float = 0, zoom: float = 1) -> Image:
    """By a camera that was moved so far: parts of the width, degrees."""
    matrix = cv2.getRotationMatrix2D((450, 340), turn, zoom)
    matrix[:, 2] += np.array(
        (WIDTH / 2 - 450 + shift * WIDTH * 0.8, HEIGHT / 2 - 340 + shift * WIDTH * 0.6)
    )
    return np.asarray(cv2.warpAffine(of, matrix, (WIDTH, HEIGHT)), np.uint8)


def lit(picture: Image, seed: int = 1, *, lamp: float = 1.0, shadow: bool = False) -> Image:
    """Every picture has grain of its own."""
    light = np.full((HEIGHT, WIDTH, 1), lamp, np.float32)
    light *= np.linspace(0.85, 1.1, WIDTH, dtype=np.float32)[None, :, None]
    if shadow:
        dark = np.zeros((HEIGHT, WIDTH), np.float32)
        cv2.fillConvexPoly(dark, np.array([[0, 0], [300, 0], [150, 480], [0, 480]], np.int32), 0.5)
        light *= 1 - cv2.GaussianBlur(dark, (0, 0), 8)[..., None]
    grain = np.random.default_rng(seed).normal(0, 3, picture.shape)
    return np.asarray((picture * light * np.array((0.95, 1, 1.05)) + grain).clip(0, 255), np.uint8)


def laid(picture: Image, paper: int, quad: Quad) -> Image:
    page = PAPERS[paper].load()
    matrix = homography(unit_square(page.shape[1], page.shape[0]), quad)
    on = cv2.warpPerspective(page, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
    mask = cv2.fillConvexPoly(np.zeros((HEIGHT, WIDTH), np.uint8), quad.astype(np.int32), 1)
    return np.asarray(np.where(mask[..., None], on, picture), np.uint8)


@pytest.fixture(scope="module", params=DESKS, ids=lambda kinds: kinds[0].value)
def desk(request: pytest.FixtureRequest) -> tuple[Image, DeskEdges]:
    """A table, and what is kept of its picture."""
    of = table(request.param)
    kept = cv2.resize(lit(seen(of)), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return of, DeskEdges.of(np.asarray(kept, np.uint8))


@pytest.mark.parametrize("lamp", [0.7, 1.0, 1.2])
@pytest.mark.parametrize("shadow", [False, True])
def test_it_is_the_same_in_another_light(
    desk: tuple[Image, DeskEdges], lamp: float, shadow: bool
) -> None:
    of, edges = desk
    assert edges.seen_in(lit(seen(of), 2, lamp=lamp, shadow=shadow)) is DeskSeen.SAME


def test_it_is_the_same_under_papers_found_or_not(desk: tuple[Image, DeskEdges]) -> None:
    of, edges = desk
    one = laid(seen(of), 0, PAPER)
    two = laid(one, 4, OTHER_PAPER)
    assert edges.seen_in(lit(one, 3, lamp=0.8, shadow=True), PAPER) is DeskSeen.SAME
    assert edges.seen_in(lit(two, 3, lamp=0.8), PAPER) is DeskSeen.SAME
    assert edges.seen_in(lit(one, 3)) is not DeskSeen.OTHER


@pytest.mark.parametrize(
    "moved",
    [
        lambda of: seen(of, shift=0.015),
        lambda of: seen(of, shift=0.1),
        lambda of: seen(of, turn=8),
        lambda of: seen(of, zoom=1.1),
        lambda _: seen(table((Ground.MARBLE, Ground.PLANKS), seed=7)),
    ],
    ids=["a little", "far", "turned", "nearer", "another desk"],
)
def test_a_camera_that_was_moved_is_seen_on_the_empty_desk(
    desk: tuple[Image, DeskEdges], moved: Callable[[Image], Image]
) -> None:
    of, edges = desk
    assert edges.seen_in(lit(moved(of), 4, lamp=0.9)) is DeskSeen.OTHER


def test_a_camera_that_was_moved_is_seen_beside_a_paper(desk: tuple[Image, DeskEdges]) -> None:
    of, edges = desk
    assert edges.seen_in(lit(laid(seen(of, shift=0.05), 0, PAPER)), PAPER) is DeskSeen.OTHER


def test_a_page_over_all_of_it_and_a_desk_without_edges_say_nothing(
    desk: tuple[Image, DeskEdges],
) -> None:
    of, edges = desk
    whole = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)
    assert edges.seen_in(lit(laid(seen(of), 0, whole)), whole) is DeskSeen.UNSURE
    blank = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    assert DeskEdges.of(blank).seen_in(lit(seen(of))) is DeskSeen.UNSURE
