"""Lines of print: Chinese, Korean and Latin, made once and cut to size many times."""

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from scanner.scenes.noise import value_noise
from scanner.types import Grey

_FOLDER = Path("/usr/share/fonts/opentype/noto")
_FONTS = ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc", "NotoSansCJK-Bold.ttc")
_LEGIBLE = 7
"""Pixels: smaller lines are drawn as grey strokes, which look the same and cost nothing."""

_HAN = (
    "中华人民共和国法院调解协议书申请原告被告案由事实与理由本院认为依照诉讼法第条之规定判决如下合同借款利息"
    "年月日元整签字盖章当事双方自愿达成证据材料清单身份证号码地址电话劳动工资赔偿房屋租赁婚姻继承交通事故"
)
_HANGUL = (
    "가나다라마바사아자차카타파하법원조정신청서원고피고사건계약"
    "임금손해배상증거자료주소전화번호서명날인위와같이합의한다"
)
_LATIN = (
    "the of agreement party court between shall payment invoice number date total amount signed "
    "hereby claim evidence lease tenant wages Article contract under law address witness copy"
)


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont | None:
    path = _FOLDER / name
    if path.exists():
        return ImageFont.truetype(path, size)
    return None


@lru_cache(maxsize=400)
def strip(number: int, height: int) -> Grey:
    """Ink (height, width) 0..255 of line `number`, about 45 letters long; the same every time."""
    rng = np.random.default_rng([7, number])
    font = _font(_FONTS[number % 3], height) if height >= _LEGIBLE else None
    if font is None:
        return _strokes(rng, height)
    words = _sentence(rng, number // 3 % 3)
    width = int(font.getlength(words)) + 1
    page = Pillow.new("L", (width, height + height // 3))
    ImageDraw.Draw(page).text((0, 0), words, fill=255, font=font, anchor="lt")
    return np.asarray(page, np.uint8)[:height]


def _sentence(rng: np.random.Generator, script: int) -> str:
    if script == 0:
        return "".join(rng.choice(list(_HAN + "，。：、"), 45))
    if script == 1:
        letters = rng.choice(list(_HANGUL + "    "), 55)
        return "".join(letters)
    return " ".join(rng.choice(_LATIN.split(), 14))


def _strokes(rng: np.random.Generator, height: int) -> Grey:
    """What a line of print looks like from afar: grey lumps and gaps."""
    width = 45 * max(height, 2)
    letters = value_noise(rng, (max(height, 2), width), (2, width / max(1.2, height * 0.3)))
    words = rng.random(width // max(2, height * 2) + 2) > 0.12
    gaps = np.asarray(cv2.resize(words.astype(np.uint8)[None], (width, 1)), np.float32)
    ink = np.clip(letters * 1.5 - 0.25, 0, 1) * gaps
    ink[0] *= 0.4
    return np.asarray(ink * 150, np.uint8)
