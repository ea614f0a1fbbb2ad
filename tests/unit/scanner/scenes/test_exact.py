"""What a scene says about its papers is where they really are, to a fraction of a pixel."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from scanner.scenes import relief
from scanner.scenes.camera import Camera, View, framed
from scanner.scenes.canvas import Canvas
from scanner.scenes.light import Lamp
from scanner.scenes.models import Floats, Kind
from scanner.scenes.relief import Relief
from scanner.scenes.sheet import Sheet
from scanner.scenes.surface import draw_sheet, unfolded
from scanner.types import Image

PAGE = (180.0, 240.0)
LAMP = Lamp(np.array([-200.0, -300.0, 900.0]), np.full(3, 0.35), 10.0)
RNG = np.random.default_rng(3)
BENDS: dict[str, tuple[Relief, ...]] = {
    "flat": (),
    "curl": (relief.curl(RNG, PAGE, 0.35),),
    "folds": (relief.folds(RNG, PAGE, 0.25),),
    "waves": (relief.waves(RNG, PAGE, 0.3),),
    "lifted corner": (relief.lifted_corner(RNG, PAGE, 0.5),),
}


def checker() -> Image:
    fields = np.kron(np.indices((8, 6)).sum(0) % 2, np.ones((64, 64))) * 255
    return np.repeat(fields.astype(np.uint8)[..., None], 3, -1)


def white() -> Image:
    return np.full((60, 45, 3), 255, np.uint8)


def sheet(bend: str, print_: Image) -> Sheet:
    return Sheet(Kind.A4, PAGE, print_, (5.0, -8.0), 0.3, reliefs=BENDS[bend])


def eye(paper: Sheet, size: tuple[int, int] = (640, 480), fill: float = 0.85) -> Camera:
    view = View(tilt=30, azimuth=20, roll=3, field=60, bend=-0.04)
    return framed(size, view, paper.points(paper.corners), fill, (0.5, 0.5))


def coverage(paper: Sheet, camera: Camera) -> Floats:
    """How far each pixel shows the paper."""
    canvas = Canvas(camera, (), np.ones(3))
    draw_sheet(canvas, paper)
    return canvas.colour[..., 0]


@pytest.mark.parametrize("bend", BENDS)
def test_print_lies_where_the_geometry_says(bend: str) -> None:
    paper = sheet(bend, checker())
    camera = eye(paper, (960, 720))
    canvas = Canvas(camera, (LAMP,), np.full(3, 0.3))
    canvas.colour[:] = 0.3
    draw_sheet(canvas, paper)
    grey = np.clip(np.sqrt(canvas.lit()[..., 0]) * 255, 0, 255).astype(np.uint8)
    crossings = np.stack(np.meshgrid(np.arange(-60, 61, 30), np.arange(-90, 91, 30)), -1)
    flat = crossings.reshape(-1, 2).astype(np.float64)
    wanted = camera.project(paper.points(flat)).astype(np.float32)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 50, 1e-4)
    start = np.ascontiguousarray(wanted[:, None]).copy()
    found = cv2.cornerSubPix(grey, start, (5, 5), (-1, -1), stop)[:, 0]
    assert np.linalg.norm(found - wanted, axis=1).max() < 0.3


@pytest.mark.parametrize("bend", BENDS)
def test_the_outline_encloses_what_is_drawn(bend: str) -> None:
    paper = sheet(bend, white())
    camera = eye(paper)
    drawn = coverage(paper, camera)
    outline = paper.outline(camera)
    assert drawn.sum() == pytest.approx(cv2.contourArea(outline), rel=2e-4)
    inside = np.zeros(drawn.shape, np.uint8)
    cv2.fillPoly(inside, [np.rint(outline).astype(np.int32)], 1)
    outside = cv2.dilate(inside, np.ones((5, 5))) == 0
    within = cv2.erode(inside, np.ones((5, 5))) == 1
    assert drawn[outside].max() == 0
    assert drawn[within].min() == pytest.approx(1)


def test_a_flat_pages_corners_are_where_its_drawn_sides_meet() -> None:
    paper = sheet("flat", white())
    camera = replace(eye(paper), bend=0.0)
    drawn = coverage(paper, camera)
    sides = [_side(drawn, start, end) for start, end in _pairs(paper.quad(camera))]
    meeting = np.array([np.cross(sides[index - 1], sides[index]) for index in range(4)])
    corners = meeting[:, :2] / meeting[:, 2:]
    assert np.abs(corners - paper.quad(camera)).max() < 0.1


def _pairs(quad: Floats) -> list[tuple[Floats, Floats]]:
    return list(zip(quad, np.roll(quad, -1, 0), strict=True))


def _side(drawn: Floats, start: Floats, end: Floats) -> np.ndarray:
    """The line (a, b, c) through the half-covered points found across one side."""
    way = (end - start) / np.linalg.norm(end - start)
    inward = np.array([-way[1], way[0]], np.float32)
    found = []
    steps = np.arange(-4, 4.01, 0.25, dtype=np.float32)
    for part in np.linspace(0.1, 0.9, 40):
        middle = start + (end - start) * np.float32(part)
        at = (middle + steps[:, None] * inward).astype(np.float32)[None]
        profile = cv2.remap(drawn, at[..., 0], at[..., 1], cv2.INTER_LINEAR)[0]
        found.append(middle + inward * np.interp(0.5, profile, steps))
    direction = cv2.fitLine(np.array(found, np.float32), cv2.DIST_L2, 0, 0.01, 0.01)[:, 0]
    normal = np.array([-direction[1], direction[0]])
    return np.append(normal, -normal @ direction[2:])


def test_a_card_has_the_corners_its_sides_would_meet_in() -> None:
    card = Sheet(Kind.CARD, (85.6, 53.98), white(), radius=3.18)
    camera = eye(card)
    outline, quad = card.outline(camera), card.quad(camera)
    for corner in quad:
        assert cv2.pointPolygonTest(outline, (float(corner[0]), float(corner[1])), True) < -2
    assert coverage(card, camera).sum() == pytest.approx(cv2.contourArea(outline), rel=5e-4)


def test_no_part_of_a_page_hides_another() -> None:
    wild = replace(sheet("flat", white()), reliefs=(relief.waves(RNG, PAGE, 1.4),))
    camera = eye(wild, fill=0.5)
    eased = unfolded(wild, camera)
    assert eased.damped < 1
    assert unfolded(sheet("curl", white()), camera).damped == 1
    outline = eased.outline(camera)
    assert coverage(eased, camera).sum() == pytest.approx(cv2.contourArea(outline), rel=2e-3)


def test_the_lens_model_has_an_exact_inverse() -> None:
    camera = replace(eye(sheet("flat", white())), bend=-0.05)
    pixels = np.random.default_rng(1).uniform(0, 480, (50, 2))
    assert np.allclose(camera.bent(camera.ideal(pixels)), pixels, atol=1e-9)
    assert np.abs(camera.ideal(pixels) - pixels).max() > 1


def test_curl_keeps_the_length_of_the_paper() -> None:
    paper = sheet("curl", white())
    way = np.stack([np.zeros(400), np.linspace(-120, 120, 400)], -1)
    steps = np.linalg.norm(np.diff(paper.points(way), axis=0), axis=1)
    assert steps.sum() == pytest.approx(240, rel=1e-3)
    assert np.ptp(paper.points(way)[:, 2]) > 5
