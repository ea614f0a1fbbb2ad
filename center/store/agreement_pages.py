"""The pages of an agreement, set as a printed form: what was agreed, by whom, confirmed and signed
when. Each page is a picture with its text beside it, so that it goes into a sealed document as a
scanned page does, and can be searched.
"""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw, ImageFont, ImageOps

from center.services.mediation_ports import AgreementPerson, AgreementRequest, SigningPhoto
from scanner.text import PageText
from scanner.text.page import Language, TextLine

DPI = 150
WIDTH, HEIGHT = 1240, 1754
"""A4 at `DPI`, pixels."""
MARGIN = 120
TITLE, BODY, SMALL = 44, 26, 20
"""Type sizes, pixels."""
LEADING = 1.55
INK, SOFT = "#16232e", "#51606c"
SIGNATURE = (420, 168)
"""A signature's field, pixels: 5 to 2, as on the screen."""
PHOTO = (224, 168)
"""A signer's picture beside it."""
FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
"""Of Debian's `fonts-noto-cjk`, which every center has: Chinese and Hangul in one face."""
_FACE = 2
"""The face of the collection with simplified Chinese forms."""


@dataclass(frozen=True, slots=True)
class SetPage:
    """A page as JPEG, and the text on it where it stands."""

    jpeg: bytes
    text: PageText


def agreement_pages(agreement: AgreementRequest) -> tuple[SetPage, ...]:
    """The whole form. Raises OSError when the font is not installed."""
    sheet = _Sheet()
    for part in (_head, _people, _clauses, _signatures):
        part(sheet, agreement)
    return sheet.finish(agreement.number)


@dataclass
class _Sheet:
    """A pen that goes down the page and takes a new one when it comes to its end."""

    pages: list[tuple[Image.Image, list[TextLine]]] = field(default_factory=list)
    y: float = HEIGHT

    def line(self, text: str, size: int = BODY, ink: str = INK, indent: int = 0) -> None:
        """A paragraph, broken where it is too wide."""
        for part in _broken(text, size, WIDTH - 2 * MARGIN - indent):
            self.room(size * LEADING)
            self._put(part, MARGIN + indent, size, ink)
            self.y += size * LEADING

    def gap(self, pixels: float) -> None:
        self.y += pixels

    def room(self, pixels: float) -> ImageDraw.ImageDraw:
        """The page on which so much still has room."""
        if self.y + pixels > HEIGHT - MARGIN:
            self.pages.append((Image.new("RGB", (WIDTH, HEIGHT), "#ffffff"), []))
            self.y = MARGIN
        return ImageDraw.Draw(self.pages[-1][0])

    def paste(self, picture: Image.Image, x: float, y: float) -> None:
        """On this page, beside what is written."""
        self.pages[-1][0].paste(picture, (round(x), round(y)))

    def finish(self, number: str) -> tuple[SetPage, ...]:
        """Every page with its foot."""
        for place, (picture, lines) in enumerate(self.pages, start=1):
            foot = f"{number}    {place} / {len(self.pages)}"
            at = (MARGIN, HEIGHT - MARGIN * 0.7)
            ImageDraw.Draw(picture).text(at, foot, SOFT, _font(SMALL))
            lines.append(_text_line(foot, *at, SMALL))
        return tuple(_set(picture, lines) for picture, lines in self.pages)

    def _put(self, text: str, x: float, size: int, ink: str) -> None:
        picture, lines = self.pages[-1]
        ImageDraw.Draw(picture).text((x, self.y), text, ink, _font(size))
        if text.strip():
            lines.append(_text_line(text.strip(), x, self.y, size))


def _head(sheet: _Sheet, agreement: AgreementRequest) -> None:
    sheet.room(TITLE)
    sheet.line("人民调解协议书", TITLE)
    if _bilingual(agreement):
        sheet.line("인민조해합의서", TITLE * 3 // 4)
    sheet.gap(20)
    sheet.line(f"{agreement.number}    {agreement.city}", ink=SOFT)
    sheet.line(agreement.title)
    sheet.line(f"调解员 {_named(agreement.mediator)}")
    sheet.line(f"制作时间 {_time(agreement.made_at, agreement.zone)}", ink=SOFT)


def _people(sheet: _Sheet, agreement: AgreementRequest) -> None:
    sheet.gap(24)
    for person in agreement.parties:
        sheet.line(f"当事人 {_named(person)}")
    for person in agreement.present:
        sheet.line(f"{_ROLES[person.role]} {_named(person)}", ink=SOFT)


def _clauses(sheet: _Sheet, agreement: AgreementRequest) -> None:
    sheet.gap(24)
    for number, clause in enumerate(agreement.words.clauses, start=1):
        sheet.gap(16)
        sheet.line(f"第{number}条  {clause.first}")
        if clause.second:
            sheet.line(clause.second, indent=40)
        said = [
            f"{person.name} {_time(agreement.confirmed[person.seat_id, number], agreement.zone)}"
            for person in agreement.parties
        ]
        sheet.line("已逐条确认: " + " · ".join(said), SMALL, SOFT, indent=40)


def _signatures(sheet: _Sheet, agreement: AgreementRequest) -> None:
    sheet.gap(48)
    for person in agreement.parties:
        wide, high = SIGNATURE
        draw = sheet.room(high + 6 * SMALL)
        box = (WIDTH - MARGIN - wide, sheet.y, WIDTH - MARGIN, sheet.y + high)
        draw.rectangle(box, outline=SOFT)
        for stroke in agreement.words.signatures[person.seat_id]:
            points = [(box[0] + x * wide, box[1] + y * high) for x, y in stroke]
            draw.line(points * 2 if len(points) == 1 else points, INK, 4, "curve")
        signed_at = _time(agreement.signed[person.seat_id], agreement.zone)
        sheet.line(person.name)
        sheet.line(f"签名时间 {signed_at}", SMALL, SOFT)
        if photo := agreement.photos.get(person.seat_id):
            _photo(sheet, photo, box, agreement.zone)
        sheet.y = max(sheet.y, box[3] + 24)
    sealed_at = _time(agreement.made_at, agreement.zone)
    sheet.line(f"调解员 {agreement.mediator.name} 于 {sealed_at} 确认并盖章。")


def _photo(
    sheet: _Sheet, photo: SigningPhoto, box: tuple[float, float, float, float], zone: ZoneInfo
) -> None:
    """The picture left of the signature's box; the hash names the untouched one behind the form."""
    if photo.jpeg is None:
        sheet.line("签名人不同意拍照", SMALL, SOFT)
        return
    sheet.line(f"拍照时间 {_time(photo.at, zone)}", SMALL, SOFT)
    with Image.open(io.BytesIO(photo.jpeg)) as taken:
        small = ImageOps.fit(taken.convert("RGB"), PHOTO)
    sheet.paste(small, box[0] - PHOTO[0] - 24, box[1])
    sheet.y = box[3] + 8
    sheet.line(f"照片 SHA-256 {hashlib.sha256(photo.jpeg).hexdigest()}", SMALL, SOFT)


_ROLES = {"lawyer": "律师", "witness": "证人", "interpreter": "翻译"}


def _named(person: AgreementPerson) -> str:
    return f"{person.name}    {person.place}".rstrip()


def _bilingual(agreement: AgreementRequest) -> bool:
    return any(clause.second for clause in agreement.words.clauses)


def _time(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _broken(text: str, size: int, width: float) -> Iterator[str]:
    """Lines that fit: broken at a space where the last word has one near, else anywhere."""
    font, line = _font(size), ""
    for letter in text:
        if letter == "\n" or font.getlength(line + letter) > width:
            head, _, tail = line.rpartition(" ")
            keep = bool(head) and letter.isalnum() and len(tail) < 16
            yield (head if keep else line).strip()
            line = tail if keep else ""
        line += "" if letter == "\n" else letter
    yield line.strip()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size, index=_FACE)


def _text_line(text: str, x: float, y: float, size: int) -> TextLine:
    right, low = x + _font(size).getlength(text), y + size * 1.3
    quad = ((x, y), (right, y), (right, low), (x, low))
    return TextLine(text, quad, 1.0, _script(text), ())


def _script(text: str) -> Language:
    if any("가" <= letter <= "힣" for letter in text):
        return Language.KO
    return Language.ZH if any("一" <= letter <= "鿿" for letter in text) else Language.EN


def _set(picture: Image.Image, lines: list[TextLine]) -> SetPage:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90, dpi=(DPI, DPI))
    return SetPage(file.getvalue(), PageText(WIDTH, HEIGHT, tuple(lines), complete=True))
