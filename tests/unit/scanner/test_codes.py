"""Two readers, one answer; where they contradict each other both are told."""

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
import pytest
import segno
import zxingcpp

from scanner import codes
from scanner.codes import Code, read_codes
from scanner.locate import locate
from scanner.readers import Reading, snake, zbar
from scanner.retouch import Look, looks
from scanner.simulated import Pose, SimulatedCamera, rest
from scanner.types import Image

Format = zxingcpp.BarcodeFormat


def qr(text: str, scale: int = 6) -> Image:
    rows = np.array([[255 * (1 - module) for module in row] for row in segno.make_qr(text).matrix])
    big = np.kron(np.pad(rows, 6, constant_values=255), np.ones((scale, scale)))
    return np.asarray(cv2.merge([big.astype(np.uint8)] * 3), np.uint8)


def bars(text: str, kind: zxingcpp.BarcodeFormat, module: int = 2, height: int = 60) -> Image:
    drawn = np.asarray(zxingcpp.create_barcode(text, kind).to_image(scale=module))
    tall = np.repeat(drawn[drawn.shape[0] // 2][None], height, axis=0)
    quiet = np.pad(tall, 12 * module, constant_values=255).astype(np.uint8)
    return np.asarray(cv2.merge([quiet] * 3), np.uint8)


@lru_cache
def desk() -> Image:
    """A letter on a mat, seen with five megapixels."""
    return SimulatedCamera(script=rest(0, Pose(220, 165, 1), 1)).read().image


def on_a_desk(code: Image, left: int, top: int) -> Image:
    picture = desk().copy()
    printed = cv2.GaussianBlur((code * 0.7 + 30).astype(np.uint8), (0, 0), 0.7)
    picture[top : top + code.shape[0], left : left + code.shape[1]] = printed
    return picture


@pytest.mark.parametrize(
    "text",
    ["YJ-20261121-0007", "https://example.org/发票?no=12", "延吉市公园街道", "조선말 변호사"],
)
def test_both_readers_agree_on_a_qr_code(text: str) -> None:
    (code,) = read_codes(qr(text))
    assert code.text == text
    assert code.symbology == "qr_code"
    assert code.readers == ("zbar", "zxing")
    assert not code.disputed


def test_tilted_and_dim() -> None:
    image = cv2.copyMakeBorder(
        qr("YJ-20261121-0007"), 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=(255,) * 3
    )
    side = image.shape[0]
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), 17, 0.9)
    tilted = cv2.warpAffine(image, turn, (side, side), borderValue=(255, 255, 255))
    (code,) = read_codes((tilted * 0.5 + 20).astype(np.uint8))
    assert code.text == "YJ-20261121-0007"


def test_two_codes_are_two() -> None:
    both = np.concatenate([qr("one"), qr("two")], axis=0)
    assert [code.text for code in read_codes(both)] == ["one", "two"]


@pytest.mark.parametrize("size", [(1, 100), (300, 300), (2000, 1500)])
def test_nothing_in_a_picture_without_codes(size: tuple[int, int]) -> None:
    assert read_codes(np.full((*size, 3), 255, np.uint8)) == ()


def test_a_small_code_on_a_large_picture_is_found_and_lies_where_it_is() -> None:
    seen = on_a_desk(qr("01,32,033002100411,12345678,1860.00,20261121", scale=3), 1300, 900)
    (code,) = read_codes(seen)
    assert code.text.startswith("01,32,")
    middle = np.array(code.quad).mean(0)
    assert np.abs(middle - (1300 + 61, 900 + 61)).max() < 15
    grey = np.asarray(cv2.cvtColor(seen, cv2.COLOR_BGR2GRAY), np.uint8)
    left, top, right, bottom = locate(grey)[0]
    assert left < middle[0] < right
    assert top < middle[1] < bottom


@pytest.mark.parametrize(
    ("text", "kind"),
    [("YJ202611210007", Format.Code128), ("CASE7", Format.Code39), ("4006381333931", Format.EAN13)],
)
def test_linear_codes_on_a_large_picture(text: str, kind: zxingcpp.BarcodeFormat) -> None:
    (code,) = read_codes(on_a_desk(bars(text, kind, module=3), 900, 900))
    assert code.text == text
    assert not code.disputed


def test_an_identity_cards_pdf_417() -> None:
    drawn = np.asarray(zxingcpp.create_barcode("IDCHN<<JIN<<1990", Format.PDF417).to_image(scale=3))
    code = np.asarray(cv2.merge([np.pad(drawn, 12, constant_values=255)] * 3), np.uint8)
    (read,) = read_codes(on_a_desk(code, 900, 900))
    assert (read.symbology, read.text) == ("pdf_417", "IDCHN<<JIN<<1990")


def test_bytes_that_are_no_text_are_handed_on() -> None:
    data = bytes(range(200, 256))
    rows = np.array(segno.make_qr(data, mode="byte").matrix)
    picture = np.kron(np.pad(1 - rows, 6, constant_values=1) * 255, np.ones((5, 5)))
    codes_read = read_codes(np.asarray(cv2.merge([picture.astype(np.uint8)] * 3), np.uint8))
    assert [code.data for code in codes_read] == [data]
    assert not codes_read[0].disputed


def test_names_of_symbologies() -> None:
    names = ["QRCode", "QRCodeModel2", "EAN13", "PDF417", "DataMatrix", "MicroPDF417", "ITF"]
    told = ["qr_code", "qr_code", "ean_13", "pdf_417", "data_matrix", "micro_pdf_417", "itf"]
    assert [snake(name) for name in names] == told


def test_a_code_whose_turn_zbar_cannot_tell_does_not_break_it() -> None:
    assert [reading.text for reading in zbar(bars("4006381333931", Format.EAN13)[..., 0])] == [
        "4006381333931"
    ]
    assert zbar(np.zeros((40, 40), np.uint8)) == []


def test_looks_lead_back_to_the_picture() -> None:
    grey = np.full((100, 140), 255, np.uint8)
    cv2.circle(grey, (90, 40), 6, 0, -1)
    for look in looks(grey):
        dark = np.argwhere(look.grey < look.grey.min() + 30).mean(0)[::-1]
        back = cv2.transform(dark[None, None].astype(np.float32), look.back)[0, 0]
        assert np.abs(back - (90, 40)).max() < 2.5, look.back


HERE = np.array([[10, 10], [90, 10], [90, 90], [10, 90]], np.float32)
THERE = HERE + np.array([400, 0], np.float32)
WITHIN = HERE.mean(0) + (HERE - HERE.mean(0)) / 4


def reading(
    text: str, reader: str, quad: np.ndarray = HERE, symbology: str = "code_128"
) -> Reading:
    linear = symbology != "qr_code"
    return Reading(symbology, text, text.encode(), quad.astype(np.float32), reader, linear)


def told(monkeypatch: pytest.MonkeyPatch, *rounds: Sequence[Reading]) -> tuple[Code, ...]:
    """What is made of readings that come look by look."""
    remaining = iter(rounds)
    monkeypatch.setattr(codes, "zxing", lambda *_, **__: list(next(remaining, ())))
    monkeypatch.setattr(codes, "zbar", lambda _: [])
    nothing = Look(np.zeros((8, 8), np.uint8), np.eye(2, 3))
    monkeypatch.setattr(codes, "_looks", lambda _: [nothing] * (len(rounds) - 1))
    return read_codes(np.zeros((8, 8, 3), np.uint8))


def test_two_readings_make_a_linear_code_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = told(monkeypatch, [reading("12345", "zxing"), reading("12345", "zbar")])
    assert [(code.text, code.readers) for code in seen] == [("12345", ("zbar", "zxing"))]


def test_a_linear_code_read_once_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, [reading("12345", "zxing")], [], []) == ()


def test_zbar_agreeing_with_itself_is_no_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, [reading("12345", "zbar")], [reading("12345", "zbar")]) == ()


def test_a_matrix_code_read_once_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = told(monkeypatch, [reading("YJ", "zbar", symbology="qr_code")])
    assert (code.text, code.disputed) == ("YJ", False)


def test_contradiction_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = reading("12345", "zxing"), reading("12346", "zbar")
    seen = told(monkeypatch, [one, other], [one])
    assert [code.text for code in seen] == ["12345", "12346"]
    assert all(code.disputed for code in seen)


def test_one_slip_against_many_is_no_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    one, slip = reading("12345", "zxing"), reading("12346", "zxing")
    (code,) = told(monkeypatch, [one, slip], [one], [one], [one])
    assert (code.text, code.disputed) == ("12345", False)


@pytest.mark.parametrize("place", [THERE, WITHIN])
def test_elsewhere_is_no_contradiction(monkeypatch: pytest.MonkeyPatch, place: np.ndarray) -> None:
    pair = [reading("1", "zxing", symbology="qr_code"), reading("2", "zxing", place, "qr_code")]
    seen = told(monkeypatch, pair)
    assert [(code.text, code.disputed) for code in seen] == [("1", False), ("2", False)]


def test_an_add_on_is_told_beside_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    number, both = "9780735200449", "978073520044951299"
    ean = [reading(text, "zxing", symbology="ean_13") for text in (number, both)]
    seen = told(monkeypatch, [ean[1]], [ean[1]], [ean[0]])
    assert [(code.text, code.disputed) for code in seen] == [(number, False), (both, False)]
    once = told(monkeypatch, [ean[1]], [ean[0]], [ean[0]])
    assert [code.text for code in once] == [number]
