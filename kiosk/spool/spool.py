"""The spool: one folder a visit, and the journal that brings an agent back into its visit.

    journey                       the journal, replaced whole at each change
    <visit>/visit                 made first, deleted first: without it the visit is over
    <visit>/consultation          which consultation the pages go to, once there is one
    <visit>/<sha256>.original     pictures; then, last, the page itself:
    <visit>/<sha256>.page

A page exists from the moment its `.page` stands, so an agent killed in between leaves only
pictures that `tidy()` deletes. A page is deleted when the center has acknowledged it. When a
visit ends, everything goes at once except pages that were promised to a consultation and not
yet acknowledged: those stay encrypted until they arrived, and only then is the wipe complete.
"""

import re
import shutil
import threading
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from kiosk.spool.disk import DiskFullError
from kiosk.spool.pages import PagePictures, SpooledPage
from kiosk.spool.vault import Vault

_JOURNEY = "journey"
_PICTURES = ("original", "clean", "preview", "thumb")
_SHOWN = ("preview", "thumb")
_VISIT_ID = re.compile(r"^[A-Za-z0-9_-]{1,64}$")


class VisitClosedError(Exception):
    """The visit is over; nothing is kept for it any more."""


P = ParamSpec("P")
T = TypeVar("T")


def _alone(
    change: Callable[Concatenate["Spool", P], T],
) -> Callable[Concatenate["Spool", P], T]:
    """One change at a time, so that no page slips in behind a wipe."""

    @wraps(change)
    def locked(self: "Spool", /, *args: P.args, **kwargs: P.kwargs) -> T:
        with self._change:
            return change(self, *args, **kwargs)

    return locked


class Spool:
    """Blocking: the agent calls it from worker threads, and one change happens at a time."""

    def __init__(self, vault: Vault, limit: int, reserve: int) -> None:
        self._vault, self._limit, self._reserve = vault, limit, reserve
        self._change = threading.RLock()
        self.tidy()

    # --- journal ----------------------------------------------------------------------------

    def save_journey(self, data: bytes) -> None:
        """Replace the journal.

        Raises:
            DiskFullError: the old journal stands.
        """
        self._vault.write(_JOURNEY, data)

    def forget_journey(self) -> None:
        """Nobody is at the kiosk: there is nothing to come back to."""
        self._vault.shred(_JOURNEY)

    def load_journey(self) -> bytes | None:
        """The journal as it was last saved."""
        return self._vault.read(_JOURNEY)

    # --- pages ------------------------------------------------------------------------------

    @_alone
    def open_visit(self, visit_id: str) -> None:
        """Begin to keep pages of a visit; doing it again changes nothing.

        Raises:
            DiskFullError: there is no room.
        """
        if not _VISIT_ID.match(visit_id):
            raise ValueError(visit_id)
        (self._vault.folder / visit_id).mkdir(exist_ok=True, mode=0o700)
        if not self._is_open(visit_id):
            self._vault.write(f"{visit_id}/visit", visit_id.encode())

    @_alone
    def put(self, page: SpooledPage, pictures: PagePictures) -> None:
        """Keep a page; the same page again changes nothing.

        Raises:
            DiskFullError: limit, reserve or disk; nothing is kept of the page.
            VisitClosedError: the visit was wiped meanwhile.
        """
        if not self._is_open(page.visit_id):
            raise VisitClosedError(page.visit_id)
        self._require_room(len(pictures))
        try:
            for kind in _PICTURES:
                self._vault.write(_name(page, kind), getattr(pictures, kind))
            self._vault.write(_name(page, "page"), page.model_dump_json().encode())
        except DiskFullError:
            self.drop(page.visit_id, page.sha256)
            raise

    def next_ordinal(self, visit_id: str) -> int:
        """One more than the last page of the visit that still waits."""
        return max((page.ordinal for page in self._pages(visit_id)), default=0) + 1

    def picture(self, visit_id: str, sha256: str, kind: str) -> bytes | None:
        """A picture (`original`, `clean`, `preview` or `thumb`); null when it is gone."""
        return self._vault.read(f"{visit_id}/{sha256}.{kind}")

    @_alone
    def drop(self, visit_id: str, sha256: str) -> None:
        """Delete a page, the page itself first."""
        for kind in ("page", *_PICTURES):
            self._vault.shred(f"{visit_id}/{sha256}.{kind}")

    # --- delivery ---------------------------------------------------------------------------

    @_alone
    def promise(self, visit_id: str, consultation_id: str) -> None:
        """The visit's pages go to this consultation.

        Raises:
            DiskFullError: nothing changed.
        """
        if self._is_open(visit_id):
            self._vault.write(f"{visit_id}/consultation", consultation_id.encode())

    def due(self) -> list[tuple[str, SpooledPage]]:
        """Pages to be sent, with their consultation, in the order they were laid down."""
        found = []
        for visit_id in sorted(self.visits()):
            consultation = self._vault.read(f"{visit_id}/consultation")
            if consultation is not None:
                found += [(consultation.decode(), page) for page in self._pages(visit_id)]
        return found

    def waiting(self) -> int:
        """How many pages the center has not acknowledged."""
        return sum(1 for _ in self._vault.folder.glob("*/*.page"))

    @_alone
    def acknowledged(self, visit_id: str, sha256: str) -> None:
        """The center has the page; only what the screen shows of it stays, until the visit ends."""
        shown = _SHOWN if self._is_open(visit_id) else ()
        for kind in ("page", *_PICTURES):
            if kind not in shown:
                self._vault.shred(f"{visit_id}/{sha256}.{kind}")

    # --- wipe -------------------------------------------------------------------------------

    def visits(self) -> frozenset[str]:
        """Visits of which something is still kept."""
        return frozenset(path.name for path in self._vault.folder.iterdir() if path.is_dir())

    @_alone
    def wipe(self, visit_id: str) -> tuple[str, ...]:
        """Delete what may be deleted and say what is left; empty means nothing at all.

        Doing it again after the last page was acknowledged completes the wipe.
        """
        self._vault.shred(f"{visit_id}/visit")
        kept = self._still_owed(visit_id)
        for name in self._files(visit_id):
            if name not in kept:
                self._vault.shred(name)
        if not kept:
            shutil.rmtree(self._vault.folder / visit_id, ignore_errors=True)
        return tuple(self._files(visit_id))

    @_alone
    def erase(self) -> None:
        """Delete everything; a revoked kiosk owes nobody anything."""
        for name in self._vault.names():
            self._vault.shred(name)

    def tidy(self) -> None:
        """Delete what an agent that was killed left half written."""
        kinds: dict[str, set[str]] = defaultdict(set)
        for name in self._vault.names():
            stem, _, kind = name.partition(".")
            kinds[stem].add(kind)
        for name in self._vault.names():
            there = kinds[name.partition(".")[0]]
            half_written = bool(there & {"original", "clean"}) and "page" not in there
            if half_written or name.endswith(".tmp"):
                self._vault.shred(name)

    def _require_room(self, size: int) -> None:
        if self._vault.size() + size > self._limit:
            raise DiskFullError(f"spool limit of {self._limit} bytes")
        if self._vault.free() - size < self._reserve:
            raise DiskFullError(f"reserve of {self._reserve} bytes")

    def _is_open(self, visit_id: str) -> bool:
        return (self._vault.folder / visit_id / "visit").is_file()

    def _still_owed(self, visit_id: str) -> set[str]:
        if self._vault.read(f"{visit_id}/consultation") is None:
            return set()
        owed = {
            _name(page, kind)
            for page in self._pages(visit_id)
            for kind in ("page", "original", "clean", "preview")
        }
        return owed | {f"{visit_id}/consultation"} if owed else set()

    def _pages(self, visit_id: str) -> list[SpooledPage]:
        texts = [self._vault.read(n) for n in self._files(visit_id) if n.endswith(".page")]
        pages = [SpooledPage.model_validate_json(text) for text in texts if text is not None]
        return sorted(pages, key=lambda page: page.ordinal)

    def _files(self, visit_id: str) -> list[str]:
        folder = self._vault.folder / visit_id
        return sorted(f"{visit_id}/{path.name}" for path in folder.glob("*"))


def _name(page: SpooledPage, kind: str) -> str:
    return f"{page.visit_id}/{page.sha256}.{kind}"
