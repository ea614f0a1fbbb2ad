"""A page in three languages is read right, in the background, offline, and stops when told."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator

import cv2
import numpy as np
import psutil
import pytest

from scanner.bench.text import characters_right
from scanner.text import Language, PageText, TextReader, TextTimeout, TextUnavailable
from scanner.text.made import MadePage, Script, made_page
from scanner.text.reading import read_text
from scanner.types import Image
from tests.support.patience import until

MEGABYTE = 1_000_000


def head(page: MadePage, lines: int) -> tuple[Image, str]:
    """The first lines of a made page, at 200 dpi."""
    top = page.image[: round(240 + lines * 85)]
    small = cv2.resize(top, None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8), "\n".join(page.lines[:lines])


@pytest.fixture(scope="module", autouse=True)
def no_network() -> "pytest.MonkeyPatch":  # type: ignore[misc]
    """Whoever asks the network for a model fails."""

    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", refuse)
        patch.setattr(socket.socket, "connect", refuse)
        yield patch


@pytest.fixture
async def reader() -> AsyncIterator[TextReader]:
    made = TextReader(seconds=100, threads=1)  # it reads at the lowest priority, beside other tests
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("script", "language"),
    [(Script.CHINESE, Language.ZH), (Script.KOREAN, Language.KO), (Script.ENGLISH, Language.EN)],
)
def test_each_language_is_read(script: Script, language: Language) -> None:
    image, printed = head(made_page(script, 3), 4)
    read = read_text(image)
    right, count = characters_right(read.text, printed)
    assert count - right <= 1
    assert [line.language for line in read.lines] == [language] * 4
    assert read.complete
    assert min(line.confidence for line in read.lines) > 0.8
    if script is not Script.CHINESE:
        assert len(read.text.split()) == len(printed.split())


def test_both_scripts_in_one_line() -> None:
    page = made_page(Script.MIXED, 3)
    number = next(
        i
        for i, line in enumerate(page.lines)
        if any("가" <= c <= "힣" for c in line) and any("一" <= c <= "鿿" for c in line)
    )
    pitch = 85
    top = round(240 + pitch * number) - 25
    read = read_text(page.image[top : top + pitch + 10])
    right, count = characters_right(read.text, page.lines[number])
    assert count - right <= 2


def test_words_lie_where_they_are_printed() -> None:
    image, _ = head(made_page(Script.KOREAN, 3), 1)
    (line,) = read_text(image).lines
    dark = image.min(2) < 128
    for word in line.words:
        (left, top), _, (right, bottom), _ = word.quad
        ink = np.flatnonzero(dark[round(top) : round(bottom), :].any(0))
        inside = ink[(ink > left) & (ink < right)]
        gap_before = dark[round(top) : round(bottom), round(left) - 8 : round(left) - 1].any(0)
        assert len(inside) > (right - left) / 3
        assert not gap_before.all()


def test_an_empty_page_has_no_text() -> None:
    read = read_text(np.full((600, 400, 3), 250, np.uint8))
    assert read == PageText(400, 600, (), complete=True)


def test_no_time_gives_an_incomplete_page() -> None:
    image, _ = head(made_page(Script.CHINESE, 3), 3)
    assert read_text(image, seconds=0).complete is False


async def test_in_the_background_the_same(reader: TextReader) -> None:
    image, _ = head(made_page(Script.MIXED, 5), 1)
    first = await reader.read(image)
    assert first == read_text(image)
    (process,) = children()
    await reader.read(image)
    assert children() == [process]  # with its models
    assert process.memory_info().rss < 700 * MEGABYTE


async def test_cancelling_stops_the_work_and_the_next_page_is_read(reader: TextReader) -> None:
    image, _ = head(made_page(Script.CHINESE, 3), 1)
    await reader.read(image)
    (process,) = children()
    task = asyncio.create_task(reader.read(made_page(Script.CHINESE, 4).image))
    used = process.cpu_times().user
    await until(lambda: process.cpu_times().user >= used + 0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not process.is_running()
    assert (await reader.read(image)).lines


async def test_a_reading_process_that_dies_is_told(reader: TextReader) -> None:
    image, _ = head(made_page(Script.CHINESE, 3), 1)
    await reader.read(image)
    task = asyncio.create_task(reader.read(made_page(Script.CHINESE, 4).image))
    await asyncio.sleep(0)
    children()[0].kill()
    with pytest.raises(TextUnavailable):
        await task


async def test_a_page_never_takes_longer_than_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.text.reader._GRACE", 0.0)
    reader = TextReader(seconds=0.05, threads=1)
    with pytest.raises(TextTimeout):
        await reader.read(made_page(Script.CHINESE, 4).image)
    assert children() == []
    await reader.close()


def children() -> list[psutil.Process]:
    """Reading processes of this one."""
    ours = psutil.Process(os.getpid()).children()
    return [child for child in ours if "scanner.text.worker" in child.cmdline()]
