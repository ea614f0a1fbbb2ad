"""A font whose one glyph draws nothing and is an em wide, embedded as PDF/A wants of every font.

Each different character of the document gets a code of its own (a CID); all of them are drawn with
that glyph, and ToUnicode says which character is meant. So any script can be selected and
searched without shipping a font, those beyond the BMP included (ISO 32000-1, 9.7.4, 9.10.3).
"""

import re
import struct
import zlib
from collections.abc import Iterable, Mapping

from pikepdf import Array, Dictionary, Name, Object, Pdf

EM = 1000
ASCENT = 800
DESCENT = ASCENT - EM
"""The glyph's box reaches from DESCENT to ASCENT, in thousandths of an em."""

_NAME = Name("/AAAAAA+Glyphless")
_BLANK_GLYPH = 1  # glyph 0 is .notdef, which PDF/A forbids to show
_MOST_PER_BLOCK = 100  # entries of one bfchar block (Adobe Technical Note 5014)

Codes = Mapping[str, int]
"""The code of each character, from 1."""


def codes_of(characters: Iterable[str]) -> Codes:
    """The same codes for the same characters. At most 65,534 of them."""
    return {character: code for code, character in enumerate(sorted(set(characters)), 1)}


def add_font(pdf: Pdf, codes: Codes) -> Object:
    """The font object that pages share."""
    blank = struct.pack(">H", _BLANK_GLYPH)
    glyphs = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=_NAME,
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        CIDToGIDMap=_packed(pdf, b"\0\0" + blank * len(codes)),
        DW=EM,
        FontDescriptor=pdf.make_indirect(_descriptor(pdf)),
    )
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=_NAME,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(glyphs)]),
        ToUnicode=_packed(pdf, to_unicode(codes)),
    )
    return pdf.make_indirect(font)


def to_unicode(codes: Codes) -> bytes:
    """A CMap of one `<code> <UTF-16BE>` a line."""
    lines = [
        f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
        for character, code in codes.items()
    ]
    blocks = [lines[at : at + _MOST_PER_BLOCK] for at in range(0, len(lines), _MOST_PER_BLOCK)]
    mapped = "".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks
    )
    return (_CMAP_HEAD + mapped + _CMAP_TAIL).encode()


def read_to_unicode(font: Object) -> dict[int, str]:
    """Characters by code. Raises ValueError when the map is not as `to_unicode` writes it."""
    packed = font.ToUnicode.read_raw_bytes()
    unpacker = zlib.decompressobj()
    written = unpacker.decompress(packed, _MOST_MAP)
    if not unpacker.eof:
        raise ValueError("the map of characters is too large")
    return {
        int(code, 16): bytes.fromhex(character.decode()).decode("utf-16-be")
        for code, character in _ENTRY.findall(written)
    }


_MOST_MAP = 4_000_000  # bytes: all 65,534 codes take less than half
_ENTRY = re.compile(rb"^<([0-9A-F]{4})> <((?:[0-9A-F]{4}){1,2})>$", re.MULTILINE)

_CMAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_CMAP_TAIL = """endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def _packed(pdf: Pdf, data: bytes) -> Object:
    return pdf.make_stream(zlib.compress(data, 9), Filter=Name.FlateDecode)


def _descriptor(pdf: Pdf) -> Dictionary:
    program = true_type()
    return Dictionary(
        Type=Name.FontDescriptor,
        FontName=_NAME,
        Flags=4,  # symbolic
        FontBBox=Array([0, DESCENT, EM, ASCENT]),
        ItalicAngle=0,
        Ascent=ASCENT,
        Descent=DESCENT,
        CapHeight=ASCENT,
        StemV=80,
        FontFile2=pdf.make_stream(program, Length1=len(program)),
    )


def true_type() -> bytes:
    """The font program: the tables a CIDFontType2 needs (OpenType specification, `glyf` flavour),
    two glyphs without ink. The blank one is a line there and back across the em: readers that take
    a character's box from its outline need one."""
    across = (0, EM, DESCENT, EM)  # x and y of two points, each from the last
    glyph = struct.pack(">hhhhhHHBBhhhh", 1, 0, DESCENT, EM, ASCENT, 1, 0, 1, 1, *across)
    tables = {
        b"glyf": glyph,
        b"head": _head(),
        b"hhea": struct.pack(
            ">IhhhHhhhhhhhhhhhH", 0x10000, ASCENT, DESCENT, 0, EM, *(0,) * 3, 1, *(0,) * 7, 1
        ),
        b"hmtx": struct.pack(">Hhh", EM, 0, 0),
        b"loca": struct.pack(">HHH", 0, 0, len(glyph) // 2),
        b"maxp": struct.pack(">IH13H", 0x10000, 2, 2, 1, 0, 0, 1, *(0,) * 8),
    }
    offset = 12 + 16 * len(tables)
    directory, body = struct.pack(">IHHHH", 0x10000, len(tables), 64, 2, 32), b""
    for tag, data in tables.items():
        where = offset + len(body)
        directory += tag + struct.pack(">III", _checksum(data), where, len(data))
        body += data + b"\0" * (-len(data) % 4)
    program = bytearray(directory + body)
    adjustment = (0xB1B0AFBA - _checksum(bytes(program))) & 0xFFFFFFFF
    struct.pack_into(">I", program, program.index(tables[b"head"]) + 8, adjustment)
    return bytes(program)


_MADE_AT = 3_850_070_400  # 2026-01-01, in seconds since 1904


def _head() -> bytes:
    return struct.pack(
        ">IIIIHHqqhhhhHHhhh",
        *(0x10000, 0x10000, 0, 0x5F0F3CF5, 0, EM, _MADE_AT, _MADE_AT),
        *(0, DESCENT, EM, ASCENT, 0, 8, 2, 0, 0),
    )


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (-len(data) % 4)
    return int(sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF)
