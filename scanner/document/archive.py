"""What PDF/A-2b (ISO 19005-2) asks of a document: XMP metadata and an output intent.

Everything is a function of the manifest, so that the same document is the same bytes.
"""

import struct
from datetime import UTC
from xml.sax.saxutils import escape

from pikepdf import Array, Dictionary, Name, Pdf
from PIL import ImageCms

from scanner.manifest import Manifest, pdf_date

PRODUCER = "Jiujin"
_VERSION, _MADE_AT = 8, 24  # places in a profile's header, ICC.1:2004-10, 7.2
_V4_2 = 0x04200000  # the newest that ISO 19005-2 knows


def declare(pdf: Pdf, manifest: Manifest) -> None:
    """Metadata in both forms, and what device colours mean."""
    moment = pdf_date(manifest.sealed_at)
    pdf.docinfo[Name.Title] = manifest.number
    pdf.docinfo[Name.Producer] = PRODUCER
    pdf.docinfo[Name.CreationDate] = moment
    pdf.docinfo[Name.ModDate] = moment
    pdf.Root.Metadata = pdf.make_stream(_xmp(manifest), Type=Name.Metadata, Subtype=Name.XML)
    pdf.Root.OutputIntents = Array([pdf.make_indirect(_output_intent(pdf))])


def _output_intent(pdf: Pdf) -> Dictionary:
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,  # the same key in every part of ISO 19005
        OutputConditionIdentifier=b"sRGB",
        Info=b"sRGB",
        DestOutputProfile=pdf.make_stream(srgb_profile(), N=3),
    )


def srgb_profile() -> bytes:
    """Little CMS's sRGB, without the moment it was made at."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    struct.pack_into(">I", profile, _VERSION, _V4_2)
    struct.pack_into(">6H", profile, _MADE_AT, 2026, 1, 1, 0, 0, 0)
    return bytes(profile)


def _xmp(manifest: Manifest) -> bytes:
    moment = manifest.sealed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _XMP.format(title=escape(manifest.number), producer=PRODUCER, moment=moment).encode()


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/">
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <pdf:Producer>{producer}</pdf:Producer>
   <pdfaid:part>2</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
   <xmp:CreateDate>{moment}</xmp:CreateDate>
   <xmp:ModifyDate>{moment}</xmp:ModifyDate>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
