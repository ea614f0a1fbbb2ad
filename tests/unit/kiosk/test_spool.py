"""The spool when the disk fills, when the agent dies at any write, and when a visit is wiped."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from center.protocol.rest import PageRecord
from kiosk.spool import (
    DiskFullError,
    PagePictures,
    RealDisk,
    Spool,
    SpooledPage,
    VisitClosedError,
)
from kiosk.spool.vault import Vault

KEY = bytes(32)
SECRET = b"a very private letter " * 50


class DyingError(BaseException):
    """The agent is gone in this instant."""


class FaultyDisk(RealDisk):
    """Fails before its n-th change: with ENOSPC, or by dying."""

    def __init__(self, changes: int, fault: BaseException) -> None:
        self.changes, self.fault = changes, fault

    def write(self, path: Path, data: bytes) -> None:
        self._count()
        super().write(path, data)

    def shred(self, path: Path) -> None:
        if path.is_file() and isinstance(self.fault, DyingError):
            self._count()
        super().shred(path)

    def _count(self) -> None:
        if self.changes == 0:
            raise self.fault
        self.changes -= 1


def _spool(folder: Path, disk: RealDisk | None = None, limit: int = 10**6) -> Spool:
    return Spool(Vault(folder, KEY, disk or RealDisk()), limit, 0)


def _page(name: str, ordinal: int = 1) -> tuple[SpooledPage, PagePictures]:
    pictures = PagePictures(SECRET + name.encode(), b"clean" + SECRET, b"preview", b"thumb")
    record = PageRecord(
        captured_at=datetime(2026, 11, 21, tzinfo=UTC),
        clean_sha256=sha256(pictures.clean).hexdigest(),
        width=10,
        height=10,
        quad=None,
        sharpness=1.0,
    )
    digest = sha256(pictures.original).hexdigest()
    page = SpooledPage(visit_id="v1", sha256=digest, ordinal=ordinal, record=record)
    return page, pictures


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_kept_can_be_read_only_with_the_key(tmp_path: Path) -> None:
    spool = _spool(tmp_path)
    page, pictures = _page("a")
    spool.open_visit("v1")
    spool.put(page, pictures)
    assert spool.picture("v1", page.sha256, "original") == pictures.original
    assert all(b"private letter" not in path.read_bytes() for path in _files(tmp_path))
    other = Spool(Vault(tmp_path, bytes([1]) * 32, RealDisk()), 10**6, 0)
    assert other.picture("v1", page.sha256, "original") is None


def test_no_file_can_stand_in_for_another(tmp_path: Path) -> None:
    spool = _spool(tmp_path)
    page, pictures = _page("a")
    spool.open_visit("v1")
    spool.put(page, pictures)
    name = tmp_path / "v1" / page.sha256
    name.with_suffix(".clean").replace(name.with_suffix(".original"))
    assert spool.picture("v1", page.sha256, "original") is None


def test_pages_are_due_in_their_order_once_promised(tmp_path: Path) -> None:
    spool = _spool(tmp_path)
    spool.open_visit("v1")
    pages = [_page(name, spool.next_ordinal("v1") + n) for n, name in enumerate("zebra")]
    for page, pictures in reversed(pages):
        spool.put(page, pictures)
    assert spool.due() == []
    spool.promise("v1", "c1")
    assert spool.due() == [("c1", page) for page, _ in pages]
    spool.acknowledged("v1", pages[0][0].sha256)
    assert spool.waiting() == len(spool.due()) == 4
    for kind in ("preview", "thumb"):
        assert spool.picture("v1", pages[0][0].sha256, kind) == kind.encode()


@pytest.mark.parametrize("changes", range(8))
def test_a_full_disk_loses_nothing_that_was_kept(tmp_path: Path, changes: int) -> None:
    """Two writes make the visit and its promise, five each page."""
    spool = _spool(tmp_path)
    spool.open_visit("v1")
    spool.promise("v1", "c1")
    first, pictures = _page("a")
    spool.put(first, pictures)
    full = _spool(tmp_path, FaultyDisk(changes, OSError(errno.ENOSPC, "full")))
    second, more = _page("b", 2)
    if changes < 5:
        with pytest.raises(DiskFullError):
            full.put(second, more)
    else:
        full.put(second, more)
    kept = [first] if changes < 5 else [first, second]
    assert [page for _, page in _spool(tmp_path).due()] == kept
    assert len(_files(tmp_path)) == 2 + 5 * len(kept)


def test_limit_and_reserve_are_kept(tmp_path: Path) -> None:
    page, pictures = _page("a")
    small = _spool(tmp_path / "small", limit=100)
    small.open_visit("v1")
    with pytest.raises(DiskFullError, match="limit"):
        small.put(page, pictures)
    careful = Spool(Vault(tmp_path / "careful", KEY, RealDisk()), 10**6, 2**60)
    careful.open_visit("v1")
    with pytest.raises(DiskFullError, match="reserve"):
        careful.put(page, pictures)


@contextmanager
def _tmpfs(folder: Path, size: str) -> Iterator[Path]:
    """A real file system that is nearly full; needs the right to mount, in our own namespace."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


_ON_A_REAL_FULL_DISK = """
from pathlib import Path
from tests.unit.kiosk.test_spool import fill_a_small_disk
fill_a_small_disk(Path({folder!r}))
"""


def _fill(spool: Spool) -> list[SpooledPage]:
    taken: list[SpooledPage] = []
    while True:
        page, pictures = _page(f"page {len(taken)}", len(taken))
        try:
            spool.put(page, pictures)
        except DiskFullError:
            return taken
        taken.append(page)


def fill_a_small_disk(folder: Path) -> None:
    """Put pages until the disk ends; every page that was taken must still be there."""
    with _tmpfs(folder, "64k") as small:
        spool = _spool(small)
        spool.open_visit("v1")
        spool.promise("v1", "c1")
        taken = _fill(spool)
        assert taken
        assert [page for _, page in _spool(small).due()] == taken
        assert spool.wipe("v1")


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    code = _ON_A_REAL_FULL_DISK.format(folder=str(tmp_path / "small"))
    unshare = ["unshare", "--user", "--map-root-user", "--mount", "--"]
    subprocess.run([*unshare, sys.executable, "-c", code], check=True, timeout=60)


def _a_visit(spool: Spool) -> None:
    """Everything a visit does to the spool."""
    spool.save_journey(b"one")
    spool.open_visit("v1")
    for number, name in enumerate("ab", 1):
        spool.put(*_page(name, number))
    spool.save_journey(b"two")
    spool.promise("v1", "c1")
    for _, page in spool.due():
        spool.acknowledged("v1", page.sha256)
    spool.wipe("v1")


@pytest.mark.parametrize("changes", range(30))
def test_dying_at_any_change_leaves_a_spool_that_can_go_on(tmp_path: Path, changes: int) -> None:
    with suppress(DyingError):
        _a_visit(_spool(tmp_path, FaultyDisk(changes, DyingError())))
    spool = _spool(tmp_path)
    assert spool.load_journey() in {None, b"one", b"two"}
    for _, page in spool.due():
        original = spool.picture("v1", page.sha256, "original")
        assert original is not None
        assert sha256(original).hexdigest() == page.sha256
        assert spool.picture("v1", page.sha256, "clean") is not None
    _a_visit(spool)
    assert [path.name for path in _files(tmp_path)] == ["journey"]


_KILLED = """
import sys
from pathlib import Path
from tests.unit.kiosk.test_spool import _page, _spool
spool = _spool(Path(sys.argv[1]), limit=10**9)
spool.open_visit("v1")
spool.promise("v1", "c1")
number = 0
while True:
    number += 1
    page, pictures = _page(f"page {number}", number)
    spool.put(page, pictures)
    print(page.sha256, flush=True)
"""


@pytest.mark.parametrize("pages", [1, 3, 8])
def test_killed_by_the_kernel_every_page_that_was_kept_is_whole(tmp_path: Path, pages: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        told = [child.stdout.readline().strip() for _ in range(pages)]
        os.kill(child.pid, signal.SIGKILL)
    spool = _spool(tmp_path)
    due = [page.sha256 for _, page in spool.due()]
    assert due[:pages] == told
    for name in due:
        original = spool.picture("v1", name, "original")
        assert original is not None
        assert sha256(original).hexdigest() == name
    assert len(_files(tmp_path)) == 2 + 5 * len(due)


# --- wipe -----------------------------------------------------------------------------------


def test_a_visit_that_asked_for_nobody_is_gone_at_once(tmp_path: Path) -> None:
    spool = _spool(tmp_path)
    spool.open_visit("v1")
    spool.put(*_page("a"))
    assert spool.wipe("v1") == ()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(VisitClosedError):
        spool.put(*_page("b"))


def test_a_promised_page_arrives_first_and_is_gone_then(tmp_path: Path) -> None:
    spool = _spool(tmp_path)
    spool.open_visit("v1")
    page, pictures = _page("a")
    spool.put(page, pictures)
    spool.promise("v1", "c1")
    left = spool.wipe("v1")
    assert not any(name.endswith(("thumb", "visit")) for name in left)
    again = _spool(tmp_path)
    assert again.due() == [("c1", page)]
    assert again.picture("v1", page.sha256, "clean") == pictures.clean
    again.acknowledged("v1", page.sha256)
    assert again.wipe("v1") == ()
    assert list(tmp_path.iterdir()) == []


def test_shredding_overwrites_before_it_deletes(tmp_path: Path) -> None:
    disk, path, hard_link = RealDisk(), tmp_path / "page", tmp_path / "link"
    disk.write(path, SECRET)
    os.link(path, hard_link)
    disk.shred(path)
    assert not path.exists()
    assert hard_link.read_bytes() == bytes(len(SECRET))
