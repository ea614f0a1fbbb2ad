"""A page as the spool keeps it."""

from dataclasses import dataclass

from center.protocol.base import Id, Sha256, WireModel
from center.protocol.rest import PageRecord


@dataclass(frozen=True, slots=True)
class PagePictures:
    """The pictures of one page, JPEG; `preview` is the flattened page at the size of a screen,
    WebP."""

    original: bytes
    clean: bytes
    preview: bytes
    thumb: bytes

    def __len__(self) -> int:
        return len(self.original) + len(self.clean) + len(self.preview) + len(self.thumb)


class SpooledPage(WireModel):
    """A page that waits for the center; `ordinal` is its place among the visit's pages."""

    visit_id: Id
    sha256: Sha256
    ordinal: int
    record: PageRecord
