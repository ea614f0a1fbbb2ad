"""The manifest inside the document: custom entries of its information dictionary.

Any reader that shows a document's properties shows them, they are plain text in the file, and PDF/A
allows them. A string there has at most 32,767 bytes (ISO 19005-2, 6.1.13), so a long manifest goes
on in the next entry.
"""

from pikepdf import Dictionary, Object, String
from pydantic import ValidationError

from scanner.manifest import Manifest

_PIECE = 10_000  # characters; escaping makes at most three bytes of one
_MOST_PIECES = 200


def write_manifest(info: Dictionary, manifest: Manifest) -> None:
    """Add the entries. Raises nothing: any manifest fits in as many entries as it needs."""
    text = manifest.to_json().decode("ascii")
    for number, at in enumerate(range(0, len(text), _PIECE), 1):
        info[_entry(number)] = String(text[at : at + _PIECE])


def read_manifest(info: Object) -> Manifest | None:
    """None when there is none, or it is not as we write it."""
    pieces = []
    for number in range(1, _MOST_PIECES):
        if _entry(number) not in info:
            break
        pieces.append(str(info[_entry(number)]))
    try:
        return Manifest.model_validate_json("".join(pieces))
    except ValidationError:
        return None


def _entry(number: int) -> str:
    return f"/Manifest{number}"
