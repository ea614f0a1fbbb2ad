"""Real scans on SANE's test backend, which needs no device and fails as it is told to."""

from pathlib import Path

import pytest

from scanner.__main__ import main
from scanner.camera import open_camera
from scanner.errors import (
    CameraError,
    CameraMissing,
    CameraStalled,
    CoverOpen,
    NoPaper,
    OptionRefused,
    PaperJammed,
    ScannerBusy,
    ScannerFailed,
)
from scanner.image import inspect
from scanner.sane import SaneOptions, SaneScanner, list_sane_scanners

FEEDER = "Automatic Document Feeder"
PATTERN = {"test-picture": "Color pattern"}


@pytest.fixture(autouse=True)
def _only_the_test_backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "sane.d"
    folder.mkdir()
    (folder / "dll.conf").write_text("test\n")
    monkeypatch.setenv("SANE_CONFIG_DIR", str(folder))


def failing(status: str) -> SaneOptions:
    return SaneOptions(dpi=75, silence=20.0, more={"read-return-value": f"SANE_STATUS_{status}"})


def test_scanners_are_listed() -> None:
    assert list_sane_scanners() == ["test:0", "test:1"]


def test_a_sheet_on_the_glass_as_often_as_asked() -> None:
    scanner = SaneScanner("test:0", SaneOptions(dpi=75, more=PATTERN))
    first, second = scanner.read(), scanner.read()
    assert first.image.shape == second.image.shape == (295, 236, 3)
    assert first.image.std() > 20, "the colour pattern"
    assert scanner.identity == "sane:test:0"
    scanner.close()


def test_resolution_and_mode_are_the_devices() -> None:
    (sheet,) = SaneScanner("test:0", SaneOptions(dpi=150, mode="Gray")).sheets()
    info = inspect(sheet)
    assert (info.format, info.width, info.height) == ("PNG", 472, 590)


def test_a_feeder_gives_its_ten_sheets_and_then_is_empty() -> None:
    scanner = SaneScanner("test:0", SaneOptions(dpi=75, source=FEEDER))
    for _ in range(10):
        scanner.read()
    with pytest.raises(NoPaper):
        scanner.read()
    assert scanner.read().image.size, "new paper was put in"
    scanner.close()


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (failing("JAMMED"), PaperJammed),
        (failing("COVER_OPEN"), CoverOpen),
        (failing("NO_DOCS"), NoPaper),
        (failing("DEVICE_BUSY"), ScannerBusy),
        (failing("IO_ERROR"), ScannerFailed),
        (failing("EOF"), ScannerFailed),
        (SaneOptions(mode="Purple"), OptionRefused),
        (SaneOptions(source="Nowhere"), OptionRefused),
        (SaneOptions(more={"no-such-option": "1"}), OptionRefused),
        (SaneOptions(silence=0.05, more={"read-delay": "yes"}), CameraStalled),
    ],
)
def test_trouble_has_its_own_error(options: SaneOptions, error: type[CameraError]) -> None:
    for _ in range(3):
        with pytest.raises((error, CameraStalled)) as told:
            SaneScanner("test:0", options).read()
        # SANE's test backend cancels a thread that may hold a lock, and hangs once in a long while.
        if told.type is error:
            return
    pytest.fail("it is silent each time")


@pytest.mark.parametrize("device", ["test:9", "--help", "", "absent:0"])
def test_a_scanner_that_is_not_there(device: str) -> None:
    with pytest.raises(CameraMissing):
        SaneScanner(device).read()


def test_without_sane(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert list_sane_scanners() == []
    with pytest.raises(CameraMissing):
        SaneScanner("test:0")


def test_it_is_a_camera_like_any_other() -> None:
    camera = open_camera("sane:test:1")
    assert camera.read().image.ndim == 3
    camera.close()


def test_from_the_feeder_to_a_sealed_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "stack.pdf"
    taken = ["scan", "--from", "sane:test:0", "--scanner-dpi", "75", "--no-text", "-o", str(out)]
    assert main(taken) == 0
    assert "sheet 1" in capsys.readouterr().out
    certificate = out.with_suffix(".cert.pem")
    assert main(["verify", str(out), "--trust", str(certificate)]) == 0


def test_either_files_or_a_scanner(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["scan", "-o", str(tmp_path / "none.pdf")])
    assert main(["scan", "--from", "fax:1", "-o", str(tmp_path / "none.pdf")]) == 2
