"""What a sealed PDF really holds: hashes of the pages shown and of the originals attached."""

import hashlib
import io
import re
from dataclasses import dataclass

import pikepdf
from pikepdf import Name, Object, Pdf
from pydantic import ValidationError

from scanner.document import MANIFEST_NAME
from scanner.manifest import Manifest

_MOST_PAGES = 2000
_MANIFEST_BYTES = 2_000_000
_BENDING = ("/CropBox", "/Rotate", "/UserUnit", "/Group")
_FILL = re.compile(rb"q ([0-9.]+) 0 0 ([0-9.]+) 0 0 cm /Page Do Q")


@dataclass(frozen=True)
class Contents:
    """SHA-256 (hex) in page order; an empty string stands for a page that is not plainly one
    picture over the whole page."""

    manifest: Manifest | None
    shown_sha256: tuple[str, ...]
    original_sha256: tuple[str, ...]


def read_contents(data: bytes) -> Contents | None:
    """None when this is no PDF that can be read."""
    try:
        with Pdf.open(io.BytesIO(data)) as pdf:
            return _read(pdf)
    except Exception:  # noqa: BLE001  # hostile input makes parsers raise anything; every way means unreadable
        return None


def _read(pdf: Pdf) -> Contents:
    if len(pdf.pages) > _MOST_PAGES:
        raise ValueError("too many pages")
    files = _attachments(pdf)
    originals = sorted(name for name in files if name.startswith("original-"))
    return Contents(
        manifest=_manifest(files.get(MANIFEST_NAME)),
        shown_sha256=tuple(_shown(page.obj) for page in pdf.pages),
        original_sha256=tuple(_stored(files[name]) for name in originals),
    )


def _attachments(pdf: Pdf) -> dict[str, Object]:
    """Every attached file's stream by name; a name given twice makes the document unreadable."""
    tree = pdf.Root.get("/Names", pikepdf.Dictionary()).get("/EmbeddedFiles")
    if tree is None:
        return {}
    listed = list(tree.get("/Names", []))
    files = {str(name): spec.EF.F for name, spec in zip(listed[::2], listed[1::2], strict=True)}
    if len(files) * 2 != len(listed) or "/Kids" in tree:
        raise ValueError("attachments are not as we write them")
    return files


def _manifest(stream: Object | None) -> Manifest | None:
    if stream is None or "/Filter" in stream or int(stream.get("/Length", 0)) > _MANIFEST_BYTES:
        return None
    try:
        return Manifest.model_validate_json(stream.read_raw_bytes())
    except ValidationError:
        return None


def _stored(stream: Object) -> str:
    """Hash of a stream that is stored as it is; a filter could blow up or hide bytes."""
    return "" if "/Filter" in stream else hashlib.sha256(stream.read_raw_bytes()).hexdigest()


def _shown(page: Object) -> str:
    """Hash of the one picture that fills the page, if the page shows that and nothing else."""
    pictures = page.get("/Resources", pikepdf.Dictionary()).get("/XObject", pikepdf.Dictionary())
    if list(pictures.keys()) != ["/Page"] or any(key in page for key in _BENDING) or _covered(page):
        return ""
    drawn = page.get("/Contents")
    if not isinstance(drawn, pikepdf.Stream) or "/Filter" in drawn:
        return ""
    filled = _FILL.fullmatch(drawn.read_raw_bytes())
    box = [0.0, 0.0, *(float(edge) for edge in filled.groups())] if filled else []
    picture = pictures["/Page"]
    if box != [float(edge) for edge in page.MediaBox] or picture.get("/Filter") != Name.DCTDecode:
        return ""
    return hashlib.sha256(picture.read_raw_bytes()).hexdigest()


def _covered(page: Object) -> bool:
    """Some annotation has an area; the seal's own field has none."""
    notes = page.get("/Annots", pikepdf.Array())
    return any(float(edge) for note in notes for edge in note.get("/Rect", []))
