"""What media servers kept: found by its name, waited for while it is written, deleted."""

from pathlib import Path

import pytest

from center.store import takes
from center.store.takes import Takes

FILES = (
    "r-1.mediator.aa-audio-0.mjr",
    "r-1.mediator.aa-video-1.mjr",
    "r-1.s1.bb-audio-0.mjr",
    "r-1.s1.cc-audio-0.mjr",
    "r-1.s1.cc-video-2.mjr",
    "r-12.s1.dd-audio-0.mjr",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (*FILES, "something else.mjr"):
        (tmp_path / name).touch()
    return tmp_path


async def test_each_publication_is_one_take_of_whoever_sits_there(folder: Path) -> None:
    kept = Takes([folder])
    assert kept.reels() == {"r-1", "r-12"}
    found = [(take.seat_id, sorted(take.files)) for take in await kept.of("r-1")]
    assert found == [
        ("mediator", ["face.audio", "face.video"]),
        ("s1", ["face.audio"]),
        ("s1", ["desk.video", "face.audio"]),
    ]


async def test_one_that_stays_open_was_left_by_a_server_that_died(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(takes, "CLOSED_WITHIN_S", 0.0)
    torn = folder / "r-3.s1.ee-video-1.mjr.tmp"
    torn.touch()
    (take,) = await Takes([folder]).of("r-3")
    assert take.files == {"face.video": str(torn)}


def test_the_files_of_one_reel_go_and_no_others(folder: Path) -> None:
    Takes([folder]).delete("r-1")
    assert {path.name for path in folder.iterdir()} == {FILES[-1], "something else.mjr"}
