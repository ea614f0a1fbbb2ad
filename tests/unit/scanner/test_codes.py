"""Two readers, one answer; where they contradict each other both are told."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
import segno

from scanner import codes
from scanner.codes import Code, read_codes
from scanner.types import Image

HERE = ((10.0, 10.0), (90.0, 10.0), (90.0, 90.0), (10.0, 90.0))
THERE = tuple((x + 400, y) for x, y in HERE)


def qr(text: str, scale: int = 6) -> Image:
    rows = np.array([[255 * (1 - module) for module in row] for row in segno.make_qr(text).matrix])
    big = np.kron(np.pad(rows, 6, constant_values=255), np.ones((scale, scale)))
    return np.asarray(cv2.merge([big.astype(np.uint8)] * 3), np.uint8)


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


def test_nothing_in_a_picture_without_codes() -> None:
    assert read_codes(np.full((300, 300, 3), 255, np.uint8)) == ()


def told(monkeypatch: pytest.MonkeyPatch, zxing: list[Code], zbar: list[Code]) -> tuple[Code, ...]:
    monkeypatch.setattr(codes, "_zxing", lambda _: zxing)
    monkeypatch.setattr(codes, "_zbar", lambda _: zbar)
    return read_codes(np.zeros((8, 8, 3), np.uint8))


def test_contradiction_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Code("code_128", "12345", HERE, ("zxing",))
    other = Code("code_128", "12346", HERE, ("zbar",))
    seen = told(monkeypatch, [one], [other])
    assert {code.text for code in seen} == {"12345", "12346"}
    assert all(code.disputed for code in seen)


def test_elsewhere_is_no_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Code("code_128", "12345", HERE, ("zxing",))
    other = Code("code_128", "12346", THERE, ("zbar",))
    assert told(monkeypatch, [one], [other]) == (one, other)


def test_one_reader_alone_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    code = Code("ean_13", "4006381333931", HERE, ("zbar",))
    assert told(monkeypatch, [], [code]) == (code,)
    agreed = told(monkeypatch, [replace(code, readers=("zxing",))], [code])
    assert agreed == (replace(code, readers=("zbar", "zxing")),)
