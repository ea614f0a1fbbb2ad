"""Bar codes and QR codes, read by two engines that fail differently.

zbar invents texts for some one-dimensional codes, so it is asked only for symbologies it reads
dependably. Where both see a code at one place and read different texts, both are handed on, marked.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import zxingcpp
from pyzbar import pyzbar

from scanner.types import Image

_ZBAR = [pyzbar.ZBarSymbol.QRCODE, pyzbar.ZBarSymbol.EAN13, pyzbar.ZBarSymbol.CODE128]
_ZBAR_NAMES = {"QRCODE": "qr_code", "EAN13": "ean_13", "CODE128": "code_128"}
_GUESSED = ("shift_jis", "big5", "gbk")  # what zbar takes UTF-8 for


@dataclass(frozen=True)
class Code:
    """One code. `quad`: four (x, y) pixels. `readers`: who read this text. `disputed`: another
    reader read another text at the same place."""

    symbology: str
    text: str
    quad: tuple[tuple[float, float], ...]
    readers: tuple[str, ...]
    disputed: bool = False


def read_codes(image: Image) -> tuple[Code, ...]:
    """Every code in the picture, from top to bottom."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    codes = _zxing(grey)
    for seen in _zbar(grey):
        codes = _merge(codes, seen)
    return tuple(sorted(codes, key=lambda code: (min(y for _, y in code.quad), code.text)))


def _zxing(grey: Image) -> list[Code]:
    found = zxingcpp.read_barcodes(grey, text_mode=zxingcpp.TextMode.Plain)
    return [
        Code(_snake(code.format.name), code.text, _corners(code.position), ("zxing",))
        for code in found
        if code.valid
    ]


def _snake(name: str) -> str:
    """zxing's CamelCase format names as ours: QRCode is qr_code, Code128 is code_128."""
    known = {"QRCode": "qr_code", "EAN13": "ean_13", "EAN8": "ean_8", "UPCA": "upc_a"}
    known |= {"Code128": "code_128", "Code39": "code_39", "Code93": "code_93", "PDF417": "pdf_417"}
    return known.get(name, name.lower())


def _corners(position: zxingcpp.Position) -> tuple[tuple[float, float], ...]:
    points = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return tuple((float(point.x), float(point.y)) for point in points)


def _zbar(grey: Image) -> list[Code]:
    return [
        Code(_ZBAR_NAMES[seen.type], seen.data.decode("utf-8", "replace"), _box(seen), ("zbar",))
        for seen in pyzbar.decode(grey, symbols=_ZBAR)
    ]


def _box(seen: pyzbar.Decoded) -> tuple[tuple[float, float], ...]:
    left, top, width, height = map(float, seen.rect)
    return ((left, top), (left + width, top), (left + width, top + height), (left, top + height))


def _merge(codes: list[Code], seen: Code) -> list[Code]:
    """Add one reading: agreement joins the readers, contradiction marks both."""
    here = [code for code in codes if _same_place(code, seen)]
    agreeing = next((code for code in here if _same_text(code.text, seen.text)), None)
    if agreeing is not None:
        joined = replace(agreeing, readers=tuple(sorted({*agreeing.readers, *seen.readers})))
        return [joined if code is agreeing else code for code in codes]
    marked = [replace(code, disputed=True) if code in here else code for code in codes]
    return [*marked, replace(seen, disputed=bool(here))]


def _same_place(one: Code, other: Code) -> bool:
    a, b = np.array(one.quad), np.array(other.quad)
    reach = max(np.ptp(a, axis=0).max(), np.ptp(b, axis=0).max(), 1.0) / 2
    return bool(np.linalg.norm(a.mean(0) - b.mean(0)) < reach)


def _same_text(zxing: str, zbar: str) -> bool:
    return zxing == zbar or zxing in (_reguessed(zbar, guess) for guess in _GUESSED)


def _reguessed(text: str, encoding: str) -> str | None:
    try:
        return text.encode(encoding).decode("utf-8")
    except UnicodeError:
        return None
