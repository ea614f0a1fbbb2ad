"""Pages on their way in: a picture with its record in one request, and the rest of a cut one."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
import cv2
import numpy as np
import pytest

from center.protocol.base import BODY_LIMIT, PAGE_LIMIT
from tests.integration.center.conftest import Call, Center, Device
from tests.support.patience import PATIENCE

BOUNDARY = "edge"
FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
JPEG = cv2.imencode(".jpg", np.full((48, 64, 3), 200, np.uint8))[1].tobytes()
NOISE = np.random.default_rng(1).integers(0, 255, (600, 600, 3), np.uint8)
LARGE = cv2.imencode(".jpg", NOISE)[1].tobytes()


def name_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def record(**changed: Any) -> str:
    told: dict[str, Any] = {
        "captured_at": datetime.now(UTC).isoformat(),
        "clean_sha256": "c" * 64,
        "preview_sha256": name_of(JPEG),
        "width": 64,
        "height": 48,
        "quad": None,
        "sharpness": 1.0,
    }
    return json.dumps(told | changed)


def part(name: str, data: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return head.encode() + data + b"\r\n"


def form(told: str, *more: bytes) -> bytes:
    end = f"--{BOUNDARY}--\r\n".encode()
    return part("record", told.encode()) + b"".join(more) + end


GOOD = part("picture", JPEG)


async def put_form(
    call: Call, body: bytes, headers: dict[str, str] = FORM, picture: bytes = JPEG
) -> tuple[int, Any]:
    page = f"/api/consultations/{call.consultation_id}/pages/{'a' * 64}"
    url, bearer = f"{page}/pictures/{name_of(picture)}", call.device.bearer
    async with call.device.center.http.put(url, data=body, headers=headers | bearer) as answer:
        return answer.status, await answer.json()


def with_pages(frame: Any) -> bool:
    return bool(frame["consultation"] and frame["consultation"]["pages"])


async def test_one_request_brings_a_page_with_its_picture_to_the_lawyer(call: Call) -> None:
    for _ in range(2):
        status, stored = await put_form(call, form(record(), GOOD))
        assert (status, stored["page"]["stage"]) == (200, "preview")
    shown = await call.staff.shows("consultation.state", with_pages)
    assert [page["sha256"] for page in shown["consultation"]["pages"]] == ["a" * 64]


BAD_FORMS: dict[str, tuple[bytes, ...]] = {
    "body_invalid": (
        b"",
        b"no parts at all",
        part("record", record().encode()),
        form(record()),
        form(record(), part("other", JPEG)),
        form(record(), GOOD, GOOD),
        form(record(), GOOD).replace(b"Content-Disposition:", b"\x00:", 1),
        form(record(width=0), GOOD),
    ),
    "body_too_large": (
        form(" " * BODY_LIMIT + record(), GOOD),
        form(record(), part("picture", bytes(PAGE_LIMIT + 1))),
    ),
    "hash_mismatch": (form(record(), part("picture", LARGE)),),
    "blob_missing": (form(record(preview_sha256="d" * 64), GOOD),),
}


async def test_other_forms_and_strangers_are_refused(call: Call) -> None:
    for code, bodies in BAD_FORMS.items():
        for number, body in enumerate(bodies):
            assert (await put_form(call, body))[1]["code"] == code, (code, number)
    for kind in ("application/json", "multipart/form-data", "multipart/mixed"):
        status, problem = await put_form(call, form(record(), GOOD), {"Content-Type": kind})
        assert (status, problem["code"]) == (422, "body_invalid"), kind
    other = await call.device.center.device("K03")
    await other.connect()
    stranger = replace(call, device=other)
    assert (await put_form(stranger, form(record(), GOOD)))[1]["code"] == "not_found"


async def arrival(device: Device, name: str) -> tuple[bool, int]:
    url = f"/api/blobs/{name}"
    async with device.center.http.get(url, headers=device.bearer) as answer:
        body = await answer.json()
        return body["stored"], body["size"]


async def put(device: Device, name: str, data: object, place: str | None = None) -> tuple[int, Any]:
    headers = device.bearer | ({"Content-Range": place} if place else {})
    url = f"/api/blobs/{name}"
    async with device.center.http.put(url, data=data, headers=headers) as answer:
        return answer.status, await answer.json()


async def cut_off(device: Device, data: bytes, after: int) -> str:
    """The line is cut when so much of a picture has arrived; its name."""
    name, cut = name_of(data), asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        yield data[:after]
        await cut.wait()

    async with aiohttp.ClientSession(device.center.origin) as http:
        url = f"/api/blobs/{name}"
        putting = asyncio.create_task(http.put(url, data=pieces(), headers=device.bearer))
        async with asyncio.timeout(PATIENCE):
            while await arrival(device, name) != (False, after):
                assert not putting.done()
        putting.cancel()
    return name


@pytest.fixture
async def device(center: Center) -> Device:
    made = await center.device()
    await made.connect()
    return made


async def test_the_rest_of_a_picture_follows_after_a_cut(
    device: Device, caplog: pytest.LogCaptureFixture
) -> None:
    half, whole = len(LARGE) // 2, len(LARGE)
    name = await cut_off(device, LARGE, half)
    other = await device.center.device("K03")
    await other.connect()
    place = f"bytes {half}-{whole - 1}/{whole}"
    assert await arrival(other, name) == (False, 0)
    assert (await put(other, name, LARGE[half:], place))[0] == 409
    assert await arrival(device, name) == (False, half)
    status, stored = await put(device, name, LARGE[half:], place)
    assert (status, stored) == (200, {"sha256": name, "size": whole})
    assert await arrival(device, name) == (True, 0)
    assert not [line for line in caplog.records if line.levelname == "ERROR"]


BAD_PLACES = {
    "bytes 200-299/300": "conflict",
    "bytes 0-99/300": "body_invalid",
    "bytes x-99/100": "body_invalid",
    "bytes -1-99/100": "body_invalid",
    "bytes 1-99/*": "body_invalid",
}


async def test_of_a_rest_that_cannot_be_nothing_stays(device: Device) -> None:
    name = await cut_off(device, LARGE, 100)
    for place, code in BAD_PLACES.items():
        assert (await put(device, name, LARGE[100:], place))[1]["code"] == code
        assert await arrival(device, name) == (False, 100)
    place = f"bytes 100-{len(LARGE) - 1}/{len(LARGE)}"
    assert (await put(device, name, bytes(len(LARGE) - 100), place))[1]["code"] == "hash_mismatch"
    assert await arrival(device, name) == (False, 0)
    await cut_off(device, LARGE, 100)
    place = f"bytes 100-{PAGE_LIMIT + 99}/{PAGE_LIMIT + 100}"
    status, problem = await put(device, name, bytes(PAGE_LIMIT), place)
    assert (status, problem["code"]) == (413, "body_too_large")
    assert await arrival(device, name) == (False, 0)
