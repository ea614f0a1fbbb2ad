"""The two engines that read codes, each turned into the same kind of reading."""

import ctypes
import re
from dataclasses import dataclass, replace

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from pyzbar import pyzbar, wrapper

from scanner.types import Grey

# libzbar answers -1 where it cannot tell how a code is turned; pyzbar 0.1.9 declares the answer
# unsigned and fails on 4294967295 (https://github.com/NaturalHistoryMuseum/pyzbar/issues/130).
wrapper.zbar_symbol_get_orientation.restype = ctypes.c_int

Points = NDArray[np.float32]
"""Four corners: float32, (4, 2), pixels."""

_NAMES = {"QRCODE": "qr_code", "EAN13": "ean_13", "CODE128": "code_128"}
"""What zbar reads dependably; in other symbologies it invents texts."""
_TRUSTED = [pyzbar.ZBarSymbol[name] for name in _NAMES]
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])")
_ALIASES = {
    "qr_code_model_1": "qr_code",
    "qr_code_model_2": "qr_code",
    "code_39_std": "code_39",
    "upce": "upc_e",
}
_ADD_ON = zxingcpp.EanAddOnSymbol
_LINEAR = frozenset(
    zxingcpp.barcode_formats_list(zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.AllLinear]))
)
_RETAIL = 13
"""Digits of a retail code; what follows them is its add-on."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What one reader made of one code. `data`: the bytes in it, `linear`: it has bars and so at
    most a check digit to protect it, where a matrix has error correction."""

    symbology: str
    text: str
    data: bytes
    quad: Points
    reader: str
    linear: bool

    @property
    def has_add_on(self) -> bool:
        return self.symbology == "ean_13" and len(self.text) > _RETAIL

    def without_add_on(self) -> "Reading":
        """The number alone; not every look shows the two or five digits beside it."""
        if not self.has_add_on:
            return self
        return replace(self, text=self.text[:_RETAIL], data=self.data[:_RETAIL])

    @property
    def extent(self) -> float:
        """Longer side of the box around it, pixels."""
        return float(np.ptp(self.quad, axis=0).max())


def zxing(grey: Grey, *, whole_histogram: bool = False, halve: bool = True) -> list[Reading]:
    """Every symbology zxing knows. `whole_histogram`: one threshold for the picture instead of
    local ones. `halve`: also look at the picture made smaller."""
    binarizer = zxingcpp.Binarizer
    found = zxingcpp.read_barcodes(
        grey,
        text_mode=zxingcpp.TextMode.Plain,
        binarizer=binarizer.GlobalHistogram if whole_histogram else binarizer.LocalAverage,
        try_downscale=halve,
        ean_add_on_symbol=_ADD_ON.Read,
    )
    return [_from_zxing(code) for code in found if code.valid]


def _from_zxing(code: zxingcpp.Barcode) -> Reading:
    name = snake(code.format.name)
    text, data = code.text, bytes(code.bytes)
    if name == "upc_e":  # its bars look like an add-on to every second reading
        text, data = text[:_RETAIL], data[:_RETAIL]
    place = code.position
    points = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    quad = np.array([(point.x, point.y) for point in points], np.float32)
    return Reading(name, text, data, quad, "zxing", code.format in _LINEAR)


def snake(name: str) -> str:
    """zxing's names as ours: QRCode is qr_code, PDF417 is pdf_417, DataMatrix is data_matrix."""
    words = _WORDS.sub("_", name).lower()
    return _ALIASES.get(words, words)


def zbar(grey: Grey) -> list[Reading]:
    """QR, EAN-13 and Code 128 only; codes of which zbar saw a part are left out."""
    found = pyzbar.decode(grey, symbols=_TRUSTED)
    return [_from_zbar(code) for code in found if code.type in _NAMES]


def _from_zbar(code: pyzbar.Decoded) -> Reading:
    name = _NAMES[code.type]
    left, top, width, height = code.rect
    box = cv2.boxPoints(((left + width / 2, top + height / 2), (width, height), 0))
    text = code.data.decode("utf-8", "replace")
    return Reading(name, text, code.data, np.asarray(box, np.float32), "zbar", name != "qr_code")
